import { ElwatchError } from './errors.ts';
import type { Watchlist } from './model.ts';
import type { Parts } from './parts.ts';
import { abandonVersion, appendRows, beginVersion, completeVersion } from './store/watchlist-rows.ts';
import { readWatchlist } from './watchlist/read-watchlist.ts';
import type { WatchlistReading } from './watchlist/reading.ts';
import type { SpooledFile } from './watchlist/spool.ts';

export interface LoadOptions {
  /** Who uploads, for the record. */
  who: string;
  /** Takes the file without its faulty rows. */
  skipFaulty?: boolean;
  progress?(fraction: number): void;
}

/** What came of an upload; where it was refused the watchlist is as it was before. */
export type Loaded =
  | { isTaken: true; watchlist: Watchlist; reading: WatchlistReading }
  | { isTaken: false; reading: WatchlistReading };

/**
 * Puts the rows of a file in the place of those of a watchlist, all of them or none: until the last is stored the
 * old version is the one that is screened.
 *
 * @throws ElwatchError of `readWatchlist` where the file as a whole cannot be taken, `watchlist-overtaken`
 */
export async function loadWatchlist(
  parts: Parts,
  { watchlistId }: Watchlist,
  file: SpooledFile,
  { who, skipFaulty = false, progress }: LoadOptions,
): Promise<Loaded> {
  const { db, log } = parts;
  const version = await beginVersion(db, watchlistId, { sha256: file.sha256, at: parts.now(), who });
  try {
    const reading = await readWatchlist(file, {
      skipFaulty,
      ...(progress === undefined ? {} : { progress }),
      take: (rows) =>
        appendRows(
          db,
          watchlistId,
          version,
          rows.map(({ row, key, ...texts }) => ({ ...texts, rowNumber: row, rowKey: key })),
        ),
    });
    if (reading.rows === 0 || (reading.faults.count > 0 && !skipFaulty)) {
      await abandonVersion(db, watchlistId, version);
      log.info({ watchlist: watchlistId, version, faults: reading.faults.count }, 'upload refused');
      return { isTaken: false, reading };
    }
    const { rows, format, encoding, faults } = reading;
    const watchlist = await completeVersion(db, watchlistId, version, {
      ...{ rows, format, encoding },
      skipped: faults.count,
    });
    log.info({ watchlist: watchlistId, version, rows, format, encoding }, 'watchlist loaded');
    return { isTaken: true, watchlist, reading };
  } catch (error) {
    await abandonVersion(db, watchlistId, version);
    throw error;
  }
}

/** The error that says in a line what the faults of a refused upload are. */
export function faultyRows({ faults }: WatchlistReading): ElwatchError {
  const shown = faults.first.slice(0, 3).map(({ row, message }) => `row ${row}: ${message}`);
  return new ElwatchError(
    'watchlist-faulty',
    `${faults.count} row(s) cannot be taken, so nothing was: ${shown.join('; ')}${faults.count > 3 ? '; …' : ''}`,
    { retry: false, hint: 'Correct them and upload again, or ask for the rows without a fault alone.' },
  );
}
