import type { Kysely } from 'kysely';
import type { StoredDelivery } from './deliveries.ts';
import type { Schema } from './schema.ts';
import { findSubscription, setSubscriptionStatus } from './subscriptions.ts';
import { suppressAddress } from './suppressed-addresses.ts';

/** So many messages in a row that a server refused for good end a subscription. */
const MOST_REFUSED = 3;

/**
 * Disables the mail subscription of a delivery that was refused for good: `atOnce` where its mailbox does not
 * exist, else when its newest messages were all refused. The failure must be on record already. What is told
 * about a target to its owner by mail ends nothing, and so does what was refused of the time before the status was
 * last set: who is resumed begins anew. Nothing more is sent to its address, in whatever subscription. Answers whether it was disabled now.
 */
export async function giveUpAddress(
  { db, log }: { db: Kysely<Schema>; log: { warn(fields: object, message: string): void } },
  { deliveryId, subscriptionId, channel, recipient }: StoredDelivery,
  { reason, atOnce, now }: { reason: string; atOnce: boolean; now: string },
): Promise<boolean> {
  const subscription = await findSubscription(db, subscriptionId);
  if (subscription === null || subscription.status === 'disabled') return false;
  if (channel !== 'email' || subscription.channel !== 'email' || subscription.target !== recipient)
    return false;
  const counting = await newestCounting(db, subscriptionId, deliveryId);
  if (counting === null || (!atOnce && !areAllRefused(counting))) return false;
  await setSubscriptionStatus(db, subscriptionId, 'disabled', reason, 'service');
  await suppressAddress(db, recipient, { reason, now });
  log.warn({ subscription: subscriptionId, delivery: deliveryId, reason }, 'subscription disabled');
  return true;
}

type Outcome = Pick<StoredDelivery, 'status' | 'outcome'>;

/** The newest messages since the status was last set; null where the one that was refused is older. */
async function newestCounting(
  db: Kysely<Schema>,
  subscriptionId: string,
  deliveryId: string,
): Promise<Outcome[] | null> {
  const counting = db
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.subscriptionId', 'delivery.subscriptionId')
    .where('delivery.subscriptionId', '=', subscriptionId)
    .where((eb) =>
      eb.or([eb('forgivenUntil', 'is', null), eb('delivery.createdAt', '>', eb.ref('forgivenUntil'))]),
    );
  const refused = await counting.select('deliveryId').where('deliveryId', '=', deliveryId).executeTakeFirst();
  if (refused === undefined) return null;
  return (
    counting
      .select(['delivery.status', 'outcome'])
      .where('delivery.channel', '=', 'email')
      .where('delivery.status', 'in', ['sent', 'failed'])
      // What a digest took in was no message of its own.
      .where('digestId', 'is', null)
      .orderBy('delivery.createdAt', 'desc')
      .orderBy('deliveryId')
      .limit(MOST_REFUSED)
      .execute()
  );
}

function areAllRefused(newest: readonly Outcome[]): boolean {
  return newest.length === MOST_REFUSED && newest.every(isRefused);
}

/** By a server's word, not by our own configuration or after too many tries. */
function isRefused({ status, outcome }: Outcome): boolean {
  return status === 'failed' && /^(?:smtp|bounced)-5/u.test(outcome ?? '');
}
