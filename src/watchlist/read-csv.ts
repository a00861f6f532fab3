import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { Encoding } from './detect-encoding.ts';
import { MAX_COLUMNS, MAX_RECORD } from './limits.ts';
import { refuse } from './refuse.ts';

/** One record, with the line on which it begins. */
export interface TableRow {
  row: number;
  cells: string[];
}

/**
 * Reads a CSV file record by record; lines without any text are left out. The delimiter is the one that the first
 * line has most of: comma, semicolon, tab or bar.
 *
 * @throws ElwatchError `watchlist-unreadable` with the line, where a quotation mark never closes
 */
export async function* readCsv(
  path: string,
  encoding: Encoding,
  head: Buffer,
  onBytes: (count: number) => void,
): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter: findDelimiter(new TextDecoder(encoding).decode(head)),
    info: true,
    // What is wrong with a row is said by its number; the parser would end at the first.
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
  });
  pipeline(createReadStream(path), decode, parser, () => {
    // The loop below meets every error of the file and of the parser.
  });
  let last = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      // `lines` is the line on which the record ends, and a cell may hold line breaks.
      const breaks = record.reduce((count, cell) => count + (cell.match(/\r\n?|\n/gu)?.length ?? 0), 0);
      last = info.lines;
      if (record.length > MAX_COLUMNS)
        throw refuse(
          'watchlist-unreadable',
          `line ${last} has ${record.length} columns`,
          `at most ${MAX_COLUMNS} are read; check which character separates the columns`,
        );
      yield { row: info.lines - breaks, cells: record };
    }
  } catch (cause) {
    if (!(cause as CsvError).code?.startsWith('CSV_')) throw cause;
    throw refuse(
      'watchlist-unreadable',
      `the file cannot be read after line ${last}: a quotation mark is not closed, or a line has more than ${MAX_RECORD} characters`,
      'correct the quotation marks there, or export the file again',
      cause,
    );
  }

  async function* decode(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
    const decoder = new TextDecoder(encoding);
    for await (const chunk of chunks) {
      onBytes(chunk.length);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  }
}

function findDelimiter(text: string): string {
  const line = /^\ufeff?(?:"[^"]*"|[^"\r\n])*/u.exec(text)?.[0] ?? '';
  const bare = line.replace(/"[^"]*"/gu, '');
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, count: bare.split(mark).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).mark;
}
