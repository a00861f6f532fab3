import { matchFilter } from '../list/match-filter.ts';
import type { ChangeSet, Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { chainBefore } from '../store/change-chain.ts';
import { changeSetsAfter } from '../store/change-sets.ts';
import { changesOf } from '../store/changes.ts';
import { insertDeliveries, makeDueAgain } from '../store/deliveries.ts';
import { newDelivery } from '../store/new-delivery.ts';
import { hitsOfChangeSet } from '../store/screening.ts';
import { findSubscription } from '../store/subscriptions.ts';
import { whoGotOneOf } from '../store/who-got.ts';

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
  for (const [at, changeSet] of sets.entries()) {
    if (!(await concerns(parts, subscription, changeSet))) continue;
    const { changeSetId } = changeSet;
    const what = { kind: 'alert', subject: changeSetId } as const;
    // What is due at one instant goes in the order of ids, which say nothing.
    const dueAt = new Date(Date.parse(now) + at).toISOString();
    const row = { ...newDelivery(subscription, what, parts.baseUrl, now), changeSetId, dueAt };
    const [added] = await insertDeliveries(parts.db, [row]);
    if (added !== undefined || (await makeDueAgain(parts.db, row.deliveryId, dueAt)))
      deliveryIds.push(row.deliveryId);
  }
  return { deliveryIds, next: sets.length < BATCH ? null : (sets.at(-1)?.lastSeq ?? null) };
}

/** As when it was told first: by filter and watchlists; of a correction, whether what it corrects was told. */
async function concerns(
  { db }: Parts,
  { subscriptionId, organisationId, filter }: Subscription,
  changeSet: ChangeSet,
): Promise<boolean> {
  const { changeSetId, cause } = changeSet;
  if (cause === 'reparse') {
    const chain = (await chainBefore(db, changeSet)).map((before) => before.changeSetId);
    return (await whoGotOneOf(db, chain, [subscriptionId])).has(subscriptionId);
  }
  const changes = await changesOf(db, changeSetId);
  if (filter.watchlists.length === 0) return matchFilter(filter, changes).length > 0;
  const hits = await hitsOfChangeSet(db, changeSetId, organisationId, filter.watchlists);
  const hit = new Set(hits.map(({ changeSeq }) => changeSeq));
  return (
    matchFilter(
      filter,
      changes.filter(({ seq }) => hit.has(seq)),
    ).length > 0
  );
}
