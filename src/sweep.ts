import type { Parts } from './parts.ts';
import { changeSetsToNotify } from './store/change-sets.ts';
import { dueDeliveries } from './store/deliveries.ts';

/** At most so many of each in one sweep; the next one takes the rest. */
const BATCH = 1000;

/** What the tables say is still to be done: change sets without deliveries, and deliveries that are due. */
export async function sweep(parts: Parts): Promise<{ changeSetIds: string[]; deliveryIds: string[] }> {
  const [changeSetIds, deliveries] = await Promise.all([
    changeSetsToNotify(parts.db, BATCH),
    dueDeliveries(parts.db, parts.now(), BATCH),
  ]);
  return { changeSetIds, deliveryIds: deliveries.map((delivery) => delivery.deliveryId) };
}
