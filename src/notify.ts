import { createHash } from 'node:crypto';
import { matchFilter } from './list/match-filter.ts';
import type { ChangeSet, StoredChange, Subscriber } from './model.ts';
import type { Parts } from './parts.ts';
import { chainBefore, isNotified } from './store/change-chain.ts';
import { findChangeSet, markNotified } from './store/change-sets.ts';
import { changesOf } from './store/changes.ts';
import { insertDeliveries, listDeliveries, type NewDelivery } from './store/deliveries.ts';
import { listSubscribers } from './store/subscribers.ts';

/**
 * Makes the deliveries of a change set: one per subscriber whose filter it meets, however often this runs.
 * Answers their ids. A notice that something is held or filed goes to everybody, since nobody knows yet whom it
 * touches; whoever got one is told how it ends, whatever their filter. A correction goes to exactly those who got
 * what it corrects.
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
  const subscribers = await listSubscribers(parts.db, { status: 'active' });
  const waiting = new Set<string>();
  for (const before of chain)
    for (const { subscriberId } of await listDeliveries(parts.db, {
      changeSetId: before.changeSetId,
      limit: MOST_DELIVERIES,
    }))
      waiting.add(subscriberId);
  const now = parts.now();
  const rows = subscribers
    .filter((subscriber) => waiting.has(subscriber.subscriberId) || concerns(subscriber, changeSet, changes))
    .map((subscriber) => newDelivery(changeSet, subscriber, parts.baseUrl, now));
  const ids = await parts.db.transaction().execute(async (tx) => {
    const inserted = await insertDeliveries(tx, rows);
    await markNotified(tx, changeSetId, now);
    return inserted.map((delivery) => delivery.deliveryId);
  });
  parts.log.info({ changeSet: changeSetId, deliveries: ids.length }, 'deliveries made');
  return ids;
}

/** All of them: a thousand by default would leave the others waiting for the end. */
const MOST_DELIVERIES = 1_000_000;

function concerns(subscriber: Subscriber, changeSet: ChangeSet, changes: readonly StoredChange[]): boolean {
  if (changeSet.cause === 'reparse') return false;
  if (changeSet.outcome === 'held' || changeSet.outcome === 'provisional') return true;
  // What will not come after all concerns those who were told that it will.
  if (changeSet.outcome === 'withdrawn' && changes.length === 0) return changeSet.follows === null;
  return matchFilter(subscriber.filter, changes).length > 0;
}

/** The id, and with it the Message-ID, follows from what is told to whom: a second try is the same message. */
function newDelivery(
  changeSet: ChangeSet,
  subscriber: Subscriber,
  baseUrl: string,
  now: string,
): NewDelivery {
  const deliveryId = createHash('sha256')
    .update(`${changeSet.changeSetId}|${subscriber.subscriberId}|email`)
    .digest('hex')
    .slice(0, 32);
  return {
    deliveryId,
    changeSetId: changeSet.changeSetId,
    subscriberId: subscriber.subscriberId,
    channel: 'email',
    messageId: `<${changeSet.changeSetId}.${deliveryId}@${new URL(baseUrl).hostname}>`,
    dueAt: now,
    createdAt: now,
  };
}
