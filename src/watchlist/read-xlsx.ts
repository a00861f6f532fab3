import { fileURLToPath } from 'node:url';
import { ElwatchError } from '../errors.ts';
import { openThread } from '../thread.ts';
import type { TableRow } from './read-csv.ts';
import { refuse } from './refuse.ts';

/** Memory of the thread that unpacks, in MB: a small sheet can ask for millions of cells. */
const THREAD_MB = 512;
const TIMEOUT_MS = 120_000;

/** What the thread answers to one question: the next rows, none at the end. */
export interface SheetPage {
  rows: TableRow[];
}

/**
 * Reads the first sheet of a workbook. That needs all of it in memory and keeps a processor busy, so it is done in
 * a thread of its own, which ends when it takes too much of either.
 *
 * @throws ElwatchError `watchlist-too-large`, `watchlist-unreadable`
 */
export async function* readXlsx(path: string): AsyncGenerator<TableRow> {
  const thread = openThread(fileURLToPath(new URL('./read-xlsx-thread.ts', import.meta.url)), {
    memoryMb: THREAD_MB,
    timeoutMs: TIMEOUT_MS,
  });
  try {
    for (;;) {
      const { rows } = (await thread.ask({ path })) as SheetPage;
      if (rows.length === 0) return;
      yield* rows;
    }
  } catch (cause) {
    if (cause instanceof ElwatchError && cause.code !== 'thread-ended') throw cause;
    throw refuse(
      'watchlist-too-large',
      'the workbook takes more memory or time to read than it is given',
      'save the sheet as CSV, which is read line by line',
      cause,
    );
  } finally {
    await thread.close();
  }
}
