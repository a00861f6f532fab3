import { notify } from '../src/notify.ts';
import { enqueueDeliveries } from './deliver.ts';
import type { Job } from './job.ts';

export const notifyJob: Job = {
  concurrency: 1,
  attempts: 5,
  backoffMs: 1_000,
  async run(parts, { changeSetId }, enqueue) {
    await enqueueDeliveries(enqueue, await notify(parts, changeSetId!));
    // Who watches counterparties is told when these were compared, and keeps nobody else waiting.
    await enqueue('screen', { changeSetId }, { jobId: `screen_${changeSetId}` });
  },
};
