import { addDays } from '../src/days.ts';
import { findHeld, ingest } from '../src/ingest.ts';
import type { Job } from './job.ts';

/** One document, one job: the second poll that sees it adds nothing. */
export function ingestJobId(number: string, publishedOn: string): string {
  return `ingest_${publishedOn}_${number.replace(/[^\w-]/gu, '_')}`;
}

/** Held documents older than this wait for a person. */
const HELD_DAYS = 30;

/** One at a time, in the order of print: a rule may revise what the one before it added. */
export const ingestJob: Job = {
  concurrency: 1,
  attempts: 5,
  backoffMs: 5_000,
  async run(parts, { number, publishedOn }, enqueue) {
    const { changeSetId, outcome } = await ingest(parts, number!, publishedOn!);
    // What this one did to the list may be what a held one waited for.
    if (outcome === 'applied')
      for (const held of await findHeld(parts, addDays(publishedOn!, -HELD_DAYS)))
        await enqueue('ingest', held, { jobId: ingestJobId(held.number, held.publishedOn) });
    if (changeSetId !== null) await enqueue('notify', { changeSetId }, { jobId: `notify_${changeSetId}` });
  },
};
