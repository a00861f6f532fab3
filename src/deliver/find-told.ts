import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { findAlert } from './find-alert.ts';
import { findDigest } from './find-digest.ts';
import { findQuiet } from './find-quiet.ts';
import type { Told } from './told.ts';

/** Gathers from the store what a delivery says to its subscription; null for an alert that later messages told. */
export async function findTold(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
): Promise<Told | null> {
  if (delivery.kind === 'disabled')
    return { kind: 'disabled', reason: subscription.statusReason ?? 'no reason is on record' };
  if (delivery.kind === 'confirm' || delivery.kind === 'test') return { kind: delivery.kind };
  if (delivery.kind === 'quiet') return findQuiet(parts, delivery);
  if (delivery.kind === 'digest') return findDigest(parts, delivery, subscription);
  const alert = await findAlert(parts, delivery, subscription);
  return alert && { kind: 'alert', ...alert };
}
