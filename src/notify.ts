import { matchFilter } from './list/match-filter.ts';
import type { ChangeSet, StoredChange, Subscription } from './model.ts';
import { readChangesHit } from './notify/changes-hit.ts';
import { readWhatWasWrong } from './notify/what-was-wrong.ts';
import type { Parts } from './parts.ts';
import { activeSubscriptions } from './store/active-subscriptions.ts';
import { isHistory } from './store/backfill.ts';
import { chainBefore, isNotified } from './store/change-chain.ts';
import { findChangeSet, markNotified } from './store/change-sets.ts';
import { changesOf } from './store/changes.ts';
import { insertDeliveries } from './store/deliveries.ts';
import { newDelivery } from './store/new-delivery.ts';
import { isScreened, markScreened } from './store/screening.ts';
import { whoGotOneOf } from './store/who-got.ts';

/**
 * Makes the deliveries of a change set: one per subscription whose filter it meets, however often this runs.
 * Answers the ids of those that are due; those of digests are gathered. A notice that something is held or filed
 * goes to all who want such notices, since nobody knows yet whom it touches; whoever got one is told how it ends,
 * whatever their filter. A correction goes to exactly those who got what it corrects. Who watches counterparties is
 * told what a rule changed by `notifyScreened`, when that was compared.
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

/**
 * The same for subscriptions that watch counterparties, after a change set was screened: they are told of the changes
 * that hit one of their watchlists. Whoever was told the beginning is told the end although nothing is hit, and
 * although a screening failed; `isComplete` says that none did.
 */
export async function notifyScreened(
  parts: Parts,
  changeSetId: string,
  { isComplete }: { isComplete: boolean },
): Promise<string[]> {
  const changeSet = await findChangeSet(parts.db, changeSetId);
  if (changeSet === null) return [];
  const ids: string[] = [];
  if (changeSet.cause === 'rule' && !(await isHistory(parts.db, changeSetId))) {
    const chain = await chainBefore(parts.db, changeSet);
    for (const [at, before] of [...chain.entries()].reverse())
      if (
        before.cause === 'rule' &&
        before.firstSeq !== null &&
        !(await isScreened(parts.db, before.changeSetId))
      )
        ids.push(...(await makeDeliveries(parts, before, chain.slice(at + 1), 'screened')));
    ids.push(...(await makeDeliveries(parts, changeSet, chain, 'screened')));
  }
  if (isComplete) await markScreened(parts.db, changeSetId, parts.now());
  return ids;
}

/**
 * In one transaction, so that whoever looks finds all deliveries or none, and in pages, so that it takes no more
 * memory for more subscriptions.
 *
 * @param chain what was told before, the nearest first
 */
async function makeDeliveries(
  parts: Parts,
  changeSet: ChangeSet,
  chain: readonly ChangeSet[],
  which: 'plain' | 'screened' = 'plain',
): Promise<string[]> {
  const { changeSetId } = changeSet;
  const changes = await changesOf(parts.db, changeSetId);
  const isCompared = changeSet.cause === 'rule' && changes.length > 0;
  if (which === 'screened' && !isCompared) return [];
  const isCorrection = changeSet.cause === 'reparse' && changes.length > 0;
  const wasWrong = isCorrection ? await readWhatWasWrong(parts, changes, chain) : () => true;
  const chainIds = chain.map((before) => before.changeSetId);
  const now = parts.now();
  const isFirst = which === 'plain' && !(await isNotified(parts.db, changeSetId));
  const ids = await parts.db.transaction().execute(async (tx) => {
    const due: string[] = [];
    const wanted = isCompared ? { watching: which === 'screened' } : {};
    for await (const page of activeSubscriptions(tx, wanted)) {
      const waiting = await whoGotOneOf(
        tx,
        chainIds,
        page.map(({ subscriptionId }) => subscriptionId),
      );
      const changesFor =
        which === 'plain' ? () => changes : await readChangesHit(tx, page, changeSetId, changes);
      const told = page.filter((subscription) => {
        const isWaiting = waiting.has(subscription.subscriptionId) && wasWrong(subscription);
        return isWaiting || concerns(subscription, changeSet, changesFor(subscription));
      });
      const rows = told.map((subscription) => ({
        ...newDelivery(subscription, { kind: 'alert', subject: changeSetId }, parts.baseUrl, now),
        changeSetId,
        status: subscription.schedule.mode === 'immediate' ? ('due' as const) : ('gathered' as const),
      }));
      for (const { deliveryId, status } of await insertDeliveries(tx, rows))
        if (status === 'due') due.push(deliveryId);
    }
    if (which === 'plain') await markNotified(tx, changeSetId, now);
    return due;
  });
  if (isFirst) parts.metrics.detected(changeSet, chain);
  if (which === 'plain' || ids.length > 0)
    parts.log.info(
      { document: changeSet.document?.number ?? null, changeSet: changeSetId, deliveries: ids.length },
      'deliveries made',
    );
  return ids;
}

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
