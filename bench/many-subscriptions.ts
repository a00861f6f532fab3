import type { Kysely } from 'kysely';
import type { Schema } from '../src/store/schema.ts';
import { PLAIN_SUBSCRIPTION } from '../test/helpers/plain-subscription.ts';

const CHUNK = 1_000;

/** Stores subscriptions to everything by mail, with numbers from `from` up to `to`, both multiples of a thousand. */
export async function addSubscriptions(db: Kysely<Schema>, from: number, to: number): Promise<void> {
  const createdAt = '2025-01-01T00:00:00.000Z';
  for (let start = from; start < to; start += CHUNK)
    await db
      .insertInto('subscription')
      .values(
        Array.from({ length: CHUNK }, (_none, at) => {
          const id = `many-${start + at}`;
          return {
            subscriptionId: id,
            organisationId: 'operator',
            channel: 'email' as const,
            target: `user${start + at}@example.org`,
            targetHash: id,
            ...PLAIN_SUBSCRIPTION,
            sealed: null,
            token: id,
            createdAt,
            confirmedAt: createdAt,
          };
        }),
      )
      .execute();
}
