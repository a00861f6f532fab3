import { type Kysely, type Selectable, sql } from 'kysely';
import { easternDay } from '../days.ts';
import type { ScreeningHit, ScreeningRun } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { Schema, ScreeningHitTable, ScreeningRunTable } from './schema.ts';
import { hidingDecisions } from './screening-decisions.ts';

export type NewHit = Omit<ScreeningHit, 'hitId' | 'runId'>;

const CHUNK = 500;

/**
 * Stores a run with its hits, in one transaction. Answers false, and stores nothing, where its cause has a run
 * already: a change set for this version of the watchlist, or the upload of it.
 */
export async function recordRun(
  db: Kysely<Schema>,
  run: ScreeningRun,
  hits: readonly NewHit[],
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const inserted = await tx
      .insertInto('screeningRun')
      .values({ ...run, stateHashes: toJson(run.stateHashes) })
      .onConflict((conflict) => conflict.doNothing())
      .returning('runId')
      .executeTakeFirst();
    if (inserted === undefined) return false;
    for (let start = 0; start < hits.length; start += CHUNK)
      await tx
        .insertInto('screeningHit')
        .values(
          hits.slice(start, start + CHUNK).map((hit) => ({
            ...hit,
            runId: run.runId,
            citation: hit.citation && toJson(hit.citation),
            matched: toJson(hit.matched),
            reasons: toJson(hit.reasons),
          })),
        )
        .execute();
    return true;
  });
}

/** Newest first. */
export async function listRuns(
  db: Kysely<Schema>,
  watchlistId: string,
  { limit = 100 }: { limit?: number } = {},
): Promise<ScreeningRun[]> {
  return db
    .selectFrom('screeningRun')
    .selectAll()
    .where('watchlistId', '=', watchlistId)
    .orderBy('startedAt', 'desc')
    .orderBy('runId')
    .limit(limit)
    .execute();
}

/** A run of this watchlist, or null. */
export async function findRun(
  db: Kysely<Schema>,
  watchlistId: string,
  runId: string,
): Promise<ScreeningRun | null> {
  const row = await db
    .selectFrom('screeningRun')
    .selectAll()
    .where('watchlistId', '=', watchlistId)
    .where('runId', '=', runId)
    .executeTakeFirst();
  return row ?? null;
}

export async function findRunOf(
  db: Kysely<Schema>,
  watchlistId: string,
  version: number,
  changeSetId: string,
): Promise<ScreeningRun | null> {
  const row = await db
    .selectFrom('screeningRun')
    .selectAll()
    .where('watchlistId', '=', watchlistId)
    .where('version', '=', version)
    .where('changeSetId', '=', changeSetId)
    .executeTakeFirst();
  return row ?? null;
}

/** Hits of one run, the best first, as they were then. Those that a decision hid only where they are asked for. */
export async function hitsOfRun(
  db: Kysely<Schema>,
  runId: string,
  { hidden = false, limit = 100_000, offset = 0 }: { hidden?: boolean; limit?: number; offset?: number } = {},
): Promise<ScreeningHit[]> {
  let query = db.selectFrom('screeningHit').selectAll().where('runId', '=', runId);
  if (!hidden) query = query.where('isHidden', '=', false);
  return query.orderBy('score', 'desc').orderBy('hitId').limit(limit).offset(offset).execute();
}

/** Hits of one page of a result, and how many there are in all; none are counted behind the last page. */
export interface HitPage {
  hits: ScreeningHit[];
  total: number;
}

/**
 * What is known of a watchlist now: for each counterparty of its current version and each entry the hit of the
 * newest run that found it, the best first. A pair that a later run of the whole list did not find is left out.
 * What is hidden is decided now, whatever it was when it was found.
 *
 * @param at instant at which decisions must hold
 */
export async function currentHits(...asked: Parameters<typeof pageOfHits>): Promise<ScreeningHit[]> {
  return (await pageOfHits(...asked)).hits;
}

/** The same with how many there are in all. */
export async function pageOfHits(
  db: Kysely<Schema>,
  watchlistId: string,
  at: string,
  { hidden = false, limit = 1_000, offset = 0 }: { hidden?: boolean; limit?: number; offset?: number } = {},
): Promise<HitPage> {
  const hiding = (await hidingDecisions(db, watchlistId, easternDay(at))).map((one) => one.decisionId);
  const lastWhole = sql`(
    select max(whole.started_at) from screening_run as whole
    where whole.watchlist_id = ${watchlistId} and whole.version = watchlist.version and whole.cause != 'rule')`;
  const newest = db
    .selectFrom('screeningHit')
    .innerJoin('screeningRun', 'screeningRun.runId', 'screeningHit.runId')
    .innerJoin('watchlist', (join) =>
      join
        .onRef('watchlist.watchlistId', '=', 'screeningRun.watchlistId')
        .onRef('watchlist.version', '=', 'screeningRun.version'),
    )
    .selectAll('screeningHit')
    .distinctOn(['screeningHit.rowNumber', 'screeningHit.entryId'])
    .where('watchlist.watchlistId', '=', watchlistId)
    .where(sql<boolean>`screening_run.started_at >= coalesce(${lastWhole}, screening_run.started_at)`)
    .orderBy('screeningHit.rowNumber')
    .orderBy('screeningHit.entryId')
    .orderBy('screeningRun.startedAt', 'desc')
    .orderBy('screeningHit.hitId', 'desc');
  let query = db
    .selectFrom(newest.as('newest'))
    .leftJoin('screeningDecision', (join) =>
      join
        .onRef('screeningDecision.rowKey', '=', 'newest.rowKey')
        .onRef('screeningDecision.entryId', '=', 'newest.entryId')
        .onRef('screeningDecision.entryHash', '=', 'newest.entryHash')
        // One parameter, however many they are.
        .on(sql<boolean>`screening_decision.decision_id = any(${hiding}::text[])`),
    )
    .selectAll('newest')
    .select('screeningDecision.decisionId as hidingId')
    .select(sql<number>`count(*) over ()`.as('total'));
  if (!hidden) query = query.where('screeningDecision.decisionId', 'is', null);
  const rows = await query.orderBy('score', 'desc').orderBy('hitId').limit(limit).offset(offset).execute();
  const hits = rows.map(({ hidingId, total: _, ...hit }) =>
    hidingId === null ? { ...hit, isHidden: false } : { ...hit, isHidden: true, decisionId: hidingId },
  );
  return { hits, total: Number(rows[0]?.total ?? 0) };
}

