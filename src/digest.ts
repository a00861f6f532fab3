import { lastBoundary } from './digest/boundary.ts';
import type { Parts } from './parts.ts';
import { makeDigest, subscriptionsGathered, suppressGathered } from './store/digests.ts';
import { newDelivery } from './store/new-delivery.ts';
import { findSubscription } from './store/subscriptions.ts';

/**
 * Makes the digests whose local time has come, of what was gathered up to then; answers the ids of the new ones. The
 * boundary is part of what the delivery is about, so that a second run or worker makes no second digest. A boundary
 * that passed while nothing ran is made up for by the next run.
 */
export async function gatherDigests(parts: Parts): Promise<string[]> {
  const ids: string[] = [];
  for (const subscriptionId of await subscriptionsGathered(parts.db)) {
    const subscription = await findSubscription(parts.db, subscriptionId);
    if (subscription === null) {
      await suppressGathered(parts.db, { subscriptionId }, 'the subscription was removed');
      continue;
    }
    // What waits for a paused one comes when it is resumed.
    if (subscription.status !== 'active') continue;
    const boundary = lastBoundary(subscription.schedule, parts.now());
    const what = { kind: 'digest', subject: `digest ${boundary}` } as const;
    const digest = newDelivery(subscription, what, parts.baseUrl, parts.now());
    if (await parts.db.transaction().execute((tx) => makeDigest(tx, digest, boundary)))
      ids.push(digest.deliveryId);
  }
  if (ids.length > 0) parts.log.info({ digests: ids.length }, 'digests made');
  return ids;
}
