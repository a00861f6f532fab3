import { forgetUnanswered } from '../src/sign-up.ts';
import { sweep } from '../src/sweep.ts';
import type { Job } from './job.ts';

/** The tables are the truth and the queue a nudge: what a crash or a lost queue left behind is picked up here. */
export const sweepJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 1_000,
  everyMs: 30_000,
  async run(parts, _data, enqueue) {
    await forgetUnanswered(parts);
    const { changeSetIds, deliveryIds, unscreenedIds, watchlistIds } = await sweep(parts);
    for (const changeSetId of changeSetIds)
      await enqueue('notify', { changeSetId }, { jobId: `notify_${changeSetId}` });
    for (const deliveryId of deliveryIds)
      await enqueue('deliver', { deliveryId }, { jobId: `deliver_${deliveryId}` });
    for (const changeSetId of unscreenedIds)
      await enqueue('screen', { changeSetId }, { jobId: `screen_${changeSetId}` });
    for (const watchlistId of watchlistIds)
      await enqueue('screen', { watchlistId }, { jobId: `screen_${watchlistId}` });
  },
};
