import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Notes when a message was first said to be read; with a digest, what it took in. A second time changes nothing. */
export async function acknowledgeDelivery(
  db: Kysely<Schema>,
  deliveryId: string,
  now: string,
): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ acknowledgedAt: now })
    .where((eb) => eb.or([eb('deliveryId', '=', deliveryId), eb('digestId', '=', deliveryId)]))
    .where('acknowledgedAt', 'is', null)
    .execute();
}
