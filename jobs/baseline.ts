import { ensureBaseline } from '../src/baseline.ts';
import type { Job } from './job.ts';

/** A new installation loads its lists from eCFR; once they are there this asks the store and no more. */
export const baselineJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 60_000,
  everyMs: 10 * 60_000,
  async run(parts, _data, enqueue) {
    // Rules that were found before the list was there wait for it; do not let them wait for the next poll.
    if (await ensureBaseline(parts)) await enqueue('poll', {}, { jobId: 'poll-after-baseline' });
  },
};
