import { sql, type Transaction } from 'kysely';
import type { Subscription } from '../model.ts';
import type { Schema } from './schema.ts';
import { SUBSCRIPTION_COLUMNS } from './subscriptions.ts';

/** So many subscriptions of ours, with all that they say, take a megabyte. */
const PAGE = 1_000;

/** Which active subscriptions are wanted; an absent part restricts nothing. */
export interface ActiveSubscriptions {
  /** Those that watch counterparties, or those that do not. */
  watching?: boolean;
  /** Those that want to hear of a day without news. */
  quietDays?: true;
}

/**
 * All active subscriptions, oldest first, in pages: however many there are, one page of them is in memory. A cursor
 * and no key to go on from: its pages are of one instant, so that one who comes or goes meanwhile is in all of it or
 * in none of it, wherever its id would stand. One walk at a time in a transaction.
 */
export async function* activeSubscriptions(
  tx: Transaction<Schema>,
  { watching, quietDays }: ActiveSubscriptions = {},
): AsyncGenerator<Subscription[], void, void> {
  let query = tx.selectFrom('subscription').select(SUBSCRIPTION_COLUMNS).where('status', '=', 'active');
  if (watching !== undefined)
    query = query.where(sql<boolean>`(jsonb_array_length(filter -> 'watchlists') > 0) = ${watching}`);
  if (quietDays) query = query.where(sql<boolean>`(notices ->> 'quietDays')::boolean`);
  const oldestFirst = query.orderBy('createdAt').orderBy('subscriptionId');
  await sql`declare active_subscription no scroll cursor for ${oldestFirst}`.execute(tx);
  for (let isLast = false; !isLast; ) {
    const page = await sql<Subscription>`fetch ${sql.lit(PAGE)} from active_subscription`.execute(tx);
    isLast = page.rows.length < PAGE;
    if (page.rows.length > 0) yield page.rows;
  }
  await sql`close active_subscription`.execute(tx);
}