/** A hit of this watchlist, or null. */
export async function findHit(
  db: Kysely<Schema>,
  watchlistId: string,
  hitId: number,
): Promise<ScreeningHit | null> {
  const row = await db
    .selectFrom('screeningHit')
    .innerJoin('screeningRun', 'screeningRun.runId', 'screeningHit.runId')
    .selectAll('screeningHit')
    .where('screeningRun.watchlistId', '=', watchlistId)
    .where('hitId', '=', hitId)
    .executeTakeFirst();
  return row ?? null;
}

/** A hit with the watchlist that it is of. */
export type NamedHit = ScreeningHit & { watchlistId: string; watchlistName: string };

/** What a change set hits of some watchlists of one organisation, and no decision hides; the best first. */
export async function hitsOfChangeSet(
  db: Kysely<Schema>,
  changeSetId: string,
  organisationId: string,
  watchlistIds: readonly string[],
): Promise<NamedHit[]> {
  if (watchlistIds.length === 0) return [];
  return shownHits(db, changeSetId)
    .selectAll('screeningHit')
    .select(['watchlist.watchlistId', 'watchlist.name as watchlistName'])
    .where('watchlist.organisationId', '=', organisationId)
    .where('watchlist.watchlistId', 'in', [...watchlistIds])
    .orderBy('score', 'desc')
    .orderBy('hitId')
    .execute();
}

/** A change that hits a watchlist. */
export interface ChangeHit {
  changeSeq: number;
  watchlistId: string;
  organisationId: string;
}

/** The same for watchlists of any organisation, and no more than which change hits which of them. */
export async function changeHits(
  db: Kysely<Schema>,
  changeSetId: string,
  watchlistIds: readonly string[],
): Promise<ChangeHit[]> {
  if (watchlistIds.length === 0) return [];
  const rows = await shownHits(db, changeSetId)
    .select(['screeningHit.changeSeq', 'watchlist.watchlistId', 'watchlist.organisationId'])
    .distinct()
    // One parameter, however many they are.
    .where(sql<boolean>`watchlist.watchlist_id = any(${[...watchlistIds]}::text[])`)
    .execute();
  return rows.flatMap(({ changeSeq, ...hit }) => (changeSeq === null ? [] : [{ ...hit, changeSeq }]));
}

/** What a change set hits and no decision hides. */
function shownHits(db: Kysely<Schema>, changeSetId: string) {
  return (
    db
      .selectFrom('screeningHit')
      .innerJoin('screeningRun', 'screeningRun.runId', 'screeningHit.runId')
      .innerJoin('watchlist', 'watchlist.watchlistId', 'screeningRun.watchlistId')
      .where('screeningRun.changeSetId', '=', changeSetId)
      .where('isHidden', '=', false)
      // A version that was screened again after an upload in between.
      .where(
        sql<boolean>`screening_run.version = (
        select max(later.version) from screening_run as later
        where later.change_set_id = screening_run.change_set_id
          and later.watchlist_id = screening_run.watchlist_id)`,
      )
  );
}

/** Change sets whose deliveries are made and that no watchlist was compared with yet, the oldest first. */
export async function changeSetsToScreen(db: Kysely<Schema>, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('changeSet')
    .select('changeSetId')
    .where('screenedAt', 'is', null)
    .where('notifiedAt', 'is not', null)
    .where('firstSeq', 'is not', null)
    .where('cause', '!=', 'baseline')
    .orderBy('knownAt')
    .orderBy('changeSetId')
    .limit(limit)
    .execute();
  return rows.map((row) => row.changeSetId);
}

export async function isScreened(db: Kysely<Schema>, changeSetId: string): Promise<boolean> {
  const row = await db
    .selectFrom('changeSet')
    .select('screenedAt')
    .where('changeSetId', '=', changeSetId)
    .executeTakeFirst();
  return row !== undefined && row.screenedAt !== null;
}

export async function markScreened(db: Kysely<Schema>, changeSetId: string, at: string): Promise<void> {
  await db.updateTable('changeSet').set({ screenedAt: at }).where('changeSetId', '=', changeSetId).execute();
}

/** Watchlists whose current version was not compared with the whole list yet, the oldest upload first. */
export async function watchlistsToScreen(db: Kysely<Schema>, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('watchlist')
    .select('watchlistId')
    .where('version', '>', 0)
    .where(
      sql<boolean>`not exists (
        select from screening_run
        where screening_run.watchlist_id = watchlist.watchlist_id
          and screening_run.version = watchlist.version and cause = 'upload')`,
    )
    .orderBy('uploadedAt')
    .limit(limit)
    .execute();
  return rows.map((row) => row.watchlistId);
}

// Rows and the model are one shape; these lines fail to compile when they drift apart.
const _sameRun: (row: Selectable<ScreeningRunTable>) => ScreeningRun = (row) => row;
const _sameHit: (row: Selectable<ScreeningHitTable>) => ScreeningHit = (row) => row;
