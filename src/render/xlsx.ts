import writeWorkbook from 'write-excel-file/node';
import { cleanText, shorten } from './clean.ts';
import {
  CHANGE_COLUMNS,
  type ChangeRow,
  type Column,
  changeRows,
  FOUND_COLUMNS,
  type FoundEntry,
} from './table-columns.ts';

/** What a cell of Excel holds at most. */
const MOST_CHARACTERS = 32_000;

/** Changes as a workbook for Excel: one row each. Texts are typed as texts, so that none acts as a formula. */
export function renderChangesWorkbook(
  changes: readonly ChangeRow['change'][],
  document: { number: string; publishedOn: string | null } | null,
): Promise<Buffer> {
  return write('Changes', CHANGE_COLUMNS, changeRows(changes, document));
}

/** What a search found as a workbook for Excel. */
export function renderFoundWorkbook(found: readonly FoundEntry[]): Promise<Buffer> {
  return write('Entries', FOUND_COLUMNS, found);
}

async function write<Row>(
  sheet: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<Buffer> {
  const head = columns.map(([title]) => ({ value: title, type: String, fontWeight: 'bold' as const }));
  const cells = rows.map((row) =>
    columns.map(([, cell]) => {
      const value = cell(row);
      if (value === null || value === '') return null;
      return typeof value === 'number'
        ? { value, type: Number }
        : { value: shorten(cleanText(value), MOST_CHARACTERS), type: String };
    }),
  );
  return writeWorkbook([head, ...cells], { sheet, stickyRowsCount: 1 }).toBuffer();
}
