import { refuse } from './refuse.ts';

export type WatchlistField = 'name' | 'ref' | 'country' | 'address' | 'alias' | 'note';

/** Headers of columns as owners write them, folded by `foldHeader`. */
const HEADERS: Record<WatchlistField, string> = {
  name: `name, companyname, company, entityname, entity, counterparty, counterpartyname, customername, customer,
    suppliername, supplier, vendorname, vendor, partyname, party, partnername, businesspartner, fullname, legalname,
    legalentityname, organisation, organization, organisationname, organizationname, firma, firmenname, kunde, lieferant,
    nom, raisonsociale, nombre, razonsocial, ragionesociale, nome, наименование, название, 名称, 公司名称, 企业名称,
    单位名称, 客户名称, 供应商名称, 客户, 供应商, 公司, 企业, 名稱, 公司名稱, 会社名, 企業名, 名前, 회사명`,
  ref: `ref, reference, id, no, number, code, key, customerid, customerno, customernumber, supplierid, suppliernumber,
    vendorid, vendorno, vendornumber, partyid, counterpartyid, externalid, entityid, accountnumber, kundennummer,
    lieferantennummer, nummer, numero, codigo, 编号, 代码, 序号, 客户编号, 供应商编号, 編號, コード, 番号`,
  country: `country, countrycode, countryname, countryiso, iso, iso2, iso3, nation, land, pays, pais, paese, страна,
    国家, 国别, 國家, 国, 国名, 국가`,
  address: `address, addresses, fulladdress, streetaddress, street, addressline, city, town, postcode, postalcode, zip,
    zipcode, state, province, region, adresse, anschrift, strasse, ort, plz, direccion, indirizzo, адрес, 地址, 住所,
    省份, 城市, 주소`,
  alias: `alias, aliases, aka, alsoknownas, othername, othernames, alternativename, alternativenames, altname, altnames,
    formername, formernames, previousname, fka, tradename, tradingname, dba, shortname, localname, nativename, englishname,
    chinesename, nameinenglish, nameinchinese, 别名, 曾用名, 简称, 英文名, 英文名称, 中文名, 中文名称, 別名`,
  note: 'note, notes, comment, comments, remark, remarks, description, bemerkung, notiz, 备注, 说明, 備註, 備考',
};

/** Columns of which a file may have several: their cells are added up. */
const MANY: ReadonlySet<WatchlistField> = new Set(['address', 'alias']);
/** Aliases that are the name where there is no other. */
const LOCAL_NAMES: ReadonlySet<string> = new Set(
  'localname nativename englishname chinesename nameinenglish nameinchinese 英文名 英文名称 中文名 中文名称'.split(
    ' ',
  ),
);

const FIELDS: ReadonlyMap<string, WatchlistField> = new Map(
  Object.entries(HEADERS).flatMap(([field, headers]) =>
    headers.split(',').map((header) => [header.trim(), field as WatchlistField] as const),
  ),
);

/** A header without case, accents, punctuation and spaces: "Company Name *" and "company_name" are one. */
function foldHeader(header: string): string {
  return header
    .slice(0, 200)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** What a column holds; null for one that is not used. "Alias 2" and "address line 1" count as their kind. */
export function fieldOf(header: string): WatchlistField | null {
  const folded = foldHeader(header);
  const found = FIELDS.get(folded);
  if (found) return found;
  const unnumbered = FIELDS.get(folded.replace(/\d{1,2}$/u, ''));
  return unnumbered !== undefined && MANY.has(unnumbered) ? unnumbered : null;
}

/** Columns of a table by what they hold. */
export interface Columns {
  fields: (WatchlistField | null)[];
  ignored: string[];
}

/** @throws ElwatchError `watchlist-no-name` and `watchlist-two-columns` */
export function readHeader(cells: readonly string[]): Columns {
  const fields = cells.map(fieldOf);
  if (!fields.includes('name')) {
    const local = cells.findIndex((cell) => LOCAL_NAMES.has(foldHeader(cell)));
    if (local === -1)
      throw refuse(
        'watchlist-no-name',
        `no column holds names; the first line has ${cells.length === 0 ? 'no column' : cells.slice(0, 8).map(quote).join(', ')}`,
        'the first line must name the columns: name, and where known id, country, address, aliases, note',
      );
    fields[local] = 'name';
  }
  for (const field of ['name', 'ref', 'country', 'note'] as const) {
    const same = cells.filter((_, at) => fields[at] === field);
    if (same.length > 1)
      throw refuse(
        'watchlist-two-columns',
        `${same.slice(0, 3).map(quote).join(' and ')} both say “${field}”`,
        'rename the column that does not; further names go into a column “aliases”',
      );
  }
  return { fields, ignored: cells.filter((cell, at) => fields[at] === null && cell.trim() !== '') };
}

function quote(text: string): string {
  return `“${text.replace(/\s+/gu, ' ').trim().slice(0, 40)}”`;
}
