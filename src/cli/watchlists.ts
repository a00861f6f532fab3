import type { App } from '../app.ts';
import { easternDay } from '../days.ts';
import { ElwatchError } from '../errors.ts';
import { faultyRows, loadWatchlist } from '../load-watchlist.ts';
import type { ScreeningRun, Watchlist } from '../model.ts';
import { DEFAULT_THRESHOLD } from '../screen/screen.ts';
import { screenWatchlist } from '../screening.ts';
import { currentHits, findHit, findRun, hitsOfRun, listRuns } from '../store/screening.ts';
import { decideNotAMatch, endDecision, listDecisions } from '../store/screening-decisions.ts';
import {
  addWatchlist,
  editWatchlist,
  findWatchlist,
  listWatchlists,
  removeWatchlist,
} from '../store/watchlists.ts';
import { measureFile } from '../watchlist/spool.ts';
import { systemUser } from './held-decide.ts';
import { hitLines } from './hit-lines.ts';
import { type Output, safe, table } from './output.ts';
import { assertOrganisation, needWatchlist, type Owner } from './owner.ts';
import { createProgress } from './progress.ts';
import { progressBar } from './progress-bar.ts';

/**
 * `elwatch watchlists add`: makes a watchlist of a file, or puts the file in the place of its rows, and compares it
 * with the lists. A file with a faulty row leaves everything as it was.
 */
export async function runAddWatchlist(
  app: App,
  name: string,
  path: string,
  options: Owner & { threshold?: number; skipFaulty?: boolean; who?: string },
  out: Output,
): Promise<void> {
  const { parts } = app;
  const file = await measureFile(path);
  await assertOrganisation(app, options);
  const known = await findWatchlist(parts.db, options.organisation, name);
  const threshold = options.threshold ?? null;
  const target =
    known ??
    (await addWatchlist(parts.db, {
      organisationId: options.organisation,
      ...{ name, threshold, createdAt: parts.now() },
    }));
  const progress = createProgress();
  const dropNew = async () => {
    progress.end();
    if (known === null) await removeWatchlist(parts.db, target);
  };
  const loaded = await loadWatchlist(parts, target, file, {
    who: options.who ?? systemUser(),
    skipFaulty: options.skipFaulty === true,
    progress: (fraction) => progress.at(progressBar(fraction, 'loaded')),
  }).catch(async (error: unknown) => {
    await dropNew();
    throw error;
  });
  if (!loaded.isTaken) {
    await dropNew();
    throw faultyRows(loaded.reading);
  }
  const watchlist =
    known !== null && threshold !== null
      ? await editWatchlist(parts.db, target, { threshold })
      : loaded.watchlist;
  const run = await compare(app, watchlist, 'upload');
  const { faults, notes } = loaded.reading;
  out.result({ watchlist, run, faults, notes }, () =>
    [
      ...[...faults.first, ...notes.first].map(({ row, message }) => safe(`row ${row}: ${message}`)),
      safe(`“${watchlist.name}” has ${watchlist.rows} counterparties (version ${watchlist.version}).`),
      run === null ? 'No list is loaded yet: it is compared when one is.' : describeRun(run, watchlist),
    ].join('\n'),
  );
}

/** Compares with a bar on the terminal; null where there is no list yet, which an upload need not wait for. */
async function compare(
  app: App,
  watchlist: Watchlist,
  cause: 'upload' | 'demand',
): Promise<ScreeningRun | null> {
  const progress = createProgress();
  try {
    return await screenWatchlist(app.parts, watchlist, cause, {
      progress: (fraction) => progress.at(progressBar(fraction, 'compared')),
    });
  } catch (error) {
    if (cause === 'upload' && error instanceof ElwatchError && error.code === 'no-list') return null;
    throw error;
  } finally {
    progress.end();
  }
}

function describeRun(
  { runId, names, entries, hits, hidden, threshold }: ScreeningRun,
  { name }: Watchlist,
): string {
  const visible = hits - hidden;
  const result = visible === 0 ? 'no hit' : `${visible} hits`;
  const decided = hidden === 0 ? '' : `, ${hidden} more decided as no match`;
  const next = visible === 0 ? '' : `\nelwatch watchlists hits ${JSON.stringify(name)} shows them.`;
  return safe(
    `${names} counterparties compared with ${entries} entries at threshold ${threshold}: ${result}${decided}. Kept as ${runId}.${next}`,
  );
}

/** `elwatch watchlists list`. */
export async function runListWatchlists({ parts }: App, { organisation }: Owner, out: Output): Promise<void> {
  const watchlists = await listWatchlists(parts.db, { organisationId: organisation });
  out.result({ watchlists }, () =>
    table(
      ['name', 'id', 'rows', 'version', 'threshold', 'uploaded', 'by'],
      watchlists.map((one) => [
        ...[one.name, one.watchlistId, one.rows, one.version, one.threshold ?? DEFAULT_THRESHOLD],
        ...[one.uploadedAt, one.uploadedBy],
      ]),
    ),
  );
}

