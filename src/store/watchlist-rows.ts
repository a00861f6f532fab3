import { type Kysely, type Selectable, sql } from 'kysely';
import { ElwatchError } from '../errors.ts';
import type { Watchlist } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { Schema, WatchlistRowTable } from './schema.ts';

export type StoredRow = Selectable<WatchlistRowTable>;
export type NewRow = Omit<StoredRow, 'watchlistId' | 'version'>;

/** Rows per statement: on the embedded store a statement keeps everything else waiting. */
const CHUNK = 500;
/** An upload that began so long ago was left by a crash. */
const LEFT_BEHIND_MS = 6 * 3_600_000;

/**
 * Begins a new version of a watchlist and answers its number. Its rows are added beside those of the version that
 * is current, which stays so until `completeVersion`: a broken upload leaves the old one as it was.
 */
export async function beginVersion(
  db: Kysely<Schema>,
  watchlistId: string,
  { sha256, at, who }: { sha256: string; at: string; who: string },
): Promise<number> {
  await db
    .updateTable('watchlistVersion')
    .set({ status: 'failed' })
    .where('watchlistId', '=', watchlistId)
    .where('status', '=', 'loading')
    .where('uploadedAt', '<', new Date(Date.parse(at) - LEFT_BEHIND_MS).toISOString())
    .execute();
  return db.transaction().execute(async (tx) => {
    await lock(tx, watchlistId);
    const row = await tx
      .selectFrom('watchlistVersion')
      .select((eb) => eb.fn.max('version').as('last'))
      .where('watchlistId', '=', watchlistId)
      .executeTakeFirst();
    const version = (row?.last ?? 0) + 1;
    await tx
      .insertInto('watchlistVersion')
      .values({ watchlistId, version, status: 'loading', sha256, uploadedAt: at, uploadedBy: who })
      .execute();
    return version;
  });
}

export async function appendRows(
  db: Kysely<Schema>,
  watchlistId: string,
  version: number,
  rows: readonly NewRow[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK)
    await db
      .insertInto('watchlistRow')
      .values(
        rows.slice(start, start + CHUNK).map((row) => ({
          ...row,
          watchlistId,
          version,
          aliases: toJson(row.aliases),
          addresses: toJson(row.addresses),
        })),
      )
      .execute();
}

/**
 * Makes a version the current one, in one step, and deletes the rows of those before.
 *
 * @throws ElwatchError `watchlist-overtaken` where a later upload is current already
 */
export async function completeVersion(
  db: Kysely<Schema>,
  watchlistId: string,
  version: number,
  done: { rows: number; skipped: number; format: string; encoding: string },
): Promise<Watchlist> {
  const watchlist = await db.transaction().execute(async (tx) => {
    const { version: current } = await lock(tx, watchlistId);
    if (current > version)
      throw new ElwatchError('watchlist-overtaken', 'a later upload of this watchlist was finished first', {
        retry: false,
        hint: 'Look at its rows, and upload again if they are not those that you want.',
      });
    await tx
      .updateTable('watchlistVersion')
      .set({ status: 'replaced' })
      .where('watchlistId', '=', watchlistId)
      .where('status', '=', 'current')
      .execute();
    const { sha256, uploadedAt, uploadedBy } = await tx
      .updateTable('watchlistVersion')
      .set({ status: 'current', ...done })
      .where('watchlistId', '=', watchlistId)
      .where('version', '=', version)
      .returning(['sha256', 'uploadedAt', 'uploadedBy'])
      .executeTakeFirstOrThrow();
    return tx
      .updateTable('watchlist')
      .set({ version, rows: done.rows, sha256, uploadedAt, uploadedBy })
      .where('watchlistId', '=', watchlistId)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  await dropOldRows(db, watchlistId);
  return watchlist;
}

/** Forgets a version that could not be completed. */
export async function abandonVersion(
  db: Kysely<Schema>,
  watchlistId: string,
  version: number,
): Promise<void> {
  await db
    .updateTable('watchlistVersion')
    .set({ status: 'failed' })
    .where('watchlistId', '=', watchlistId)
    .where('version', '=', version)
    .where('status', '=', 'loading')
    .execute();
  await dropOldRows(db, watchlistId);
}

/** Rows of one version after a row number, in their order. */
export async function rowsAfter(
  db: Kysely<Schema>,
  watchlistId: string,
  version: number,
  { after, limit }: { after: number; limit: number },
): Promise<StoredRow[]> {
  return db
    .selectFrom('watchlistRow')
    .selectAll()
    .where('watchlistId', '=', watchlistId)
    .where('version', '=', version)
    .where('rowNumber', '>', after)
    .orderBy('rowNumber')
    .limit(limit)
    .execute();
}

/** Deletes what no version needs any more, some rows at a time; what a crash leaves goes with the next upload. */
async function dropOldRows(db: Kysely<Schema>, watchlistId: string): Promise<void> {
  for (;;) {
    const { numAffectedRows } = await sql`
      delete from watchlist_row where ctid = any(array(
        select watchlist_row.ctid from watchlist_row
        join watchlist_version using (watchlist_id, version)
        where watchlist_id = ${watchlistId} and status in ('replaced', 'failed')
        limit ${sql.lit(4 * CHUNK)}))
    `.execute(db);
    if (numAffectedRows === undefined || numAffectedRows < 4 * CHUNK) return;
  }
}

/** One upload of a watchlist at a time begins or ends. */
async function lock(tx: Kysely<Schema>, watchlistId: string): Promise<{ version: number }> {
  const row = await tx
    .selectFrom('watchlist')
    .select('version')
    .where('watchlistId', '=', watchlistId)
    .forUpdate()
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new ElwatchError('watchlist-unknown', 'the watchlist was removed', {
    retry: false,
    hint: 'Make it anew, and upload again.',
  });
}
