import { setTimeout as wait } from 'node:timers/promises';
import { assertWindow, type BackfillProgress, backfill, monthsBetween } from './backfill.ts';
import { easternDay } from './days.ts';
import { ElwatchError, errorLine } from './errors.ts';
import { ingest } from './ingest.ts';
import type { Parts } from './parts.ts';
import { describeBackfillCounts } from './render/backfill-words.ts';
import type { BackfillRun, BackfillRuns } from './web/operator/operator-parts.ts';

/** How long a stop waits for the document that is being read. */
const STOP_MS = 25_000;

/**
 * Backfills in the background of a service. A run keeps nothing of itself: one that was stopped is taken up by the
 * next one over the same days.
 */
export function createBackfillRuns(parts: Parts): BackfillRuns & { stop(): Promise<void> } {
  const stopping = new AbortController();
  let last: BackfillRun | null = null;
  let running: Promise<void> | null = null;

  async function go(run: BackfillRun): Promise<void> {
    try {
      const result = await backfill(parts, {
        ...{ from: run.from, to: run.to },
        ingest: (number, publishedOn) => {
          stopping.signal.throwIfAborted();
          return ingest(parts, number, publishedOn);
        },
        sleep: (ms) => wait(ms, undefined, { signal: stopping.signal }),
        onProgress: (progress) => Object.assign(run, describe(progress)),
      });
      const named = (outcome: string, of: typeof result.held) => of.map((one) => ({ outcome, ...one }));
      Object.assign(run, { done: run.of, at: '', counts: describeBackfillCounts(result.counts) });
      run.unfinished = [
        ...named('failed', result.failed),
        ...named('held', result.held),
        ...named('waiting', result.waiting),
      ];
      if (result.malformed.length > 0)
        run.error = `Results of the search that cannot be read: ${result.malformed.join('; ')}.`;
    } catch (error) {
      const hint = error instanceof ElwatchError ? ` ${error.hint}` : '';
      // A service that stops gives up its requests first.
      const isStopped =
        stopping.signal.aborted || (error instanceof ElwatchError && error.code === 'closing');
      run.error = isStopped ? 'It was stopped with the service.' : `${errorLine(error)}.${hint}`;
      parts.log.warn({ from: run.from, to: run.to, error: errorLine(error) }, 'a backfill ended early');
    } finally {
      run.endedAt = parts.now();
      running = null;
    }
  }

  return {
    last: () => last,
    start(from, to, who) {
      assertWindow(from, to, easternDay(parts.now()));
      if (running !== null)
        throw new ElwatchError('backfill-runs', `a backfill from ${last?.from} to ${last?.to} goes on`, {
          retry: true,
          hint: 'wait until it has ended: rules are read in the order of print',
        });
      last = {
        ...{ from, to, who, startedAt: parts.now(), endedAt: null },
        ...{ done: 0, of: monthsBetween(from, to).length, at: '', counts: '', error: null, unfinished: [] },
      };
      parts.log.info({ from, to, who }, 'a backfill begins');
      running = go(last);
    },
    async stop() {
      stopping.abort();
      if (running !== null) await Promise.race([running, wait(STOP_MS, undefined, { ref: false })]);
    },
  };
}

function describe({ sliceNumber, slices, slice, document, counts }: BackfillProgress): Partial<BackfillRun> {
  return {
    done: document === null ? sliceNumber : sliceNumber - 1,
    of: slices,
    at:
      document === null
        ? `${slice.from.slice(0, 7)} is done`
        : `${slice.from.slice(0, 7)}: ${document.number}, ${document.at} of ${document.of}`,
    counts: describeBackfillCounts(counts),
  };
}
