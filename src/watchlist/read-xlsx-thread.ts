import { readFile } from 'node:fs/promises';
import { readSheet, type SheetData } from 'read-excel-file/universal';
import { serveThread } from '../thread.ts';
import { checkZip } from './check-zip.ts';
import { MAX_COLUMNS, MAX_RECORD, MAX_SHEET_ROWS } from './limits.ts';
import type { SheetPage } from './read-xlsx.ts';
import { refuse } from './refuse.ts';

const PAGE = 1_000;

let sheet: SheetData<string> | null = null;
let next = 0;

serveThread(async (question): Promise<SheetPage> => {
  const { path } = question as { path: string };
  sheet ??= await open(path);
  const rows: SheetPage['rows'] = [];
  for (; next < sheet.length && rows.length < PAGE; next += 1)
    rows.push({ row: next + 1, cells: sheet[next]!.map(textOf) });
  return { rows };
});

async function open(path: string): Promise<SheetData<string>> {
  const bytes = await readFile(path);
  checkZip(bytes);
  let read: SheetData<string>;
  try {
    // As text: an id with leading zeros or of twenty digits is no number.
    read = await readSheet<string>(new Blob([new Uint8Array(bytes)]), 1, {
      parseNumber: (text: string) => text,
    });
  } catch (cause) {
    throw refuse(
      'watchlist-unreadable',
      'the file is no workbook that can be read',
      'save it again as .xlsx, or as CSV',
      cause,
    );
  }
  if (read.length > MAX_SHEET_ROWS + 1)
    throw refuse(
      'watchlist-too-many-rows',
      `the sheet has more than ${MAX_SHEET_ROWS} rows`,
      'save it as CSV, which may have a million',
    );
  if ((read[0]?.length ?? 0) > MAX_COLUMNS)
    throw refuse(
      'watchlist-unreadable',
      `the sheet has more than ${MAX_COLUMNS} columns`,
      'leave out what is not needed',
    );
  return read;
}

function textOf(cell: SheetData<string>[number][number]): string {
  if (cell === null || cell === undefined) return '';
  // A name like "1-Jan" that a spreadsheet took for a day.
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return String(cell).slice(0, MAX_RECORD);
}
