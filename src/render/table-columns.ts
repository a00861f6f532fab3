import type { Change, Entry, EntryText, StoredChange } from '../model.ts';
import { citationText } from './citation.ts';
import { countryName } from './country-name.ts';
import { FIELD_LABELS, LIST_TITLES } from './words.ts';

/** What stands in a cell; a text as it is stored, to be cleaned by whoever writes the table. */
export type Cell = string | number | null;
export type Column<Row> = [header: string, cell: (row: Row) => Cell];

/** A change together with what the whole change set says. */
export interface ChangeRow {
  change: Change & Partial<Pick<StoredChange, 'seq' | 'effectiveOn' | 'changeSetId'>>;
  publishedOn: string | null;
  documentNumber: string | null;
}

/** The columns of an entry's text; `pick` chooses before or after. */
function entryColumns<Row>(prefix: string, pick: (row: Row) => EntryText | null): Column<Row>[] {
  const lines = (items: readonly string[] | undefined) => (items ?? []).join('; ');
  return [
    [`${prefix}name`, (row) => pick(row)?.name ?? ''],
    [`${prefix}aliases`, (row) => lines(pick(row)?.aliases)],
    [`${prefix}addresses`, (row) => lines(pick(row)?.addresses)],
    [`${prefix}license requirement`, (row) => pick(row)?.licenseRequirement ?? ''],
    [`${prefix}license review policy`, (row) => pick(row)?.licenseReviewPolicy ?? ''],
    [`${prefix}footnotes`, (row) => lines(pick(row)?.footnotes.map(String))],
    [`${prefix}citations`, (row) => lines(pick(row)?.citations.map(citationText))],
  ];
}

/** The columns of a table of changes, in every format. */
export const CHANGE_COLUMNS: Column<ChangeRow>[] = [
  ['seq', ({ change }) => change.seq ?? null],
  ['change', ({ change }) => change.kind],
  ['list', ({ change }) => LIST_TITLES[change.list]],
  ['destination', ({ change }) => change.destination],
  ['country', ({ change }) => countryName(change.country, change.destination)],
  // A removed entry has no "after": its columns then say what was removed.
  ...entryColumns<ChangeRow>('', ({ change }) => change.after ?? change.before),
  ['effective on', ({ change }) => change.effectiveOn ?? null],
  ['published on', ({ publishedOn }) => publishedOn],
  ['document', ({ documentNumber }) => documentNumber],
  ['paragraph', ({ change }) => change.locator?.instruction ?? null],
  ['row', ({ change }) => change.locator?.row ?? null],
  ['page', ({ change }) => change.locator?.page ?? null],
  ['changed fields', ({ change }) => change.fields.map((field) => FIELD_LABELS[field]).join('; ')],
  ...entryColumns<ChangeRow>('before ', ({ change }) => (change.after === null ? null : change.before)),
];

/** The columns of a table of entries, in every format. */
export const LIST_COLUMNS: Column<Entry>[] = [
  ['entry id', (entry) => entry.entryId],
  ['list', (entry) => LIST_TITLES[entry.list]],
  ['destination', (entry) => entry.destination],
  ['country', (entry) => countryName(entry.country, entry.destination)],
  ...entryColumns<Entry>('', (entry) => entry),
];

/** An entry that a search found. */
export interface FoundEntry {
  entry: Entry;
  /** First day of its effect, where it is ordered and not in effect yet. */
  startsOn: string | null;
  /** Why it is like what was searched for, where it does not hold it. */
  similar: readonly string[] | null;
}

/** The columns of what a search found. */
export const FOUND_COLUMNS: Column<FoundEntry>[] = [
  ...LIST_COLUMNS.map(([title, cell]): Column<FoundEntry> => [title, ({ entry }) => cell(entry)]),
  ['not in effect before', ({ startsOn }) => startsOn],
  ['similar because', ({ similar }) => (similar ?? []).join('; ')],
];

/** Changes as rows, with what their document says. */
export function changeRows(
  changes: readonly ChangeRow['change'][],
  document: { number: string; publishedOn: string | null } | null,
): ChangeRow[] {
  return changes.map((change) => ({
    change,
    publishedOn: document?.publishedOn ?? null,
    documentNumber: document?.number ?? null,
  }));
}
