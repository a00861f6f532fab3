import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { ScreeningDecision, ScreeningHit } from '../model.ts';
import type { Schema } from './schema.ts';

/** Notes that a counterparty is not the entry that a hit says, as that entry was then. */
export async function decideNotAMatch(
  db: Kysely<Schema>,
  watchlistId: string,
  hit: Pick<ScreeningHit, 'rowKey' | 'entryId' | 'entryHash' | 'theirName' | 'entryName'>,
  decided: Pick<ScreeningDecision, 'reason' | 'who' | 'madeAt' | 'expiresOn'>,
): Promise<ScreeningDecision> {
  const { rowKey, entryId, entryHash, theirName, entryName } = hit;
  return db
    .insertInto('screeningDecision')
    .values({
      decisionId: `sd_${randomBytes(9).toString('base64url')}`,
      watchlistId,
      ...{ rowKey, entryId, entryHash, theirName, entryName },
      verdict: 'not-a-match',
      ...decided,
      endedAt: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Newest first, those that are over included. */
export async function listDecisions(db: Kysely<Schema>, watchlistId: string): Promise<ScreeningDecision[]> {
  return db
    .selectFrom('screeningDecision')
    .selectAll()
    .where('watchlistId', '=', watchlistId)
    .orderBy('madeAt', 'desc')
    .orderBy('decisionId')
    .execute();
}

/** Takes a decision back; its record stays. Answers whether there was one that counted. */
export async function endDecision(
  db: Kysely<Schema>,
  watchlistId: string,
  decisionId: string,
  at: string,
): Promise<boolean> {
  const result = await db
    .updateTable('screeningDecision')
    .set({ endedAt: at })
    .where('watchlistId', '=', watchlistId)
    .where('decisionId', '=', decisionId)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
