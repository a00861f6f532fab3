import { findChannel } from '../src/deliver/find-channel.ts';
import { deliver } from '../src/deliver.ts';
import type { Enqueue, Job } from './job.ts';

/** Jobs that are added to the queue together. */
const PAGE = 1_000;

/** Has deliveries made; `again` keeps their jobs apart from those of a process that was killed. */
export async function enqueueDeliveries(
  enqueue: Enqueue,
  deliveryIds: readonly string[],
  again = '',
): Promise<void> {
  const data = again === '' ? {} : { again };
  for (let start = 0; start < deliveryIds.length; start += PAGE)
    await Promise.all(
      deliveryIds
        .slice(start, start + PAGE)
        .map((deliveryId) =>
          enqueue('deliver', { deliveryId, ...data }, { jobId: `deliver_${deliveryId}${again}` }),
        ),
    );
}

/**
 * One try a job: when the next is due stands in the ledger, and the sweep brings it. What goes to somebody else's
 * server by HTTP is handed on to a queue of its own: it may keep us waiting 20 s each time, and no mail waits for it.
 * There are twice as many at once as connections to the mail server, so that these are at work while the store is too.
 */
export const deliverJob: Job = {
  concurrency: 8,
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
