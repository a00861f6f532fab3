import { stringify } from 'csv-stringify/sync';
import type { Entry, TracedChange } from '../model.ts';
import { cleanText } from './clean.ts';
import {
  CHANGE_COLUMNS,
  type ChangeRow,
  type Column,
  changeRows,
  FOUND_COLUMNS,
  type FoundEntry,
  LIST_COLUMNS,
} from './table-columns.ts';

/** Changes as CSV for a spreadsheet: one row each, byte-order mark first, no cell that acts as a formula. */
export function renderCsv(
  changes: readonly ChangeRow['change'][],
  document: { number: string; publishedOn: string | null } | null = null,
): string {
  return writeTable(CHANGE_COLUMNS, changeRows(changes, document));
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

/** A part of what a search found as CSV; the first part has the head of the table. */
export function renderFoundPart(found: readonly FoundEntry[], isFirst: boolean): string {
  return writeTable(FOUND_COLUMNS, found, isFirst);
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
