import { matchFilter } from './list/match-filter.ts';
import type { ChangeSet, StoredChange, Subscription } from './model.ts';
import type { Parts } from './parts.ts';
import { chainBefore, isNotified } from './store/change-chain.ts';
import { findChangeSet, markNotified } from './store/change-sets.ts';
import { changesOf } from './store/changes.ts';
import { insertDeliveries, listDeliveries } from './store/deliveries.ts';
import { newDelivery } from './store/new-delivery.ts';
import { listSubscriptions } from './store/subscriptions.ts';

/**
 * Makes the deliveries of a change set: one per subscription whose filter it meets, however often this runs.
 * Answers the ids of those that are due; those of digests are gathered. A notice that something is held or filed
 * goes to all who want such notices, since nobody knows yet whom it touches; whoever got one is told how it ends,
 * whatever their filter. A correction goes to exactly those who got what it corrects.
 */
export async function notify(parts: Parts, changeSetId: string): Promise<string[]> {
  const changeSet = await findChangeSet(parts.db, changeSetId);
  if (changeSet === null || changeSet.cause === 'baseline') return [];
  // A better reading of the same bytes is marked as told when it is made.
  if (changeSet.cause === 'reparse' && (await isNotified(parts.db, changeSetId))) return [];
  const chain = await chainBefore(parts.db, changeSet);
  const ids: string[] = [];
  // Who is told the end depends on who was told the beginning, so the beginning comes first.
  for (const [at, before] of [...chain.entries()].reverse())
    if (before.cause === 'rule' && !(await isNotified(parts.db, before.changeSetId)))
      ids.push(...(await makeDeliveries(parts, before, chain.slice(at + 1))));
  ids.push(...(await makeDeliveries(parts, changeSet, chain)));
  return ids;
}

/** @param chain what was told before, the nearest first */
async function makeDeliveries(
  parts: Parts,
  changeSet: ChangeSet,
  chain: readonly ChangeSet[],
): Promise<string[]> {
  const { changeSetId } = changeSet;
  const changes = await changesOf(parts.db, changeSetId);
  const subscriptions = await listSubscriptions(parts.db, { status: 'active' });
  const waiting = new Set<string>();
  for (const before of chain)
    for (const { subscriptionId } of await listDeliveries(parts.db, {
      changeSetId: before.changeSetId,
      limit: MOST_DELIVERIES,
    }))
      waiting.add(subscriptionId);
  const now = parts.now();
  const rows = subscriptions
    .filter(
      (subscription) =>
        waiting.has(subscription.subscriptionId) || concerns(subscription, changeSet, changes),
    )
    .map((subscription) => ({
      ...newDelivery(subscription, { kind: 'alert', subject: changeSetId }, parts.baseUrl, now),
      changeSetId,
      status: subscription.schedule.mode === 'immediate' ? ('due' as const) : ('gathered' as const),
    }));
  const ids = await parts.db.transaction().execute(async (tx) => {
    const inserted = await insertDeliveries(tx, rows);
    await markNotified(tx, changeSetId, now);
    return inserted.filter(({ status }) => status === 'due').map((delivery) => delivery.deliveryId);
  });
  parts.log.info({ changeSet: changeSetId, deliveries: ids.length }, 'deliveries made');
  return ids;
}

/** All of them: a thousand by default would leave the others waiting for the end. */
const MOST_DELIVERIES = 1_000_000;

function concerns(
  subscription: Subscription,
  changeSet: ChangeSet,
  changes: readonly StoredChange[],
): boolean {
  const { filter, notices } = subscription;
  if (changeSet.cause === 'reparse') return false;
  if (changeSet.outcome === 'held') return notices.held && isOnItsLists(subscription, changeSet);
  if (changeSet.outcome === 'provisional')
    return notices.provisional && isOnItsLists(subscription, changeSet);
  // What will not come after all concerns those who were told that it will.
  if (changeSet.outcome === 'withdrawn' && changes.length === 0)
    return changeSet.follows === null && isOnItsLists(subscription, changeSet);
  return matchFilter(filter, changes).length > 0;
}

/** Which list a document speaks of is known before its entries are; where it is not, everybody is meant. */
function isOnItsLists({ filter }: Subscription, { lists }: ChangeSet): boolean {
  return lists.length === 0 || filter.lists.length === 0 || lists.some((list) => filter.lists.includes(list));
}
