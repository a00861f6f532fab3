import { setTimeout as wait } from 'node:timers/promises';
import { addDays } from './days.ts';
import { ElwatchError, errorLine } from './errors.ts';
import { type DocumentStatus, LIST_NAMES } from './model.ts';
import type { Parts } from './parts.ts';
import { knownBetween, quietOldChangeSets } from './store/backfill.ts';
import { earliestDay } from './store/entries.ts';
import { openIssue } from './store/issues.ts';

/** Days from … to, both within. */
export interface Slice {
  from: string;
  to: string;
}

/** What the route of one document answers, as far as a backfill needs it. */
export interface BackfillOutcome {
  outcome: 'applied' | 'held' | 'ignored' | 'waiting' | 'unchanged' | 'withdrawn';
  reason: string;
}

export interface BackfillOptions extends Slice {
  /** The route of one document: `ingest`. */
  ingest(number: string, publishedOn: string): Promise<BackfillOutcome>;
  onProgress?(progress: BackfillProgress): void;
  /** Pauses before what failed is tried again, in milliseconds; one round for each. */
  pausesMs?: readonly number[];
  sleep?(ms: number): Promise<unknown>;
}

/** Where a backfill stands. `document` is null where a slice is done. */
export interface BackfillProgress {
  slice: Slice;
  /** From 1. */
  sliceNumber: number;
  slices: number;
  document: { number: string; publishedOn: string; at: number; of: number } | null;
  counts: BackfillCounts;
}

type Outcome = BackfillOutcome['outcome'] | 'failed';

export interface BackfillCounts extends Record<Outcome, number> {
  found: number;
  /** Settled in an earlier run, and left alone. */
  known: number;
  /** Published and in effect before the day of the first list: what they did is in the baseline. */
  beforeBaseline: number;
}

export interface BackfillResult extends Slice {
  baselineOn: string;
  counts: BackfillCounts;
  /** Documents that are not finished, with the reason. */
  failed: LookedAt[];
  held: LookedAt[];
  waiting: LookedAt[];
  /** Results of the search that could not be read, each in one line. */
  malformed: string[];
}

/** A document that the run looked at, and what came of it. */
export interface LookedAt {
  number: string;
  publishedOn: string;
  reason: string;
}

interface Wanted {
  number: string;
  publishedOn: string;
}

interface Found extends Wanted {
  effectiveOn: string | null;
}

const PAUSES_MS: readonly number[] = [2_000, 10_000, 30_000];
/** What these are, another look does not change; `new` and `provisional` were never finished. */
const SETTLED: readonly DocumentStatus[] = ['applied', 'held', 'ignored', 'withdrawn'];
const MOST_PASSES = 5;
/** Before it the Federal Register has no full texts. */
const EARLIEST = '2000-01-18';

/**
 * Refuses days between which nothing can be read.
 *
 * @throws ElwatchError `bad-window`
 */
export function assertWindow(from: string, to: string, today: string): void {
  if (from <= to && to <= today && from >= EARLIEST) return;
  throw new ElwatchError('bad-window', `from ${from} to ${to} is no window that can be read`, {
    retry: false,
    hint: `give days from ${EARLIEST} (before it there are no full texts) to ${today}, the earlier one first`,
  });
}

/**
 * Reads the rules published from … to (days, both within), month by month and in the order of print, at the pace
 * of the client. Nothing is kept about the run itself: a document that is settled is left alone, so that a run
 * that was killed is taken up by the next one, and a run after a whole one does nothing. What fails is tried
 * again after its month and at the end, and what fails then is named. Nobody is told about old documents.
 *
 * @throws ElwatchError `no-baseline`, or as `searchRules` does where a month cannot be searched
 */
export async function backfill(parts: Parts, options: BackfillOptions): Promise<BackfillResult> {
  const { from, to, sleep = wait, pausesMs = PAUSES_MS } = options;
  const baselineOn = await firstBaselineDay(parts);
  await quietOldChangeSets(parts.db, parts.now());
  const months = monthsBetween(from, to);
  const run = createRun(parts, options.ingest);
  const malformed: string[] = [];
  for (const [index, slice] of months.entries()) {
    const tell = (document: BackfillProgress['document']) =>
      options.onProgress?.({
        slice,
        sliceNumber: index + 1,
        slices: months.length,
        document,
        counts: run.counts(),
      });
    const found = await searchMonth(parts, slice, { pausesMs, sleep }, malformed);
    const due = await run.choose(found, slice, baselineOn);
    for (const [at, document] of due.entries()) {
      tell({ ...document, at: at + 1, of: due.length });
      await run.look(document);
    }
    // Rules amend in the order of print, so what failed is tried again before the next month.
    for (const pause of pausesMs) {
      const failed = run.all('failed');
      if (failed.length === 0) break;
      await sleep(pause);
      for (const document of failed) await run.look(document);
    }
    tell(null);
  }
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const before = run.counts().applied;
    for (const document of run.worthAnotherLook()) await run.look(document);
    if (run.counts().applied === before) break;
  }
  return {
    ...{ from, to, baselineOn, counts: run.counts(), malformed },
    failed: run.all('failed'),
    held: run.all('held'),
    waiting: run.all('waiting'),
  };
}

