import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { ElwatchError } from '../errors.ts';
import type { Watchlist } from '../model.ts';
import type { Schema } from './schema.ts';

/**
 * Adds an empty watchlist.
 *
 * @throws ElwatchError `watchlist-exists` where the organisation has one of that name
 */
export async function addWatchlist(
  db: Kysely<Schema>,
  added: Pick<Watchlist, 'organisationId' | 'name' | 'threshold' | 'createdAt'>,
): Promise<Watchlist> {
  const row = await db
    .insertInto('watchlist')
    .values({ watchlistId: `wl_${randomBytes(9).toString('base64url')}`, ...added })
    .onConflict((conflict) => conflict.columns(['organisationId', 'name']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw nameTaken(added.name);
}

/** By its id or its name; null where the organisation has none such, whoever else may. */
export async function findWatchlist(
  db: Kysely<Schema>,
  organisationId: string,
  idOrName: string,
): Promise<Watchlist | null> {
  const rows = await db
    .selectFrom('watchlist')
    .selectAll()
    .where('organisationId', '=', organisationId)
    .where((eb) => eb.or([eb('watchlistId', '=', idOrName), eb('name', '=', idOrName)]))
    .execute();
  return rows.find((row) => row.watchlistId === idOrName) ?? rows[0] ?? null;
}

/** Of any organisation, for whoever holds a signed link to it; null where there is none. */
export async function findWatchlistById(db: Kysely<Schema>, watchlistId: string): Promise<Watchlist | null> {
  const query = db.selectFrom('watchlist').selectAll().where('watchlistId', '=', watchlistId);
  return (await query.executeTakeFirst()) ?? null;
}

/** By name; those of all organisations where none is told. */
export async function listWatchlists(
  db: Kysely<Schema>,
  { organisationId }: { organisationId?: string } = {},
): Promise<Watchlist[]> {
  let query = db.selectFrom('watchlist').selectAll();
  if (organisationId !== undefined) query = query.where('organisationId', '=', organisationId);
  return query.orderBy('name').orderBy('watchlistId').execute();
}

/** @throws ElwatchError `watchlist-exists` */
export async function editWatchlist(
  db: Kysely<Schema>,
  { watchlistId, organisationId }: Pick<Watchlist, 'watchlistId' | 'organisationId'>,
  edit: Partial<Pick<Watchlist, 'name' | 'threshold'>>,
): Promise<Watchlist> {
  if (edit.name !== undefined) {
    const other = await db
      .selectFrom('watchlist')
      .select('watchlistId')
      .where('organisationId', '=', organisationId)
      .where('name', '=', edit.name)
      .where('watchlistId', '!=', watchlistId)
      .executeTakeFirst();
    if (other !== undefined) throw nameTaken(edit.name);
  }
  return db
    .updateTable('watchlist')
    .set({ ...edit, watchlistId })
    .where('watchlistId', '=', watchlistId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * Deletes a watchlist with all that was ever kept about it: rows, runs, hits and decisions.
 *
 * @throws ElwatchError `watchlist-in-use` where a subscription would fall silent
 */
export async function removeWatchlist(
  db: Kysely<Schema>,
  { watchlistId, organisationId, name }: Watchlist,
): Promise<void> {
  const subscriptions = await db
    .selectFrom('subscription')
    .select(['target', 'filter'])
    .where('organisationId', '=', organisationId)
    .execute();
  const users = subscriptions.filter(({ filter }) => filter.watchlists.includes(watchlistId));
  if (users.length > 0)
    throw new ElwatchError(
      'watchlist-in-use',
      `“${name}” decides what ${users.length} subscription(s) are told: ${users
        .slice(0, 3)
        .map(({ target }) => target)
        .join(', ')}`,
      { retry: false, hint: 'Change or remove them first: they would fall silent.' },
    );
  await db.deleteFrom('watchlist').where('watchlistId', '=', watchlistId).execute();
}

/** Deletes all watchlists of an organisation with all that was kept about them; answers how many there were. */
export async function removeWatchlistsOf(db: Kysely<Schema>, organisationId: string): Promise<number> {
  const result = await db
    .deleteFrom('watchlist')
    .where('organisationId', '=', organisationId)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function nameTaken(name: string): ElwatchError {
  return new ElwatchError('watchlist-exists', `there is a watchlist “${name}” already`, {
    retry: false,
    hint: 'Replace its rows, or give the new one another name.',
  });
}
