import { deliverJob } from '../../../jobs/deliver.ts';
import { digestJob } from '../../../jobs/digest.ts';
import type { Enqueue } from '../../../jobs/job.ts';
import { notifyJob } from '../../../jobs/notify.ts';
import { postJob } from '../../../jobs/post.ts';
import { screenJob } from '../../../jobs/screen.ts';
import { sweepJob } from '../../../jobs/sweep.ts';
import type { Parts } from '../../../src/parts.ts';

/** The jobs on the way of a message. */
const JOBS = { notify: notifyJob, screen: screenJob, deliver: deliverJob, post: postJob };
type Waiting = Record<keyof typeof JOBS, Record<string, string>[]>;

export interface Work {
  deliveriesAtOnce: number;
  /** Whether rules are compared with watchlists. */
  screens: boolean;
  /** Whether the time of digests has come. */
  gathers: boolean;
}

/**
 * Runs the jobs of notify and deliver until the tables say that nothing is left. What waits lies in memory, as in a
 * queue that a crash empties.
 */
export async function workOff(parts: Parts, { deliveriesAtOnce, screens, gathers }: Work): Promise<void> {
  const waiting: Waiting = { notify: [], screen: [], deliver: [], post: [] };
  const enqueue: Enqueue = async (name, data) => {
    // Watchlists are compared with whole lists at their upload, and there is no list here.
    if (name === 'screen' && (!screens || 'watchlistId' in data)) return;
    if (name in JOBS) waiting[name as keyof Waiting].push(data as Record<string, string>);
  };
  for (;;) {
    await sweepJob.run(parts, {}, enqueue);
    if (gathers) await digestJob.run(parts, {}, enqueue);
    if (Object.values(waiting).every((jobs) => jobs.length === 0)) return;
    for (const data of waiting.notify.splice(0)) await JOBS.notify.run(parts, data, enqueue);
    for (const data of waiting.screen.splice(0)) await JOBS.screen.run(parts, data, enqueue);
    const lane = async () => {
      for (let data = waiting.deliver.shift(); data !== undefined; data = waiting.deliver.shift())
        await JOBS.deliver.run(parts, data, enqueue);
    };
    await Promise.all(Array.from({ length: deliveriesAtOnce }, lane));
    for (const data of waiting.post.splice(0)) await JOBS.post.run(parts, data, enqueue);
  }
}
