import { ingest } from '../src/ingest.ts';
import type { Job } from './job.ts';

/** One document, one job: the second poll that sees it adds nothing. */
export function ingestJobId(number: string, publishedOn: string): string {
  return `ingest_${publishedOn}_${number.replace(/[^\w-]/gu, '_')}`;
}

/** One at a time, in the order of print: a rule may revise what the one before it added. */
export const ingestJob: Job = {
  concurrency: 1,
  attempts: 5,
  backoffMs: 5_000,
  async run(parts, { number, publishedOn }, enqueue) {
    const { changeSetId } = await ingest(parts, number!, publishedOn!);
    if (changeSetId !== null) await enqueue('notify', { changeSetId }, { jobId: `notify_${changeSetId}` });
  },
};
