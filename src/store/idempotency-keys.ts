import type { Kysely, Selectable } from 'kysely';
import type { IdempotencyKeyTable, Schema } from './schema.ts';

export type IdempotencyKey = Selectable<IdempotencyKeyTable>;

/** How long an answer is kept. */
const LIFETIME_MS = 24 * 3_600_000;
/** A request that was under way for so long was ended by a crash. */
const CLAIM_MS = 2 * 60_000;

/** Takes a key for a request. Answers null where it is ours now, else the request that has it. */
export async function claimIdempotencyKey(
  db: Kysely<Schema>,
  { tokenId, key, requestHash, now }: { tokenId: string; key: string; requestHash: string; now: string },
): Promise<IdempotencyKey | null> {
  const ago = (milliseconds: number) => new Date(Date.parse(now) - milliseconds).toISOString();
  await db
    .deleteFrom('idempotencyKey')
    .where((eb) =>
      eb.or([
        eb('createdAt', '<', ago(LIFETIME_MS)),
        eb.and([eb('status', 'is', null), eb('createdAt', '<', ago(CLAIM_MS))]),
      ]),
    )
    .execute();
  const inserted = await db
    .insertInto('idempotencyKey')
    .values({ tokenId, key, requestHash, status: null, sealedBody: null, createdAt: now })
    .onConflict((conflict) => conflict.columns(['tokenId', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (inserted !== undefined) return null;
  const row = await db
    .selectFrom('idempotencyKey')
    .selectAll()
    .where('tokenId', '=', tokenId)
    .where('key', '=', key)
    .executeTakeFirst();
  // It was given back in between: whoever asks again gets it.
  return row ?? { tokenId, key, requestHash, status: null, sealedBody: null, createdAt: now };
}

/** Keeps the answer to a request, sealed: it may hold a secret that is shown once. */
export async function keepIdempotentAnswer(
  db: Kysely<Schema>,
  { tokenId, key }: Pick<IdempotencyKey, 'tokenId' | 'key'>,
  answer: { status: number; sealedBody: string },
): Promise<void> {
  await db
    .updateTable('idempotencyKey')
    .set(answer)
    .where('tokenId', '=', tokenId)
    .where('key', '=', key)
    .execute();
}

/** Gives a key back: its request did nothing. */
export async function releaseIdempotencyKey(
  db: Kysely<Schema>,
  { tokenId, key }: Pick<IdempotencyKey, 'tokenId' | 'key'>,
): Promise<void> {
  await db
    .deleteFrom('idempotencyKey')
    .where('tokenId', '=', tokenId)
    .where('key', '=', key)
    .where('status', 'is', null)
    .execute();
}
