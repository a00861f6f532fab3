import { randomBytes } from 'node:crypto';
import { easternDay } from '../days.ts';
import { ElwatchError } from '../errors.ts';
import type { ScreeningRun, Watchlist } from '../model.ts';
import type { Parts } from '../parts.ts';
import { DEFAULT_THRESHOLD, MATCHER_VERSION } from '../screen/screen.ts';
import { type NewHit, recordRun } from '../store/screening.ts';
import { listDecisions } from '../store/screening-decisions.ts';
import { rowsAfter, type StoredRow } from '../store/watchlist-rows.ts';
import type { Target } from './find-target.ts';
import type { Screener } from './open-screener.ts';
import { groupDecisions, weighHit } from './weigh-hit.ts';

/** Names at a time: the embedded store answers so many in a few milliseconds. */
const PAGE = 250;
/** A threshold that finds more than this tells nothing. */
const MOST_HITS = 200_000;

/** What a run compares with, and on whose account. */
export interface Screened extends Pick<ScreeningRun, 'cause' | 'changeSetId' | 'stateHashes' | 'lastSeq'> {
  targets: readonly Target[];
  screener: Screener;
  progress?(fraction: number): void;
}

/**
 * Compares the current version of a watchlist and stores the run with its hits. Answers null where another process
 * stored it first.
 *
 * @throws ElwatchError `watchlist-replaced` (retry) where its rows were replaced meanwhile, `too-many-hits`
 */
export async function runScreening(
  { db, now }: Parts,
  watchlist: Watchlist,
  { targets, screener, progress, ...run }: Screened,
): Promise<ScreeningRun | null> {
  const { watchlistId, version } = watchlist;
  const threshold = watchlist.threshold ?? DEFAULT_THRESHOLD;
  const startedAt = now();
  const byId = new Map(targets.map((target) => [target.subject.id, target]));
  const decisions = groupDecisions(await listDecisions(db, watchlistId));
  const today = easternDay(startedAt);
  const hits: NewHit[] = [];
  let names = 0;
  for (let after = -1; ; ) {
    const page = await rowsAfter(db, watchlistId, version, { after, limit: PAGE });
    if (page.length === 0) break;
    after = page.at(-1)!.rowNumber;
    const rows = new Map(page.map((row) => [String(row.rowNumber), row]));
    for (const hit of await screener.screen(page.map(toSubject), threshold)) {
      const row = rows.get(hit.queryId)!;
      hits.push(weighHit(toHit(row, byId.get(hit.subjectId)!, hit), decisions, today));
    }
    if (hits.length > MOST_HITS)
      throw new ElwatchError('too-many-hits', `the watchlist has more than ${MOST_HITS} hits`, {
        retry: false,
        hint: 'Give it a higher threshold.',
      });
    names += page.length;
    progress?.(Math.min(1, names / watchlist.rows));
  }
  if (names !== watchlist.rows)
    throw new ElwatchError('watchlist-replaced', 'the rows were replaced while they were screened', {
      retry: true,
      hint: 'The new rows are screened by themselves.',
    });
  const done: ScreeningRun = {
    runId: `sr_${randomBytes(9).toString('base64url')}`,
    watchlistId,
    version,
    sha256: watchlist.sha256!,
    ...run,
    matcherVersion: MATCHER_VERSION,
    threshold,
    names,
    entries: targets.length,
    hits: hits.length,
    hidden: hits.filter(({ isHidden }) => isHidden).length,
    startedAt,
    endedAt: now(),
  };
  return (await recordRun(db, done, hits)) ? done : null;
}

function toSubject({ rowNumber, name, aliases, addresses, country }: StoredRow) {
  return { id: String(rowNumber), names: [name, ...aliases], addresses, country };
}

function toHit(
  { rowNumber, rowKey, ref, name, country }: StoredRow,
  { subject: _, gone, ...entry }: Target,
  hit: { score: number; matched: NewHit['matched']; reasons: string[]; countryAgrees: boolean | null },
): Omit<NewHit, 'decisionId' | 'isHidden'> {
  const { score, matched, countryAgrees } = hit;
  const reasons = gone.has(matched.ours)
    ? [`the change took “${matched.ours.slice(0, 80)}” off the entry`, ...hit.reasons]
    : hit.reasons;
  return {
    ...{ rowNumber, rowKey, ref, theirName: name, theirCountry: country },
    ...entry,
    ...{ score, matched, reasons, countryAgrees },
  };
}
