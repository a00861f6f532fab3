import { createHash } from 'node:crypto';
import { matchFilter } from './list/match-filter.ts';
import type { ChangeSet, StoredChange, Subscriber } from './model.ts';
import type { Parts } from './parts.ts';
import { findChangeSet, markNotified } from './store/change-sets.ts';
import { changesOf } from './store/changes.ts';
import { insertDeliveries, listDeliveries, type NewDelivery } from './store/deliveries.ts';
import { listSubscribers } from './store/subscribers.ts';

/**
 * Makes the deliveries of a change set: one per subscriber whose filter it meets, however often this runs.
 * Answers their ids. A notice that something is held goes to everybody, since nobody knows yet whom it touches.
 */
export async function notify(parts: Parts, changeSetId: string): Promise<string[]> {
  const changeSet = await findChangeSet(parts.db, changeSetId);
  if (changeSet === null || changeSet.cause !== 'rule') return [];
  const changes = await changesOf(parts.db, changeSetId);
  const subscribers = await listSubscribers(parts.db, { status: 'active' });
  // Whoever was told that it is held is told how it ends, whatever their filter.
  const told =
    changeSet.follows === null ? [] : await listDeliveries(parts.db, { changeSetId: changeSet.follows });
  const waiting = new Set(told.map((delivery) => delivery.subscriberId));
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

function concerns(subscriber: Subscriber, changeSet: ChangeSet, changes: readonly StoredChange[]): boolean {
  return changeSet.outcome === 'held' || matchFilter(subscriber.filter, changes).length > 0;
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
