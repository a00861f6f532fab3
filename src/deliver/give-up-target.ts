import type { Parts } from '../parts.ts';
import { insertDeliveries, type StoredDelivery } from '../store/deliveries.ts';
import { newDelivery } from '../store/new-delivery.ts';
import { findSubscription, setSubscriptionStatus } from '../store/subscriptions.ts';

/**
 * Disables a webhook or a chat that wants no more, or that took nothing for three days, and makes a notice to its
 * owner, where an address is known. What it missed is had by a replay.
 */
export async function giveUpTarget(
  parts: Parts,
  { subscriptionId, deliveryId }: StoredDelivery,
  reason: string,
): Promise<void> {
  const subscription = await findSubscription(parts.db, subscriptionId);
  if (subscription === null || subscription.status === 'disabled') return;
  const now = parts.now();
  await parts.db.transaction().execute(async (tx) => {
    await setSubscriptionStatus(tx, subscriptionId, 'disabled', reason, 'service');
    if (subscription.contact === null) return;
    const what = { kind: 'disabled', subject: `disabled ${deliveryId}` } as const;
    await insertDeliveries(tx, [newDelivery(subscription, what, parts.baseUrl, now)]);
  });
  // Why stands in the ledger: what a target answers may repeat its own address, which is a secret.
  parts.log.warn({ subscription: subscriptionId, delivery: deliveryId }, 'subscription disabled');
}
