import { deliverJob } from '../../../jobs/deliver.ts';
import type { Enqueue } from '../../../jobs/job.ts';
import { notifyJob } from '../../../jobs/notify.ts';
import { postJob } from '../../../jobs/post.ts';
import { sweepJob } from '../../../jobs/sweep.ts';
import type { Parts } from '../../../src/parts.ts';

/** The jobs on the way of a message. Screening is no part of it. */
const JOBS = { notify: notifyJob, deliver: deliverJob, post: postJob };
type Waiting = Record<keyof typeof JOBS, Record<string, string>[]>;

/**
 * Runs the jobs of notify and deliver until the tables say that nothing is left. What waits lies in memory, as in a
 * queue that a crash empties; so many deliveries run at once.
 */
export async function workOff(parts: Parts, deliveriesAtOnce: number): Promise<void> {
  const waiting: Waiting = { notify: [], deliver: [], post: [] };
  const enqueue: Enqueue = async (name, data) => {
    if (name in JOBS) waiting[name as keyof Waiting].push(data as Record<string, string>);
  };
  for (;;) {
    await sweepJob.run(parts, {}, enqueue);
    if (waiting.notify.length + waiting.deliver.length === 0) return;
    for (const data of waiting.notify.splice(0)) await JOBS.notify.run(parts, data, enqueue);
    const lane = async () => {
      for (let data = waiting.deliver.shift(); data !== undefined; data = waiting.deliver.shift())
        await JOBS.deliver.run(parts, data, enqueue);
    };
    await Promise.all(Array.from({ length: deliveriesAtOnce }, lane));
    for (const data of waiting.post.splice(0)) await JOBS.post.run(parts, data, enqueue);
  }
}
