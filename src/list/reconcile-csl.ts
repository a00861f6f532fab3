import { foldName } from '../fold.ts';
import type { Citation, Entry, ListName } from '../model.ts';
import type { Discrepancy } from './reconcile.ts';
import { type DocumentsCited, isSameCitation } from './reconcile-tolerance.ts';

/** What of a row of the Consolidated Screening List is compared. */
export interface Screened {
  list: ListName;
  name: string;
  altNames: readonly string[];
  /** ISO 3166-1 alpha-2 codes of its addresses. */
  countries: readonly string[];
  citations: readonly Pick<Citation, 'volume' | 'page'>[];
}

/** Codes of the countries in which the addresses of an entry lie, as far as they can be told. */
export type CountriesOf = (entry: Pick<Entry, 'addresses' | 'country' | 'seeAlso'>) => readonly string[];

export interface ScreeningTolerance {
  countriesOf: CountriesOf;
  documentsCited: DocumentsCited;
}

/** What some rows put around the name that the supplement prints (sources, §6). */
const FORMER = /^(.{2,300}?),? \(?(?:a|f|d)\.?(?:k|b)\.?a\b/iu;
const SUB_ENTRY =
  /,? and subordinate entity |(?:affiliated |subordinate )?entity: |,? subordinate institution ?[-–—:] ?/iu;

/** The names, folded, under which a row may stand in the supplement. */
export function foldedNamesOf({ name }: Pick<Screened, 'name'>): string[] {
  const former = FORMER.exec(name.slice(0, 400))?.[1];
  const pieces = name.split(SUB_ENTRY);
  const names = [name, ...(former === undefined ? [] : [former]), ...(pieces.length > 1 ? pieces : [])];
  return [...new Set(names.map(foldName))].filter((folded) => folded !== '');
}

/** "?" or U+FFFD in place of letters. A name that lost more than so many names nobody for certain. */
const LOST_LETTERS = /[?\ufffd]+/u;
const MOST_LOST_LETTERS = 8;
/** Of 919 rows of 2023 eleven lost letters; with thousands the file is broken, and nothing is guessed. */
const MOST_DAMAGED = 500;

/**
 * Addresses under one heading that lie under another code: Hong Kong and Macau stand under China, and Crimea
 * is a heading of its own (sources, §4.2 and §7, trap 17).
 */
const NEIGHBOURS: Record<string, readonly string[]> = {
  CN: ['CN', 'HK', 'MO'],
  'UA-43': ['UA', 'RU'],
};
const codesOf = (country: string) => NEIGHBOURS[country] ?? [country];

/** How the Consolidated Screening List would show one of our entries. */
export function showScreened({ list, name, aliases, country, citations }: Entry): Screened {
  const countries = country === null ? [] : codesOf(country).slice(0, 1);
  return { list, name, altNames: aliases, countries, citations };
}

interface Index {
  byName: Map<string, Screened[]>;
  byAltName: Map<string, Screened[]>;
  /** Names that lost letters, by a pattern that fits the folded name. */
  damaged: { pattern: RegExp; row: Screened }[];
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}

function indexRows(rows: readonly Screened[]): Index {
  const index: Index = { byName: new Map(), byAltName: new Map(), damaged: [] };
  for (const row of rows) {
    for (const key of foldedNamesOf(row)) push(index.byName, key, row);
    for (const name of row.altNames) push(index.byAltName, foldName(name), row);
    const pieces = row.name.split(LOST_LETTERS);
    if (pieces.length > 1 && pieces.length <= MOST_LOST_LETTERS + 1)
      index.damaged.push({ pattern: new RegExp(`^${pieces.map(foldName).join('.{0,3}')}$`, 'u'), row });
  }
  if (index.damaged.length > MOST_DAMAGED) index.damaged = [];
  return index;
}

/**
 * Compares our list with the rows of the Consolidated Screening List by folded name and country (sources, §6):
 * counts mean nothing there, since one row covers an entry under each country of its addresses. An entry
 * without a row is `missing-there`, and a name that only stands under other countries `differs` in its
 * destination. A row none of whose entries we have is `missing-here`; of one that covers some of ours, with
 * nothing but the countries that ours do not account for.
 *
 * Citations are those of the first page of a document, so only documents that we know can be told apart. A row
 * may cite more than the supplement: also rules that changed words wherever they stood (77 FR 58006).
 */
export function reconcileScreening(
  ours: readonly Entry[],
  rows: readonly Screened[],
  { countriesOf, documentsCited }: ScreeningTolerance,
): Discrepancy<Screened>[] {
  const index = indexRows(rows);
  const covered = new Map<Screened, Entry[]>();
  const cover = (row: Screened, entry: Entry) => {
    const known = covered.get(row);
    if (known) known.push(entry);
    else covered.set(row, [entry]);
  };
  const elsewhere: { entry: Entry; named: Screened[] }[] = [];
  const found: Discrepancy<Screened>[] = [];

  for (const entry of ours) {
    const named = rowsNamed(entry, index);
    const fitting = named.filter((row) => isUnder(row, entry, countriesOf));
    for (const row of fitting) cover(row, entry);
    if (fitting.length === 0) elsewhere.push({ entry, named });
    else if (lacksCitation(entry, fitting, documentsCited))
      found.push({ kind: 'differs', ours: entry, theirs: fitting[0]!, fields: ['citations'] });
  }
  for (const { entry, named } of elsewhere) {
    const renamed =
      named.length > 0
        ? undefined
        : aliasedRows(entry, index).find((row) => !covered.has(row) && isUnder(row, entry, countriesOf));
    if (renamed) {
      cover(renamed, entry);
      found.push({ kind: 'differs', ours: entry, theirs: renamed, fields: ['name'] });
      continue;
    }
    // A row that covers other entries of that name says nothing about this one.
    const free = named.filter((row) => !covered.has(row));
    for (const row of free) cover(row, entry);
    found.push(
      free.length > 0
        ? { kind: 'differs', ours: entry, theirs: free[0]!, fields: ['destination'] }
        : { kind: 'missing-there', ours: entry, theirs: null, fields: [] },
    );
  }
  const moved = new Set(found.flatMap(({ theirs, fields }) => (fields[0] === 'destination' ? theirs! : [])));
  for (const row of rows) {
    const entries = covered.get(row) ?? [];
    const rest = moved.has(row) ? [] : unexplained(row, entries, countriesOf);
    if (entries.length === 0) found.push({ kind: 'missing-here', ours: null, theirs: row, fields: [] });
    else if (rest.length > 0)
      found.push({ kind: 'missing-here', ours: null, theirs: { ...row, countries: rest }, fields: [] });
  }
  const placeOf = ({ ours: own, theirs }: Discrepancy<Screened>) => (own ?? theirs)!.name;
  return found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : 0));
}

