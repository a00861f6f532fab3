import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { isPresent, type Presence } from './presence.ts';
import type { Schema } from './schema.ts';

/**
 * Gives back what processes had claimed that are gone: due again, and said to be `maybeDuplicate`, since it may have
 * been sent. Looks twice where it finds something. Answers how many.
 */
export async function releaseAbandoned(db: Kysely<Schema>, { graceMs }: Presence): Promise<number> {
  const isAbandoned = sql<boolean>`claimed_by is not null and not ${isPresent('claimedBy')}`;
  const gone = await db
    .selectFrom('delivery')
    .select('claimedBy')
    .distinct()
    .where('status', '=', 'sending')
    .where(isAbandoned)
    .execute();
  if (gone.length === 0) return 0;
  await sleep(graceMs);
  const result = await db
    .updateTable('delivery')
    .set({ status: 'due', maybeDuplicate: true, claimedAt: null, claimedBy: null })
    .where('status', '=', 'sending')
    .where(
      'claimedBy',
      'in',
      gone.map(({ claimedBy }) => claimedBy),
    )
    .where(isAbandoned)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
