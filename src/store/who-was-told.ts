import type { Kysely } from 'kysely';
import type { Channel, DeliveryStatus } from '../model.ts';
import type { Schema } from './schema.ts';

/** How many deliveries of a change set there are by each channel in each state. Nobody is named. */
export async function countDeliveries(
  db: Kysely<Schema>,
  changeSetId: string,
): Promise<{ channel: Channel; status: DeliveryStatus; count: number; acknowledged: number }[]> {
  const rows = await db
    .selectFrom('delivery')
    .where('changeSetId', '=', changeSetId)
    .where('kind', '=', 'alert')
    .groupBy(['channel', 'status'])
    .orderBy('channel')
    .orderBy('status')
    .select((eb) => [
      'channel',
      'status',
      eb.fn.countAll<number>().as('count'),
      eb.fn.count<number>('acknowledgedAt').as('acknowledged'),
    ])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count), acknowledged: Number(row.acknowledged) }));
}
