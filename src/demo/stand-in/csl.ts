import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import { foldName } from '../../fold.ts';
import type { ListName, PlacedEntry } from '../../model.ts';
import { findDestination } from '../../parse/destinations.ts';
import type { StandInDocument } from './documents.ts';
import { type Reply, replyHtml, replyJson } from './reply.ts';

const COLUMNS = (
  '_id source entity_number type programs name title addresses federal_register_notice start_date end_date ' +
  'standard_order license_requirement license_policy call_sign vessel_type gross_tonnage ' +
  'gross_registered_tonnage vessel_flag vessel_owner remarks source_list_url alt_names citizenships ' +
  'dates_of_birth nationalities places_of_birth source_information_url ids'
).split(' ');
const SOURCES: Record<ListName, string> = {
  'entity-list': 'Entity List (EL) - Bureau of Industry and Security',
  'unverified-list': 'Unverified List (UVL) - Bureau of Industry and Security',
  'military-end-user-list': 'Military End User (MEU) List - Bureau of Industry and Security',
};
const FILE = /^\/downloadable_consolidated_screening_list\/v1\/consolidated\.(csv|json)$/u;

export interface CslContext {
  /** What it lists; null where the file is not there. */
  entries: readonly PlacedEntry[] | null;
  /** By their first pages the rows cite. */
  documents: readonly StandInDocument[];
  /** Any number: the rows come in another order for each. */
  round: number;
}

type Cells = Record<string, string>;
interface Address {
  address: string;
  country: string;
}

/**
 * Answers with the Consolidated Screening List and its quirks (sources, §6): one row for all entries of a name,
 * countries by code behind the last comma, citations by the first page of a document in several forms, another
 * order at each request, rows of other agencies, a nameless row, lost letters, and in the CSV a second header in
 * the middle. Null for a path that is not its own.
 */
export function answerCsl(url: URL, { entries, documents, round }: CslContext): Reply | null {
  const form = FILE.exec(url.pathname)?.[1];
  if (form === undefined) return null;
  if (entries === null) return replyHtml('404 Not Found', 404);
  const groups = new Map<string, PlacedEntry[]>();
  for (const entry of entries) {
    const key = `${entry.list}|${foldName(entry.name)}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const rows = [...groups.values()].map((group, at) => writeRow(group, at, documents));
  const shuffled = shuffle([...rows, ...OTHERS], round);
  if (form === 'json')
    return replyJson({ results: shuffled.map(({ cells, addresses }) => inJson(cells, addresses)) });
  const lines = shuffled.map(({ cells, addresses }) => {
    const places = addresses.map(({ address, country }) => [address, country].filter(Boolean).join(', '));
    return COLUMNS.map((column) => (column === 'addresses' ? places.join('; ') : (cells[column] ?? '')));
  });
  lines.splice(Math.floor(lines.length / 2), 0, COLUMNS);
  return { status: 200, type: 'text/csv', body: Buffer.from(stringify([COLUMNS, ...lines])) };
}

/** Other agencies' rows, and one without a name. */
const OTHERS: { cells: Cells; addresses: Address[] }[] = [
  {
    cells: { source: 'Specially Designated Nationals (SDN) - Treasury Department', name: 'SOMEBODY, Else' },
    addresses: [{ address: 'Havana', country: 'CU' }],
  },
  { cells: { source: SOURCES['entity-list'], name: '' }, addresses: [] },
];

function writeRow(group: readonly PlacedEntry[], at: number, documents: readonly StandInDocument[]) {
  const [first] = group;
  const { list, name, licenseRequirement, licenseReviewPolicy } = first!;
  const addresses = group.flatMap(addressesOf);
  const aliases = [...new Set(group.flatMap((entry) => entry.aliases))];
  const cells: Cells = {
    source: SOURCES[list],
    // What was no plain letter came back as a question mark in 2023.
    name: name.replace(/[‘’“”–—]/gu, '?'),
    federal_register_notice: citationsOf(group, at, documents),
    start_date: first!.citations[0]?.on ?? '',
    license_requirement: licenseRequirement.replace('§ ', '§'),
    license_policy: licenseReviewPolicy,
    alt_names: aliases
      .map((alias, index) => (index > 1 && index === aliases.length - 1 ? `and ${alias}` : alias))
      .join('; '),
  };
  // No stable identity: it is computed from the content.
  cells._id = createHash('sha224')
    .update(JSON.stringify([cells, addresses]))
    .digest('hex');
  return { cells, addresses };
}

/** An entry without an address is shown with its country alone. */
function addressesOf({ addresses, country }: PlacedEntry): Address[] {
  const own = (country ?? '').slice(0, 2);
  if (addresses.length === 0) return [{ address: '', country: own }];
  return addresses.map((text) => {
    const comma = text.lastIndexOf(',');
    const named = findDestination(text.slice(comma + 1).replace(/[\d.]+/gu, ''))?.country.slice(0, 2);
    return {
      address: (named === undefined || comma < 0 ? text : text.slice(0, comma)).replaceAll(';', ','),
      country: named ?? own,
    };
  });
}

function citationsOf(
  group: readonly PlacedEntry[],
  at: number,
  documents: readonly StandInDocument[],
): string {
  const pages = group
    .flatMap(({ citations }) => citations)
    .map(({ volume, page, on }) => ({ volume, page: startOf(volume, page, documents), on }));
  const forms = pages.map(({ volume, page, on }, index) => {
    const [year, month, day] = (on ?? '').split('-').map(Number);
    const dated = on === null ? '' : ` (${month}/${day}/${year})`;
    return [
      `${volume} FR ${page}`,
      `${volume} FR  ${page}`,
      `${volume} FR ${page}${dated}`,
      `${volume} FR ${page} No. 195`,
    ][(at + index) % 4]!;
  });
  return [...new Set(forms)].join(at % 3 === 0 ? ', ' : '; ');
}

function startOf(volume: number, page: number, documents: readonly StandInDocument[]): number {
  const own = documents.find(
    ({ record }) =>
      Number(record.volume) === volume &&
      Number(record.start_page) <= page &&
      page <= Number(record.end_page),
  );
  return own === undefined ? page : Number(own.record.start_page);
}

function inJson(cells: Cells, addresses: readonly Address[]): unknown {
  const { alt_names: names = '', _id: id, ...rest } = cells;
  return {
    id,
    ...rest,
    addresses: addresses.map((address) => ({ ...address, city: null, state: null, postal_code: null })),
    alt_names: names === '' ? [] : names.split('; '),
  };
}

/** An order of its own for each round, the same for the same round. */
function shuffle<Item>(items: readonly Item[], round: number): Item[] {
  const weight = (at: number) => createHash('md5').update(`${round} ${at}`).digest('hex');
  return items
    .map((item, at) => ({ item, weight: weight(at) }))
    .sort((a, b) => (a.weight < b.weight ? -1 : 1))
    .map(({ item }) => item);
}
