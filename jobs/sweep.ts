import { forgetUnanswered } from '../src/sign-up.ts';
import { sweep } from '../src/sweep.ts';
import type { Job } from './job.ts';

/**
 * The tables are the truth and the queue a nudge: what a crash or a lost queue left behind is picked up here. A worker
 * begins with one that has `again`, which is added to the ids of jobs: those of a process that was killed seem to run
 * for a quarter of a minute, and nothing could be added under the same ids.
 */
export const sweepJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 1_000,
  everyMs: 30_000,
  async run(parts, { again = '' }, enqueue) {
    await forgetUnanswered(parts);
    const { changeSetIds, deliveryIds, unscreenedIds, watchlistIds } = await sweep(parts);
    for (const changeSetId of changeSetIds)
      await enqueue('notify', { changeSetId }, { jobId: `notify_${changeSetId}${again}` });
    for (const deliveryId of deliveryIds)
      await enqueue('deliver', { deliveryId, again }, { jobId: `deliver_${deliveryId}${again}` });
    for (const changeSetId of unscreenedIds)
      await enqueue('screen', { changeSetId }, { jobId: `screen_${changeSetId}${again}` });
    for (const watchlistId of watchlistIds)
      await enqueue('screen', { watchlistId }, { jobId: `screen_${watchlistId}${again}` });
  },
};