/** Rows that can mean an entry: by its name, else by one of its aliases or theirs, else by a damaged name. */
function rowsNamed(entry: Entry, { byName, byAltName, damaged }: Index): Screened[] {
  const key = foldName(entry.name);
  const named = byName.get(key);
  if (named) return named;
  const aliased = [
    ...(byAltName.get(key) ?? []),
    ...entry.aliases.flatMap((alias) => byName.get(foldName(alias)) ?? []),
  ];
  if (aliased.length > 0) return [...new Set(aliased)];
  return damaged.filter(({ pattern }) => pattern.test(key)).map(({ row }) => row);
}

/** Rows under another name that have an alias in common with an entry. */
function aliasedRows(entry: Entry, { byAltName }: Index): Screened[] {
  const rows = entry.aliases.flatMap((alias) => byAltName.get(foldName(alias)) ?? []);
  return rows.filter((row) => row.list === entry.list);
}

function isUnder(row: Screened, entry: Entry, countriesOf: CountriesOf): boolean {
  // A row without a country, or an entry without one, can only meet by name.
  if (row.countries.length === 0 || entry.country === null) return true;
  const codes = codesOf(entry.country);
  if (row.countries.some((country) => codes.includes(country))) return true;
  // The heading need not be where the addresses lie: then these decide.
  const own = countriesOf(entry);
  return (
    !own.some((country) => codes.includes(country)) && own.some((country) => row.countries.includes(country))
  );
}

/** Whether none of the rows cites a document that the entry cites; some rows cite nothing at all. */
function lacksCitation(
  entry: Entry,
  rows: readonly Screened[],
  documentsCited: ScreeningTolerance['documentsCited'],
): boolean {
  const theirs = rows.flatMap(({ citations }) => citations);
  if (theirs.length === 0) return false;
  return entry.citations.some(
    (cited) =>
      documentsCited(cited).length > 0 &&
      !theirs.some((other) => isSameCitation(cited, other, documentsCited)),
  );
}

/**
 * Countries of a row that our entries do not account for: as a destination, as the country of an address, or as
 * one that a note sends the reader to.
 */
function unexplained(row: Screened, entries: readonly Entry[], countriesOf: CountriesOf): string[] {
  const known = new Set(
    entries.flatMap((entry) => [
      ...(entry.country === null ? [] : codesOf(entry.country)),
      ...countriesOf(entry),
    ]),
  );
  return row.countries.filter((country) => !known.has(country));
}
