import { deliver } from '../src/deliver.ts';
import type { Job } from './job.ts';

/** One try a job: when the next is due stands in the ledger, and the sweep brings it. */
export const deliverJob: Job = {
  concurrency: 4,
  attempts: 1,
  backoffMs: 1_000,
  run: (parts, { deliveryId }) => deliver(parts, deliveryId!),
};
