import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** Of some subscriptions those for which an alert was made on a day in Washington. */
export async function toldOn(
  db: Kysely<Schema>,
  day: string,
  subscriptionIds: readonly string[],
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('delivery')
    .select('subscriptionId')
    .distinct()
    .where('subscriptionId', 'in', [...subscriptionIds])
    .where('kind', '=', 'alert')
    .where(sql`(created_at at time zone 'America/New_York')::date`, '=', sql`${day}::date`)
    .execute();
  return new Set(rows.map(({ subscriptionId }) => subscriptionId));
}

/** How many documents changed the lists, or were told as held, filed or withdrawn, on a day in Washington. */
export async function countDocumentsOn(db: Kysely<Schema>, day: string): Promise<number> {
  const row = await db
    .selectFrom('changeSet')
    .select(sql<string>`count(distinct number)`.as('count'))
    .where('cause', '=', 'rule')
    .where(sql`(known_at at time zone 'America/New_York')::date`, '=', sql`${day}::date`)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
