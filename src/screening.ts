import { ElwatchError, errorLine } from './errors.ts';
import type { ChangeSet, ScreeningRun, Watchlist } from './model.ts';
import type { Parts } from './parts.ts';
import { stateHashesOf, targetsOfChanges, targetsOfEntries } from './screening/find-target.ts';
import { openScreener } from './screening/open-screener.ts';
import { runScreening } from './screening/run-screening.ts';
import { isHistory } from './store/backfill.ts';
import { findChangeSet } from './store/change-sets.ts';
import { changesOf, latestSeq } from './store/changes.ts';
import { currentEntries } from './store/entries.ts';
import { closeIssuesOf, openIssue } from './store/issues.ts';
import { findRunOf, watchlistsToScreen } from './store/screening.ts';
import { inTransaction } from './store/transaction.ts';
import { listWatchlists } from './store/watchlists.ts';

/**
 * Compares every watchlist with the entries that a change set added, revised or removed: one run for each, stored
 * also where it hits nothing, and made once however often this is called. One that fails stops no other: it is an
 * issue, and is tried again. Answers how many failed.
 */
export async function screenChangeSet(parts: Parts, changeSetId: string): Promise<{ failed: number }> {
  const changeSet = await findChangeSet(parts.db, changeSetId);
  if (changeSet === null || changeSet.firstSeq === null || changeSet.cause === 'baseline')
    return { failed: 0 };
  // What old documents did is known to the lists that a watchlist is compared with at its upload.
  if (await isHistory(parts.db, changeSetId)) return { failed: 0 };
  const waiting: Watchlist[] = [];
  for (const watchlist of await listWatchlists(parts.db)) {
    const { watchlistId, version } = watchlist;
    if (version > 0 && (await findRunOf(parts.db, watchlistId, version, changeSetId)) === null)
      waiting.push(watchlist);
  }
  if (waiting.length === 0) return { failed: 0 };
  const targets = targetsOfChanges(await changesOf(parts.db, changeSetId));
  const screener = openScreener(
    targets.map(({ subject }) => subject),
    { names: waiting.reduce((sum, { rows }) => sum + rows, 0) },
  );
  let failed = 0;
  try {
    for (const watchlist of waiting) {
      try {
        const run = await runScreening(parts, watchlist, {
          cause: 'rule',
          changeSetId,
          stateHashes: changeSet.stateHashes ?? {},
          lastSeq: changeSet.lastSeq!,
          targets,
          screener,
        });
        if (run !== null) noteRun(parts, run);
      } catch (error) {
        failed += 1;
        await noteFailure(parts, watchlist, changeSet, error);
      }
    }
  } finally {
    await screener.close();
  }
  if (failed === 0)
    await closeIssuesOf(parts.db, changeSet.document?.number ?? null, parts.now(), 'screening-failed');
  return { failed };
}

/**
 * Compares a watchlist with all lists as they are now. Answers null where there is nothing to compare, or the run
 * of its upload was made before.
 *
 * @throws ElwatchError `watchlist-replaced` (retry), `too-many-hits`, `no-list`
 */
export async function screenWatchlist(
  parts: Parts,
  watchlist: Watchlist,
  cause: 'upload' | 'demand',
  options: { progress?(fraction: number): void } = {},
): Promise<ScreeningRun | null> {
  if (watchlist.version === 0) return null;
  // Together, or a rule that is applied in between would be on one side only.
  const { entries, lastSeq } = await inTransaction(parts.db, async (tx) => ({
    entries: await currentEntries(tx),
    lastSeq: await latestSeq(tx),
  }));
  if (entries.length === 0)
    throw new ElwatchError('no-list', 'no list is loaded that could be compared', {
      retry: true,
      hint: 'Start the service, which loads it, or run elwatch baseline.',
    });
  const targets = targetsOfEntries(entries);
  const screener = openScreener(
    targets.map(({ subject }) => subject),
    { names: watchlist.rows },
  );
  try {
    const run = await runScreening(parts, watchlist, {
      cause,
      changeSetId: null,
      stateHashes: stateHashesOf(targets),
      lastSeq,
      targets,
      screener,
      ...options,
    });
    if (run !== null) noteRun(parts, run);
    return run;
  } finally {
    await screener.close();
  }
}

/** The run that belongs to the upload of a watchlist, where it was not made yet and there are lists. */
export async function screenUpload(parts: Parts, watchlistId: string): Promise<ScreeningRun | null> {
  const watchlist = (await listWatchlists(parts.db)).find((one) => one.watchlistId === watchlistId);
  if (watchlist === undefined || !(await watchlistsToScreen(parts.db, 1_000)).includes(watchlistId))
    return null;
  return screenWatchlist(parts, watchlist, 'upload');
}

/** Counts only: what a customer's list holds, and what of it is hit, is for no log. */
function noteRun({ log, metrics }: Parts, run: ScreeningRun): void {
  metrics.screened(run);
  const { runId, watchlistId, cause, names, entries, hits, hidden } = run;
  log.info({ run: runId, watchlist: watchlistId, cause, names, entries, hits, hidden }, 'watchlist screened');
}

async function noteFailure(
  parts: Parts,
  { watchlistId }: Watchlist,
  { changeSetId, document }: ChangeSet,
  error: unknown,
): Promise<void> {
  const line = errorLine(error);
  parts.log.error({ watchlist: watchlistId, changeSet: changeSetId, error: line }, 'screening failed');
  await openIssue(parts.db, {
    number: document?.number ?? null,
    publishedOn: document?.publishedOn ?? null,
    code: 'screening-failed',
    holds: false,
    message: `watchlist ${watchlistId} could not be compared with ${changeSetId}, and is tried again: ${line}`,
    excerpt: watchlistId,
    locator: null,
    openedAt: parts.now(),
  });
}
