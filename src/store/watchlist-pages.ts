import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** The secret behind the private page of a watchlist; null where no address was made, or it was made void. */
export async function findPageSalt(db: Kysely<Schema>, watchlistId: string): Promise<string | null> {
  const row = await db
    .selectFrom('watchlistPage')
    .select('salt')
    .where('watchlistId', '=', watchlistId)
    .executeTakeFirst();
  return row?.salt ?? null;
}

/** Gives the page of a watchlist a new secret, which makes every address that it had void. */
export async function renewPageSalt(db: Kysely<Schema>, watchlistId: string, at: string): Promise<string> {
  const salt = randomBytes(18).toString('base64url');
  await db
    .insertInto('watchlistPage')
    .values({ watchlistId, salt, createdAt: at })
    .onConflict((conflict) => conflict.column('watchlistId').doUpdateSet({ salt, createdAt: at }))
    .execute();
  return salt;
}

/** Makes every address of the page void; answers whether it had one. */
export async function removePageSalt(db: Kysely<Schema>, watchlistId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('watchlistPage')
    .where('watchlistId', '=', watchlistId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
