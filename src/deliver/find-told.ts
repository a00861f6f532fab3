import { matchFilter } from '../list/match-filter.ts';
import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { chainBefore } from '../store/change-chain.ts';
import { findChangeSet } from '../store/change-sets.ts';
import { changesOf } from '../store/changes.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import type { Told, ToldChangeSet } from './told.ts';

/** Gathers from the store what a delivery says to its subscription. */
export async function findTold(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
): Promise<Told> {
  if (delivery.kind === 'disabled')
    return { kind: 'disabled', reason: subscription.statusReason ?? 'no reason is on record' };
  if (delivery.kind !== 'alert' || delivery.changeSetId === null)
    throw new Error(`nothing renders a delivery of the kind ${delivery.kind}`);
  return { kind: 'alert', ...(await findToldChangeSet(parts, delivery.changeSetId, subscription)) };
}

/** A change set as a subscription is told of it. */
export async function findToldChangeSet(
  parts: Parts,
  changeSetId: string,
  subscription: Subscription,
): Promise<ToldChangeSet> {
  const changeSet = await findChangeSet(parts.db, changeSetId);
  if (changeSet === null) throw new Error(`the change set ${changeSetId} is missing`);
  const all = await changesOf(parts.db, changeSetId);
  const matching = matchFilter(subscription.filter, all);
  return {
    changeSet,
    // A follow-up to a notice goes to all who got it; where nothing meets the filter, all of it is shown.
    changes: matching.length > 0 ? matching : all,
    allChangesCount: all.length,
    earlier: await chainBefore(parts.db, changeSet),
  };
}
