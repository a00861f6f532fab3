import { findChannel } from '../src/deliver/find-channel.ts';
import { deliver } from '../src/deliver.ts';
import type { Job } from './job.ts';

/**
 * One try a job: when the next is due stands in the ledger, and the sweep brings it. What goes to somebody else's
 * server by HTTP is handed on to a queue of its own: it may keep us waiting 20 s each time, and no mail waits for it.
 */
export const deliverJob: Job = {
  concurrency: 4,
  attempts: 1,
  backoffMs: 1_000,
  async run(parts, { deliveryId, again = '' }, enqueue) {
    const outcome = await deliver(parts, deliveryId!, 'email');
    if (outcome !== 'taken') return outcome;
    const channel = await findChannel(parts, deliveryId!);
    if (channel !== null && channel !== 'email')
      await enqueue('post', { deliveryId }, { jobId: `post_${deliveryId}${again}` });
  },
};
