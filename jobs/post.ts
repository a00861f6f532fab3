import { findShare } from '../src/deliver/find-share.ts';
import { deliver } from '../src/deliver.ts';
import type { Job } from './job.ts';

/** Tries at once: they mostly wait. */
const SLOTS = 16;
/** Of these for one organisation and one host, so that targets that hang keep nobody else's waiting. */
const MOST_OF_ORGANISATION = SLOTS / 2;
const MOST_OF_HOST = SLOTS / 4;
/** Until what found its share full is looked at again. It holds no slot meanwhile. */
const WAIT_MS = 3_000;

/** Tries under way in this process, by whose they are. */
const underWay = new Map<string, number>();

/** One try of a webhook or a chat message. */
export const postJob: Job = {
  concurrency: SLOTS,
  attempts: 1,
  backoffMs: 1_000,
  async run(parts, { deliveryId, turn = 'b' }, enqueue) {
    const share = await findShare(parts, deliveryId!);
    if (share === null) return deliver(parts, deliveryId!);
    const shares: [string, number][] = [
      [`organisation ${share.organisationId}`, MOST_OF_ORGANISATION],
      [`host ${share.host}`, MOST_OF_HOST],
    ];
    if (shares.some(([of, most]) => (underWay.get(of) ?? 0) >= most)) {
      // The job that is ending still has its own id, so two take turns; and the sweep, which comes by, adds no third.
      const next = turn === 'a' ? 'b' : 'a';
      const jobId = `post_${deliveryId}_later_${next}`;
      return enqueue('post', { deliveryId, turn: next }, { jobId, delayMs: WAIT_MS });
    }
    const count = (by: 1 | -1) => {
      for (const [of] of shares) {
        const now = (underWay.get(of) ?? 0) + by;
        if (now === 0) underWay.delete(of);
        else underWay.set(of, now);
      }
    };
    count(1);
    try {
      return await deliver(parts, deliveryId!);
    } finally {
      count(-1);
    }
  },
};
