import { notifyScreened } from '../src/notify.ts';
import { screenChangeSet, screenUpload } from '../src/screening.ts';
import { enqueueDeliveries } from './deliver.ts';
import type { Job } from './job.ts';

/** A change set against every watchlist, or an uploaded watchlist against the lists. What fails is tried again. */
export const screenJob: Job = {
  concurrency: 1,
  attempts: 4,
  backoffMs: 60_000,
  async run(parts, { changeSetId, watchlistId }, enqueue) {
    if (watchlistId !== undefined) return screenUpload(parts, watchlistId);
    const { failed } = await screenChangeSet(parts, changeSetId!);
    const told = await notifyScreened(parts, changeSetId!, { isComplete: failed === 0 });
    await enqueueDeliveries(enqueue, told);
    if (failed > 0) throw new Error(`${failed} watchlist(s) could not be compared with ${changeSetId}`);
  },
};
