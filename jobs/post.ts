import { deliver } from '../src/deliver.ts';
import type { Job } from './job.ts';

/** One try of a webhook or a chat message. They mostly wait, so many run at once. */
export const postJob: Job = {
  concurrency: 16,
  attempts: 1,
  backoffMs: 1_000,
  run: (parts, { deliveryId }) => deliver(parts, deliveryId!),
};
