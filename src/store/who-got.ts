import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Of some subscriptions those that have a message about one of these change sets, sent or on its way. */
export async function whoGotOneOf(
  db: Kysely<Schema>,
  changeSetIds: readonly string[],
  subscriptionIds: readonly string[],
): Promise<Set<string>> {
  if (changeSetIds.length === 0 || subscriptionIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('delivery')
    .select('subscriptionId')
    .distinct()
    .where('kind', '=', 'alert')
    // An alert is about its change set, and by subject and subscription there is an index.
    .where('subject', 'in', [...changeSetIds])
    .where('subscriptionId', 'in', [...subscriptionIds])
    // What was suppressed or failed told nobody anything.
    .where('status', 'not in', ['suppressed', 'failed'])
    .execute();
  return new Set(rows.map(({ subscriptionId }) => subscriptionId));
}
