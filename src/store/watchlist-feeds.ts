import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** The secret behind the feed of a watchlist; null where it has none. */
export async function findFeedSalt(db: Kysely<Schema>, watchlistId: string): Promise<string | null> {
  const row = await db
    .selectFrom('watchlistFeed')
    .select('salt')
    .where('watchlistId', '=', watchlistId)
    .executeTakeFirst();
  return row?.salt ?? null;
}

/** Gives the feed of a watchlist a new secret, which makes the address that it had void. */
export async function renewFeedSalt(db: Kysely<Schema>, watchlistId: string, at: string): Promise<string> {
  const salt = randomBytes(18).toString('base64url');
  await db
    .insertInto('watchlistFeed')
    .values({ watchlistId, salt, createdAt: at })
    .onConflict((conflict) => conflict.column('watchlistId').doUpdateSet({ salt, createdAt: at }))
    .execute();
  return salt;
}

/** Ends the feed of a watchlist; answers whether it had one. */
export async function removeFeedSalt(db: Kysely<Schema>, watchlistId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('watchlistFeed')
    .where('watchlistId', '=', watchlistId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
