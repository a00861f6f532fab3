import { fieldOf, readHeader, type WatchlistField } from './columns.ts';
import { MAX_ROWS } from './limits.ts';
import { readCsv, type TableRow } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readXlsx } from './read-xlsx.ts';
import { addFault, type WatchlistFormat, type WatchlistReading, type WatchlistRow } from './reading.ts';
import { refuse } from './refuse.ts';
import type { SpooledFile } from './spool.ts';
import { addCell, type Cells, type ReadRow, toRow } from './to-row.ts';

export interface ReadOptions {
  /** Is given the rows in batches of at most 500, in their order, and waited for. */
  take(rows: WatchlistRow[]): Promise<void>;
  /** How much of the file is read: 0 to 1. */
  progress?(fraction: number): void;
  /** Goes on after faulty rows. Without it nothing more is taken, and the rest is read for its faults only. */
  skipFaulty?: boolean;
}

const BATCH = 500;

/**
 * Reads a file of counterparties: CSV, XLSX or JSON (an array or lines), told apart by what it holds. Each row is
 * checked by itself and faults are listed by row, so that one look mends all.
 *
 * @throws ElwatchError where the file as a whole cannot be taken: `watchlist-unreadable`, `watchlist-too-large`,
 *   `watchlist-too-many-rows`, `watchlist-no-name`, `watchlist-two-columns`, `watchlist-empty`
 */
export async function readWatchlist(file: SpooledFile, options: ReadOptions): Promise<WatchlistReading> {
  const format = detectFormat(file);
  const reading: WatchlistReading = {
    format,
    encoding: format === 'xlsx' ? 'utf-8' : file.encoding!,
    rows: 0,
    faults: { count: 0, first: [] },
    notes: { count: 0, first: [] },
    ignoredColumns: [],
  };
  if (reading.encoding === 'windows-1252')
    addFault(reading.notes, {
      row: 1,
      code: 'encoding',
      message:
        'the text is neither UTF-8 nor GB18030 and was read as Windows-1252: look at names with accents',
    });
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
    options.progress?.(Math.min(1, bytes / file.bytes));
  };
  const rows =
    format === 'json'
      ? readObjects(file, reading, onBytes)
      : readTable(
          format === 'xlsx' ? readXlsx(file.path) : readCsv(file.path, file.encoding!, file.head, onBytes),
          reading,
        );
  let batch: WatchlistRow[] = [];
  let seen = 0;
  for await (const row of rows) {
    seen += 1;
    if (seen > MAX_ROWS)
      throw refuse(
        'watchlist-too-many-rows',
        `the file has more than ${MAX_ROWS} rows`,
        'split it into several watchlists',
      );
    if ('fault' in row) {
      addFault(reading.faults, row.fault);
      if (!options.skipFaulty) batch = [];
      continue;
    }
    for (const note of row.notes) addFault(reading.notes, note);
    reading.rows += 1;
    if (reading.faults.count > 0 && !options.skipFaulty) continue;
    batch.push(row.taken);
    if (batch.length === BATCH) {
      await options.take(batch);
      batch = [];
    }
  }
  if (seen === 0)
    throw refuse(
      'watchlist-empty',
      'the file has no row',
      'put a row for each counterparty below the names of the columns',
    );
  if (batch.length > 0) await options.take(batch);
  return reading;
}

function detectFormat({ head, encoding }: SpooledFile): WatchlistFormat {
  if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) return 'xlsx';
  // The head of every file of Excel up to 2003.
  if (head.subarray(0, 4).equals(Buffer.from('d0cf11e0', 'hex')))
    throw refuse('watchlist-unreadable', 'the file is an old .xls workbook', 'save it as .xlsx or CSV');
  if (encoding === null)
    throw refuse(
      'watchlist-unreadable',
      'the file is no text and no .xlsx workbook',
      'give CSV, .xlsx or JSON',
    );
  const start = new TextDecoder(encoding).decode(head).trimStart();
  if (start.startsWith('[') || start.startsWith('{')) return 'json';
  if (start.startsWith('<'))
    throw refuse('watchlist-unreadable', 'the file is a page or XML', 'give CSV, .xlsx or JSON');
  return 'csv';
}

async function* readTable(
  table: AsyncIterable<TableRow>,
  reading: WatchlistReading,
): AsyncGenerator<ReadRow> {
  let fields: (WatchlistField | null)[] | null = null;
  for await (const { row, cells } of table) {
    if (fields === null) {
      if (cells.every((cell) => cell.trim() === '')) continue;
      const header = readHeader(cells);
      fields = header.fields;
      reading.ignoredColumns = header.ignored.map((name) => name.slice(0, 80)).slice(0, 50);
      continue;
    }
    const fault = tableFault(cells, fields);
    if (fault !== null) {
      yield { fault: { row, ...fault } };
      continue;
    }
    const byField: Cells = {};
    for (const [at, field] of fields.entries()) if (field !== null) addCell(byField, field, cells[at] ?? '');
    const read = toRow(row, byField);
    if (read !== null) yield read;
  }
}

/** What a slip of quotation marks or commas leaves behind: a cell that swallowed others, or cells too many. */
function tableFault(
  cells: readonly string[],
  fields: readonly (WatchlistField | null)[],
): { code: string; message: string } | null {
  const swallowed = cells.some(
    (cell, at) =>
      /[\r\n]/u.test(cell.trim()) && (cell.includes('"') || fields[at] === 'name' || fields[at] === 'ref'),
  );
  if (swallowed)
    return {
      code: 'line-break',
      message: 'a cell goes over several lines: a quotation mark before it may not be closed',
    };
  if (cells.slice(fields.length).some((cell) => cell.trim() !== ''))
    return {
      code: 'too-many-cells',
      message: `it has ${cells.length} cells, the first line ${fields.length}: put names with commas into quotation marks`,
    };
  return null;
}

async function* readObjects(
  file: SpooledFile,
  reading: WatchlistReading,
  onBytes: (count: number) => void,
): AsyncGenerator<ReadRow> {
  const known = new Map<string, WatchlistField | null>();
  for await (const { row, value } of readJson(file.path, file.encoding!, onBytes)) {
    const cells: Cells = {};
    let hasNested = false;
    for (const [key, given] of Object.entries(value)) {
      let field = known.get(key);
      if (field === undefined) {
        field = fieldOf(key);
        if (known.size < 1_000) known.set(key, field);
        if (field === null && reading.ignoredColumns.length < 50)
          reading.ignoredColumns.push(key.slice(0, 80));
      }
      if (field === null || given === null) continue;
      for (const item of Array.isArray(given) ? given : [given]) {
        if (typeof item === 'object') hasNested = true;
        else addCell(cells, field, String(item));
      }
    }
    const several = (['name', 'ref', 'country'] as const).find((field) => (cells[field]?.length ?? 0) > 1);
    if (hasNested || several !== undefined) {
      const message = hasNested
        ? 'a field holds an object; texts are read'
        : `it has several fields for “${several}”`;
      yield { fault: { row, code: 'bad-field', message } };
      continue;
    }
    // An object without any known field is a slip of its keys, and no empty row.
    yield toRow(row, cells) ?? { fault: { row, code: 'no-name', message: 'it has no name' } };
  }
}
