import { ensureBaseline } from '../src/baseline.ts';
import type { Job } from './job.ts';

/** A new installation loads its lists from eCFR; once they are there this asks the store and no more. */
export const baselineJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 60_000,
  everyMs: 10 * 60_000,
  run: (parts) => ensureBaseline(parts),
};
