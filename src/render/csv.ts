import { stringify } from 'csv-stringify/sync';
import type { Change, Entry, EntryText, StoredChange, TracedChange } from '../model.ts';
import { citationText } from './citation.ts';
import { cleanText } from './clean.ts';
import { countryName } from './country-name.ts';
import { FIELD_LABELS, LIST_TITLES } from './words.ts';

type Cell = string | number | null;
type Column<Row> = [header: string, cell: (row: Row) => Cell];

/** A change together with what the whole change set says. */
interface ChangeRow {
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

const CHANGE_COLUMNS: Column<ChangeRow>[] = [
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

const LIST_COLUMNS: Column<Entry>[] = [
  ['entry id', (entry) => entry.entryId],
  ['list', (entry) => LIST_TITLES[entry.list]],
  ['destination', (entry) => entry.destination],
  ['country', (entry) => countryName(entry.country, entry.destination)],
  ...entryColumns<Entry>('', (entry) => entry),
];

/** Changes as CSV for a spreadsheet: one row each, byte-order mark first, no cell that acts as a formula. */
export function renderCsv(
  changes: readonly ChangeRow['change'][],
  document: { number: string; publishedOn: string | null } | null = null,
): string {
  const rows = changes.map((change) => ({
    change,
    publishedOn: document?.publishedOn ?? null,
    documentNumber: document?.number ?? null,
  }));
  return writeTable(CHANGE_COLUMNS, rows);
}

/** Changes of many documents as a part of such a table; the first part has its head. */
export function renderChangesPart(changes: readonly TracedChange[], isFirst: boolean): string {
  const rows = changes.map((change) => ({
    change,
    publishedOn: change.publishedOn,
    documentNumber: change.number,
  }));
  return writeTable(CHANGE_COLUMNS, rows, isFirst);
}

/** A whole list as CSV. */
export function renderListCsv(entries: readonly Entry[]): string {
  return writeTable(LIST_COLUMNS, entries);
}

/** A part of a list as CSV; the first part has the head of the table. */
export function renderListPart(entries: readonly Entry[], isFirst: boolean): string {
  return writeTable(LIST_COLUMNS, entries, isFirst);
}

function writeTable<Row>(columns: Column<Row>[], rows: readonly Row[], withHead = true): string {
  const cells = rows.map((row) =>
    columns.map(([, cell]) => {
      const value = cell(row);
      return typeof value === 'string' ? cleanText(value) : value;
    }),
  );
  const table = withHead ? [columns.map(([header]) => header), ...cells] : cells;
  // Without the mark Excel reads UTF-8 as Windows-1252; escape_formulas guards = + - @ tab CR (OWASP).
  return stringify(table, { bom: withHead, escape_formulas: true, record_delimiter: 'windows' });
}
