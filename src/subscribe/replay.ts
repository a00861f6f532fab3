import { matchFilter } from '../list/match-filter.ts';
import type { Parts } from '../parts.ts';
import { changeSetsAfter } from '../store/change-sets.ts';
import { changesOf } from '../store/changes.ts';
import { insertDeliveries, makeDueAgain } from '../store/deliveries.ts';
import { newDelivery } from '../store/new-delivery.ts';
import { findSubscription } from '../store/subscriptions.ts';

export interface Replayed {
  deliveryIds: string[];
  /** Where to go on; null where nothing is left. */
  next: number | null;
}

/** Change sets in one call. */
const BATCH = 500;

/**
 * Sends again what rules changed after a sequence number, the oldest first, as far as it meets the filter: also
 * what came before the subscription. Ids stay, so a receiver that has a message already can tell.
 *
 * @param after last sequence number that the receiver has
 */
export async function replay(parts: Parts, subscriptionId: string, after: number): Promise<Replayed> {
  const subscription = await findSubscription(parts.db, subscriptionId);
  if (subscription === null || subscription.status !== 'active') return { deliveryIds: [], next: null };
  const sets = await changeSetsAfter(parts.db, after, BATCH);
  const deliveryIds: string[] = [];
  const now = parts.now();
  for (const { changeSetId } of sets) {
    if (matchFilter(subscription.filter, await changesOf(parts.db, changeSetId)).length === 0) continue;
    const what = { kind: 'alert', subject: changeSetId } as const;
    const row = { ...newDelivery(subscription, what, parts.baseUrl, now), changeSetId };
    const [added] = await insertDeliveries(parts.db, [row]);
    if (added !== undefined || (await makeDueAgain(parts.db, row.deliveryId, now)))
      deliveryIds.push(row.deliveryId);
  }
  return { deliveryIds, next: sets.length < BATCH ? null : (sets.at(-1)?.lastSeq ?? null) };
}
