import type { Kysely } from 'kysely';
import type { StoredDelivery } from './deliveries.ts';
import type { Schema } from './schema.ts';
import { findSubscription, setSubscriptionStatus } from './subscriptions.ts';

/** So many messages in a row that a server refused for good end a subscription. */
const MOST_REFUSED = 3;

/**
 * Disables the mail subscription of a delivery that was refused for good: `atOnce` where its mailbox does not
 * exist, else when its newest messages were all refused. The failure must be on record already. What is told
 * about a target to its owner by mail ends nothing. Answers whether it was disabled now.
 */
export async function giveUpAddress(
  { db, log }: { db: Kysely<Schema>; log: { warn(fields: object, message: string): void } },
  { deliveryId, subscriptionId, channel, recipient }: StoredDelivery,
  { reason, atOnce }: { reason: string; atOnce: boolean },
): Promise<boolean> {
  const subscription = await findSubscription(db, subscriptionId);
  if (subscription === null || subscription.status === 'disabled') return false;
  if (channel !== 'email' || subscription.channel !== 'email' || subscription.target !== recipient)
    return false;
  if (!atOnce && !(await areNewestRefused(db, subscriptionId))) return false;
  await setSubscriptionStatus(db, subscriptionId, 'disabled', reason);
  log.warn({ subscription: subscriptionId, delivery: deliveryId, reason }, 'subscription disabled');
  return true;
}

async function areNewestRefused(db: Kysely<Schema>, subscriptionId: string): Promise<boolean> {
  const newest = await db
    .selectFrom('delivery')
    .select(['status', 'outcome'])
    .where('subscriptionId', '=', subscriptionId)
    .where('channel', '=', 'email')
    .where('status', 'in', ['sent', 'failed'])
    // What a digest took in was no message of its own.
    .where('digestId', 'is', null)
    .orderBy('createdAt', 'desc')
    .orderBy('deliveryId')
    .limit(MOST_REFUSED)
    .execute();
  return newest.length === MOST_REFUSED && newest.every(isRefused);
}

/** By a server's word, not by our own configuration or after too many tries. */
function isRefused({ status, outcome }: { status: string; outcome: string | null }): boolean {
  return status === 'failed' && /^(?:smtp|bounced)-5/u.test(outcome ?? '');
}
