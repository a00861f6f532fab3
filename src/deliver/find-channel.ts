import type { Channel } from '../model.ts';
import type { Parts } from '../parts.ts';
import { findDelivery } from '../store/deliveries.ts';

/** By which channel a delivery goes; null where there is no such delivery. */
export async function findChannel(parts: Parts, deliveryId: string): Promise<Channel | null> {
  return (await findDelivery(parts.db, deliveryId))?.channel ?? null;
}
