import type { Parts } from '../src/parts.ts';

/** Puts another job into its queue; one of the same id that waits already makes this a no-op. */
export type Enqueue = (
  job: string,
  data: object,
  options: { jobId: string; delayMs?: number },
) => Promise<void>;

/** When, how often and how many times a route runs. What it does stands in `src/`. */
export interface Job {
  /** How many run at once in one process. */
  concurrency: number;
  /** Tries of one job, with waits that double from `backoffMs`. */
  attempts: number;
  backoffMs: number;
  /** Set for a job that a schedule starts. */
  everyMs?: number;
  run(parts: Parts, data: Record<string, string>, enqueue: Enqueue): Promise<unknown>;
}