/** The months of a window, cut to its ends. Empty where it ends before it begins. */
export function monthsBetween(from: string, to: string): Slice[] {
  const slices: Slice[] = [];
  for (let start = from; start <= to; ) {
    const next = `${addDays(`${start.slice(0, 7)}-28`, 4).slice(0, 7)}-01`;
    const last = addDays(next, -1);
    slices.push({ from: start, to: last < to ? last : to });
    start = next;
  }
  return slices;
}

async function firstBaselineDay(parts: Parts): Promise<string> {
  const days = await Promise.all(LIST_NAMES.map((list) => earliestDay(parts.db, list)));
  const first = days.filter((day) => day !== null).sort()[0];
  if (first !== undefined) return first;
  throw new ElwatchError(
    'no-baseline',
    'no list was loaded yet, so there is nothing that rules could amend',
    {
      retry: false,
      hint: 'load the list as it stood before the first rule, as elwatch baseline 2022-01-01; then backfill from that day',
    },
  );
}

/** A month that cannot be searched ends the run: the rules after it may build on what it holds. */
async function searchMonth(
  parts: Parts,
  slice: Slice,
  { pausesMs, sleep }: { pausesMs: readonly number[]; sleep(ms: number): Promise<unknown> },
  malformed: string[],
): Promise<Found[]> {
  for (let tried = 0; ; tried++) {
    const faults: ElwatchError[] = [];
    try {
      const found = await parts.federalRegister.searchRules(slice, (fault) => faults.push(fault));
      for (const fault of faults) {
        malformed.push(errorLine(fault));
        await openIssue(parts.db, {
          ...{ code: 'malformed-record', holds: true, message: fault.message, locator: null },
          ...{ excerpt: fault.message.slice(0, 200), number: null, publishedOn: null },
          openedAt: parts.now(),
        });
      }
      return found;
    } catch (error) {
      const pause = pausesMs[tried];
      const mayHelp = error instanceof ElwatchError && error.retry && error.code !== 'closing';
      if (!mayHelp || pause === undefined) throw error;
      await sleep(pause);
    }
  }
}

interface Entry extends LookedAt {
  outcome: Outcome;
  /** Counts the looks of the run from 1; 0 for a document that was held before it. */
  look: number;
}

/** What one run knows of its documents, in the order of print. */
function createRun(parts: Parts, ingest: BackfillOptions['ingest']) {
  const entries = new Map<string, Entry>();
  const others = { found: 0, known: 0, beforeBaseline: 0 };
  let looks = 0;

  return {
    counts(): BackfillCounts {
      const counts: BackfillCounts = {
        ...others,
        ...{ applied: 0, held: 0, ignored: 0, waiting: 0, unchanged: 0, withdrawn: 0, failed: 0 },
      };
      for (const { outcome, look } of entries.values()) if (look > 0) counts[outcome] += 1;
      return counts;
    },

    all: (outcome: Outcome): LookedAt[] =>
      [...entries.values()]
        .filter((entry) => entry.outcome === outcome)
        .map(({ number, publishedOn, reason }) => ({ number, publishedOn, reason })),

    /** Those of a month that are to be looked at. */
    async choose(found: readonly Found[], month: Slice, baselineOn: string): Promise<Wanted[]> {
      const known = await knownBetween(parts.db, month.from, month.to);
      others.found += found.length;
      return found.filter(({ number, publishedOn, effectiveOn }) => {
        const key = `${publishedOn}|${number}`;
        const document = known.get(key);
        const isInBaseline = publishedOn < baselineOn && (effectiveOn ?? publishedOn) <= baselineOn;
        if (isInBaseline) others.beforeBaseline += 1;
        else if (document === undefined || !SETTLED.includes(document.status)) return true;
        else {
          others.known += 1;
          if (document.status === 'held') {
            const reason = document.statusReason ?? 'held';
            entries.set(key, { number, publishedOn, reason, outcome: 'held', look: 0 });
          }
        }
        return false;
      });
    },

    async look({ number, publishedOn }: Wanted): Promise<void> {
      let came: { outcome: Outcome; reason: string };
      try {
        came = await ingest(number, publishedOn);
      } catch (error) {
        if (!(error instanceof ElwatchError) || error.code === 'closing') throw error;
        came = { outcome: 'failed', reason: errorLine(error) };
      }
      looks += 1;
      // A key that is set again keeps its place, so that the order stays that of print.
      entries.set(`${publishedOn}|${number}`, {
        ...{ number, publishedOn, outcome: came.outcome, reason: came.reason, look: looks },
      });
      await quietOldChangeSets(parts.db, parts.now());
    },

    /** What failed or waits, and what was held before an earlier document was applied that it may build on. */
    worthAnotherLook(): Wanted[] {
      let applied = -1;
      return [...entries.values()].filter(({ outcome, look }) => {
        if (outcome === 'applied') applied = Math.max(applied, look);
        return outcome === 'failed' || outcome === 'waiting' || (outcome === 'held' && applied > look);
      });
    },
  };
}
