import type { Parts } from '../src/parts.ts';
import { forgetUnanswered } from '../src/sign-up.ts';
import { sweep } from '../src/sweep.ts';
import { enqueueDeliveries } from './deliver.ts';
import type { Enqueue, Job } from './job.ts';

const EVERY_MS = 30_000;
/** How soon a sweep that found more than it takes is followed by the next, at first. */
const SOON_MS = 1_000;
/** So much of a page must be new for the schedule to be helped out. */
const LEAST_NEW = 0.1;

/** The deliveries of the last full page in this process: how many of them are gone tells how fast work goes on. */
const lastPages = new WeakMap<Parts, ReadonlySet<string>>();

/**
 * The tables are the truth and the queue a nudge: what a crash or a lost queue left behind is picked up here. A worker
 * begins with one that has `again`, which is added to the ids of jobs: those of a process that was killed seem to run
 * for a quarter of a minute, and nothing could be added under the same ids.
 *
 * A backlog is more than one page. A sweep that found a full one is followed by another before the schedule comes by,
 * about when half of it is done: soon at first, then twice as late each time that less was, and half as late where most
 * was. What still waits is found again and adds nothing to the queue, so that no more than a page ever waits there.
 */
export const sweepJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 1_000,
  everyMs: EVERY_MS,
  async run(parts, { again = '', afterMs, turn = 'b' }, enqueue) {
    await forgetUnanswered(parts);
    const { changeSetIds, deliveryIds, isFull, unscreenedIds, watchlistIds } = await sweep(parts);
    for (const changeSetId of changeSetIds)
      await enqueue('notify', { changeSetId }, { jobId: `notify_${changeSetId}${again}` });
    await enqueueDeliveries(enqueue, deliveryIds, again);
    for (const changeSetId of unscreenedIds)
      await enqueue('screen', { changeSetId }, { jobId: `screen_${changeSetId}${again}` });
    for (const watchlistId of watchlistIds)
      await enqueue('screen', { watchlistId }, { jobId: `screen_${watchlistId}${again}` });
    const share = newShare(parts, isFull ? deliveryIds : []);
    // After a start the schedule begins: under the ids of this one, what is added by others would be there twice.
    if (isFull && again === '') await goOn(enqueue, nextWait(share, afterMs), turn);
  },
};

/** Which part of a page was not in the one before. */
function newShare(parts: Parts, page: readonly string[]): number {
  const last = lastPages.get(parts);
  lastPages.set(parts, new Set(page));
  const isNew = last === undefined ? page : page.filter((deliveryId) => !last.has(deliveryId));
  return page.length === 0 ? 0 : isNew.length / page.length;
}

/** @param afterMs how long this sweep waited, as its data say; none for one of the schedule */
function nextWait(share: number, afterMs: string | undefined): number | null {
  if (afterMs === undefined) return share < LEAST_NEW ? null : SOON_MS;
  const before = Number(afterMs);
  if (share > 0.75) return Math.max(SOON_MS, before / 2);
  const wait = share < 0.5 ? before * 2 : before;
  return wait < EVERY_MS ? wait : null;
}

async function goOn(enqueue: Enqueue, delayMs: number | null, turn: string): Promise<void> {
  if (delayMs === null) return;
  // The job that is ending still has its own id, so two take turns; and the schedule, which comes by, adds no third.
  const next = turn === 'a' ? 'b' : 'a';
  await enqueue('sweep', { afterMs: String(delayMs), turn: next }, { jobId: `sweep_on_${next}`, delayMs });
}
