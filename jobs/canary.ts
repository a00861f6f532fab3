import { singCanary } from '../src/canary.ts';
import type { Job } from './job.ts';

/** Goes the way of every other job, so that its silence tells that none is run. */
export const canaryJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 1_000,
  everyMs: 60_000,
  run: (parts) => singCanary(parts),
};
