import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { findToldChangeSet } from './find-change-set.ts';
import { findDigest } from './find-digest.ts';
import { findQuiet } from './find-quiet.ts';
import type { Told } from './told.ts';

/** Gathers from the store what a delivery says to its subscription. */
export async function findTold(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
): Promise<Told> {
  if (delivery.kind === 'disabled')
    return { kind: 'disabled', reason: subscription.statusReason ?? 'no reason is on record' };
  if (delivery.kind === 'confirm' || delivery.kind === 'test') return { kind: delivery.kind };
  if (delivery.kind === 'quiet') return findQuiet(parts, delivery);
  if (delivery.kind === 'digest') return findDigest(parts, delivery, subscription);
  if (delivery.changeSetId === null)
    throw new Error(`the alert ${delivery.deliveryId} is about no change set`);
  return { kind: 'alert', ...(await findToldChangeSet(parts, delivery.changeSetId, subscription)) };
}
