import { readBounces } from '../src/bounces.ts';
import type { Job } from './job.ts';

/** Reads the mailbox for bounces where there is one. One that cannot be read is asked again at the next turn. */
export const bouncesJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 60_000,
  everyMs: 5 * 60_000,
  run: (parts) => readBounces(parts),
};
