import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/**
 * The secret that links are signed with where the environment names none: made once, the same for every process
 * on this database. Whoever can read the database can sign links; SECRET_KEY keeps the two apart.
 */
export async function findServerSecret(db: Kysely<Schema>, now: string): Promise<string> {
  await db
    .insertInto('serverSecret')
    .values({ name: 'key', value: randomBytes(32).toString('base64url'), createdAt: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value } = await db
    .selectFrom('serverSecret')
    .select('value')
    .where('name', '=', 'key')
    .executeTakeFirstOrThrow();
  return value;
}
