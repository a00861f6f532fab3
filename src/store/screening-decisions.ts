import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { entryHash } from '../list/state-hash.ts';
import type { ScreeningDecision, ScreeningHit } from '../model.ts';
import { findEntries } from './entries.ts';
import type { Schema } from './schema.ts';

/**
 * Whether a decision hides an entry with this hash: it was not taken back, its last day is not over, and the entry
 * is, to the letter, the one that was decided on.
 *
 * @param today day in Washington
 */
export function isHiding(decision: ScreeningDecision, hash: string, today: string): boolean {
  const { endedAt, expiresOn } = decision;
  return endedAt === null && (expiresOn === null || expiresOn >= today) && decision.entryHash === hash;
}

/**
 * Decisions about a watchlist that hide their pair now: an entry that a rule has changed since is told again, though
 * nothing was compared with it yet. One that is on no list any more stays decided.
 *
 * @param today day in Washington
 */
export async function hidingDecisions(
  db: Kysely<Schema>,
  watchlistId: string,
  today: string,
): Promise<ScreeningDecision[]> {
  const decisions = await listDecisions(db, watchlistId);
  const open = decisions.filter((decision) => isHiding(decision, decision.entryHash, today));
  const entries = await findEntries(db, [...new Set(open.map(({ entryId }) => entryId))]);
  const hashes = new Map(entries.map((entry) => [entry.entryId, entryHash(entry)]));
  return open.filter((decision) =>
    isHiding(decision, hashes.get(decision.entryId) ?? decision.entryHash, today),
  );
}

/**
 * Notes that a counterparty is not the entry that a hit says, as that entry was then. One decision counts for a pair:
 * another ends the one before, and the same once more is answered with the one that is there.
 */
export async function decideNotAMatch(
  db: Kysely<Schema>,
  watchlistId: string,
  hit: Pick<ScreeningHit, 'rowKey' | 'entryId' | 'entryHash' | 'theirName' | 'entryName'>,
  decided: Pick<ScreeningDecision, 'reason' | 'who' | 'madeAt' | 'expiresOn'>,
): Promise<ScreeningDecision> {
  const { rowKey, entryId, theirName, entryName } = hit;
  return db.transaction().execute(async (tx) => {
    // Decisions about one watchlist wait for each other, or two at once would both count.
    await tx
      .selectFrom('watchlist')
      .select('watchlistId')
      .where('watchlistId', '=', watchlistId)
      .forUpdate()
      .execute();
    const open = await tx
      .selectFrom('screeningDecision')
      .selectAll()
      .where('watchlistId', '=', watchlistId)
      .where('rowKey', '=', rowKey)
      .where('entryId', '=', entryId)
      .where('endedAt', 'is', null)
      .execute();
    const same = open.find(
      (one) =>
        one.entryHash === hit.entryHash &&
        one.reason === decided.reason &&
        one.who === decided.who &&
        one.expiresOn === decided.expiresOn,
    );
    if (same !== undefined && open.length === 1) return same;
    await endPair(tx, { watchlistId, rowKey, entryId }, decided.madeAt);
    return tx
      .insertInto('screeningDecision')
      .values({
        decisionId: `sd_${randomBytes(9).toString('base64url')}`,
        watchlistId,
        ...{ rowKey, entryId, entryHash: hit.entryHash, theirName, entryName },
        verdict: 'not-a-match',
        ...decided,
        endedAt: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  });
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

/**
 * Takes a decision back, and with it every other about the same pair; their record stays. Answers whether it counted
 * until then.
 */
export async function endDecision(
  db: Kysely<Schema>,
  watchlistId: string,
  decisionId: string,
  at: string,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const decision = await tx
      .selectFrom('screeningDecision')
      .select(['watchlistId', 'rowKey', 'entryId'])
      .where('watchlistId', '=', watchlistId)
      .where('decisionId', '=', decisionId)
      .where('endedAt', 'is', null)
      .executeTakeFirst();
    return decision === undefined ? false : endPair(tx, decision, at);
  });
}

async function endPair(
  tx: Kysely<Schema>,
  { watchlistId, rowKey, entryId }: Pick<ScreeningDecision, 'watchlistId' | 'rowKey' | 'entryId'>,
  at: string,
): Promise<boolean> {
  const result = await tx
    .updateTable('screeningDecision')
    .set({ endedAt: at })
    .where('watchlistId', '=', watchlistId)
    .where('rowKey', '=', rowKey)
    .where('entryId', '=', entryId)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
