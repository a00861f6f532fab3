import { foldName } from '../fold.ts';
import type { Entry, ListName } from '../model.ts';
import type { Discrepancy } from './reconcile.ts';

/** What of a row of the Consolidated Screening List is compared. */
export interface Screened {
  list: ListName;
  name: string;
  altNames: readonly string[];
  /** ISO 3166-1 alpha-2 codes of its addresses. */
  countries: readonly string[];
}

/** Codes of the countries in which the addresses of an entry lie, as far as they can be told. */
export type CountriesOf = (entry: Pick<Entry, 'addresses' | 'country' | 'seeAlso'>) => readonly string[];

/** What some rows put around the name that the supplement prints (sources, §6). */
const FORMER = /^(.{2,300}?),? \(?(?:a|f|d)\.?(?:k|b)\.?a\b/iu;
const SUB_ENTRY =
  /,? and subordinate entity |(?:affiliated |subordinate )?entity: |,? subordinate institution ?[-–—:] ?/iu;

/** The names under which a row may stand in the supplement. */
function namesOf(row: Screened): string[] {
  const former = FORMER.exec(row.name.slice(0, 400))?.[1];
  const pieces = row.name.split(SUB_ENTRY);
  return [row.name, ...(former === undefined ? [] : [former]), ...(pieces.length > 1 ? pieces : [])];
}

/** A row whose name lost more letters than this ("?") names nobody for certain. */
const MOST_LOST_LETTERS = 8;

/**
 * Addresses under one heading that lie under another code: Hong Kong and Macau stand under China, and Crimea
 * is a heading of its own (sources, §4.2 and §7, trap 17).
 */
const NEIGHBOURS: Record<string, readonly string[]> = {
  CN: ['CN', 'HK', 'MO'],
  'UA-43': ['UA', 'RU'],
};
const codesOf = (country: string) => NEIGHBOURS[country] ?? [country];

interface Index<Row> {
  byName: Map<string, Row[]>;
  byAltName: Map<string, Row[]>;
  /** Names that lost letters, by a pattern that fits the folded name. */
  damaged: { pattern: RegExp; row: Row }[];
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}

function indexRows<Row extends Screened>(rows: readonly Row[]): Index<Row> {
  const index: Index<Row> = { byName: new Map(), byAltName: new Map(), damaged: [] };
  for (const row of rows) {
    for (const key of new Set(namesOf(row).map(foldName))) if (key !== '') push(index.byName, key, row);
    for (const name of row.altNames) push(index.byAltName, foldName(name), row);
    const pieces = row.name.split(/\?+/u);
    if (pieces.length > 1 && pieces.length <= MOST_LOST_LETTERS + 1)
      index.damaged.push({ pattern: new RegExp(`^${pieces.map(foldName).join('.{0,3}')}$`, 'u'), row });
  }
  return index;
}

/**
 * Compares our list with the rows of the Consolidated Screening List by folded name and country (sources, §6):
 * counts mean nothing there, since one row covers an entry under each country of its addresses. An entry
 * without a row is `missing-there`, a row none of whose entries we have is `missing-here`, and a name that only
 * stands under other countries `differs` in its destination.
 */
export function reconcileScreening<Row extends Screened>(
  ours: readonly Entry[],
  rows: readonly Row[],
  countriesOf: CountriesOf,
): Discrepancy<Row>[] {
  const index = indexRows(rows);
  const covered = new Map<Row, Entry[]>();
  const cover = (row: Row, entry: Entry) => void covered.set(row, [...(covered.get(row) ?? []), entry]);
  const elsewhere: { entry: Entry; named: Row[] }[] = [];
  const found: Discrepancy<Row>[] = [];

  for (const entry of ours) {
    const named = rowsNamed(entry, index);
    const fitting = named.filter((row) => isUnder(row, entry, countriesOf));
    for (const row of fitting) cover(row, entry);
    if (fitting.length === 0) elsewhere.push({ entry, named });
  }
  const unclaimed = rows.filter((row) => !covered.has(row));
  for (const { entry, named } of elsewhere) {
    const renamed =
      named.length > 0 ? undefined : unclaimed.find((row) => sharesAlias(row, entry, countriesOf));
    if (renamed && !covered.has(renamed)) {
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
  for (const row of rows) {
    const entries = covered.get(row) ?? [];
    if (entries.length === 0 || !isExplained(row, entries, countriesOf))
      found.push({ kind: 'missing-here', ours: null, theirs: row, fields: [] });
  }
  const placeOf = ({ ours: own, theirs }: Discrepancy<Row>) => (own ?? theirs)!.name;
  return found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : 0));
}

/** Rows that can mean an entry: by its name, else by one of its aliases or theirs, else by a damaged name. */
function rowsNamed<Row extends Screened>(entry: Entry, { byName, byAltName, damaged }: Index<Row>): Row[] {
  const key = foldName(entry.name);
  const named = byName.get(key);
  if (named) return named;
  const aliased = [
    ...(byAltName.get(key) ?? []),
    ...entry.aliases.flatMap((alias) => byName.get(foldName(alias)) ?? []),
  ];
  if (aliased.length > 0) return aliased.filter((row, at) => aliased.indexOf(row) === at);
  return damaged.filter(({ pattern }) => pattern.test(key)).map(({ row }) => row);
}

/** Another name, but in the same country and with an alias in common. */
function sharesAlias(row: Screened, entry: Entry, countriesOf: CountriesOf): boolean {
  if (row.list !== entry.list || entry.aliases.length === 0 || row.altNames.length === 0) return false;
  const names = new Set(row.altNames.map(foldName));
  return entry.aliases.some((alias) => names.has(foldName(alias))) && isUnder(row, entry, countriesOf);
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

/**
 * Whether our entries of a row account for each of its countries: as a destination, as the country of an
 * address, or as one that a note sends the reader to.
 */
function isExplained(row: Screened, entries: readonly Entry[], countriesOf: CountriesOf): boolean {
  const known = new Set(
    entries.flatMap((entry) => [
      ...(entry.country === null ? [] : codesOf(entry.country)),
      ...countriesOf(entry),
    ]),
  );
  return row.countries.every((country) => known.has(country));
}
