import { gatherDigests } from '../src/digest.ts';
import { enqueueDeliveries } from './deliver.ts';
import type { Job } from './job.ts';

/** Local times are whole minutes, so it looks each minute. */
export const digestJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 1_000,
  everyMs: 60_000,
  async run(parts, _data, enqueue) {
    await enqueueDeliveries(enqueue, await gatherDigests(parts));
  },
};