/** `elwatch watchlists show`: one watchlist, its last comparison, and what was decided. */
export async function runShowWatchlist(app: App, name: string, owner: Owner, out: Output): Promise<void> {
  const watchlist = await needWatchlist(app, name, owner);
  const [run = null] = await listRuns(app.parts.db, watchlist.watchlistId, { limit: 1 });
  const decisions = await listDecisions(app.parts.db, watchlist.watchlistId);
  out.result({ watchlist, lastRun: run, decisions }, () =>
    [
      safe(
        `${watchlist.name} (${watchlist.watchlistId}): ${watchlist.rows} counterparties, version ${watchlist.version}`,
      ),
      `SHA-256 of the file: ${watchlist.sha256 ?? 'none was uploaded'}`,
      run === null ? 'Not compared yet.' : `Last compared ${run.endedAt}. ${describeRun(run, watchlist)}`,
      table(
        ['decision', 'counterparty', 'is not', 'reason', 'by', 'until', 'ended'],
        decisions.map((one) => [
          ...[one.decisionId, one.theirName, one.entryName, one.reason, one.who, one.expiresOn, one.endedAt],
        ]),
        40,
      ),
    ].join('\n'),
  );
}

/** `elwatch watchlists remove`: with all that was ever kept about it. */
export async function runRemoveWatchlist(app: App, name: string, owner: Owner, out: Output): Promise<void> {
  const watchlist = await needWatchlist(app, name, owner);
  await removeWatchlist(app.parts.db, watchlist);
  out.result({ removed: watchlist.watchlistId }, () =>
    safe(`“${watchlist.name}” is removed, with its rows, runs, hits and decisions.`),
  );
}

/** `elwatch watchlists screen`: against the lists as they are now. Answers whether a hit is to be looked at. */
export async function runScreenWatchlist(
  app: App,
  name: string,
  owner: Owner,
  out: Output,
): Promise<boolean> {
  const watchlist = await needWatchlist(app, name, owner);
  const run = await compare(app, watchlist, 'demand');
  if (run === null)
    throw new ElwatchError('watchlist-empty', `“${watchlist.name}” has no rows yet`, {
      retry: false,
      hint: 'elwatch watchlists add loads a file into it',
    });
  out.result(run, () => describeRun(run, watchlist));
  return run.hits > run.hidden;
}

/** `elwatch watchlists runs`: every comparison is evidence, those without a hit too. */
export async function runListRuns(app: App, name: string, owner: Owner, out: Output): Promise<void> {
  const { watchlistId } = await needWatchlist(app, name, owner);
  const runs = await listRuns(app.parts.db, watchlistId);
  out.result({ runs }, () =>
    table(
      ['run', 'at', 'because of', 'version', 'names', 'entries', 'hits', 'hidden', 'threshold', 'matcher'],
      runs.map((one) => [
        ...[one.runId, one.endedAt, one.changeSetId ?? one.cause, one.version, one.names, one.entries],
        ...[one.hits, one.hidden, one.threshold, one.matcherVersion],
      ]),
    ),
  );
}

/** `elwatch watchlists hits`: what is known now, or of one run. */
export async function runListHits(
  app: App,
  name: string,
  options: Owner & { run?: string; hidden?: boolean },
  out: Output,
): Promise<void> {
  const { watchlistId } = await needWatchlist(app, name, options);
  const { db, now } = app.parts;
  const hidden = options.hidden === true;
  if (options.run !== undefined && (await findRun(db, watchlistId, options.run)) === null)
    throw new ElwatchError('run-unknown', `the watchlist has no run ${options.run}`, {
      retry: false,
      hint: 'elwatch watchlists runs shows them all',
    });
  const hits =
    options.run === undefined
      ? await currentHits(db, watchlistId, now(), { hidden, limit: 100_000 })
      : await hitsOfRun(db, options.run, { hidden });
  out.result({ hits }, () => (hits.length === 0 ? 'No hit.' : hits.map(hitLines).join('\n')));
}

/** `elwatch watchlists decide`: a hit is not a match, until a day, or until the entry changes. */
export async function runDecide(
  app: App,
  name: string,
  hitId: number,
  options: Owner & { reason: string; expires?: string; who?: string },
  out: Output,
): Promise<void> {
  const { db, now } = app.parts;
  const { watchlistId } = await needWatchlist(app, name, options);
  const hit = await findHit(db, watchlistId, hitId);
  if (hit === null)
    throw new ElwatchError('hit-unknown', `the watchlist has no hit ${hitId}`, {
      retry: false,
      hint: 'elwatch watchlists hits shows their numbers',
    });
  const expiresOn = options.expires ?? null;
  if (expiresOn !== null && expiresOn < easternDay(now()))
    throw new ElwatchError('expires-in-the-past', `${expiresOn} is over`, {
      retry: false,
      hint: 'give --expires a day from today on, or leave it out',
    });
  const decision = await decideNotAMatch(db, watchlistId, hit, {
    ...{ reason: options.reason, who: options.who ?? systemUser(), madeAt: now(), expiresOn },
  });
  out.result(decision, () =>
    safe(
      `“${decision.theirName}” is not “${decision.entryName}”${expiresOn === null ? '' : ` until ${expiresOn}`}: ${decision.reason}\nIt holds from now on, and no longer once the entry changes. elwatch watchlists undo ${JSON.stringify(name)} ${decision.decisionId} takes it back.`,
    ),
  );
}

/** `elwatch watchlists undo`: takes a decision back; its record stays. */
export async function runUndoDecision(app: App, name: string, decisionId: string, owner: Owner, out: Output) {
  const { watchlistId } = await needWatchlist(app, name, owner);
  if (!(await endDecision(app.parts.db, watchlistId, decisionId, app.parts.now())))
    throw new ElwatchError('decision-unknown', `there is no decision ${decisionId} that still counts`, {
      retry: false,
      hint: 'elwatch watchlists show lists them',
    });
  out.result({ ended: decisionId }, () => `${decisionId} hides nothing from the next comparison on.`);
}
