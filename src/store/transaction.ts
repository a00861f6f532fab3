import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** Any fixed number will do, as long as nothing else in the database uses it: "elwatch" on a keypad. */
const LIST_LOCK = 3_592_824;

/**
 * Runs `work` in one transaction that holds the list lock: of all processes, one at a time changes lists.
 * What `work` does to the database must go through `tx`; the outer connection would wait for it.
 */
export async function inTransaction<T>(
  db: Kysely<Schema>,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await lockLists(tx);
    return work(tx);
  });
}

/** Held until the transaction ends; taking it twice in one transaction is harmless. */
export async function lockLists(tx: Kysely<Schema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LIST_LOCK)})`.execute(tx);
}
