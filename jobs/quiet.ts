import { noteQuietDay } from '../src/quiet.ts';
import { enqueueDeliveries } from './deliver.ts';
import type { Job } from './job.ts';

/** The route says whether the day has ended. */
export const quietJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 1_000,
  everyMs: 300_000,
  async run(parts, _data, enqueue) {
    await enqueueDeliveries(enqueue, await noteQuietDay(parts));
  },
};
