import { poll } from '../src/poll.ts';
import { ingestJobId } from './ingest.ts';
import type { Job } from './job.ts';

/** Looks for published rules. A poll that fails is not retried: the next one looks at the same days. */
export const pollJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 1_000,
  everyMs: 2 * 60_000,
  async run(parts, _data, enqueue) {
    for (const { number, publishedOn } of await poll(parts))
      await enqueue('ingest', { number, publishedOn }, { jobId: ingestJobId(number, publishedOn) });
  },
};
