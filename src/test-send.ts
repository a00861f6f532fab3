import { deliver } from './deliver.ts';
import type { Subscription } from './model.ts';
import type { Parts } from './parts.ts';
import { findDelivery, insertDeliveries, type StoredDelivery } from './store/deliveries.ts';
import { newDelivery } from './store/new-delivery.ts';

/** Sends a test message now, and answers what came of it. One that fails for now is tried again as any other. */
export async function sendTest(parts: Parts, subscription: Subscription): Promise<StoredDelivery> {
  const now = parts.now();
  const row = newDelivery(subscription, { kind: 'test', subject: `test ${now}` }, parts.baseUrl, now);
  await insertDeliveries(parts.db, [row]);
  await deliver(parts, row.deliveryId);
  return (await findDelivery(parts.db, row.deliveryId))!;
}
