import { inspect, isInspectionDue } from '../src/inspect.ts';
import { ingestJobId } from './ingest.ts';
import type { Job } from './job.ts';

/**
 * Looks at the public-inspection desk. The route says whether it is time to; a look that fails is not retried,
 * because the next one is a minute away.
 */
export const inspectJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 1_000,
  everyMs: 60_000,
  async run(parts, _data, enqueue) {
    if (!(await isInspectionDue(parts))) return;
    const { changeSetIds, published } = await inspect(parts);
    for (const changeSetId of changeSetIds)
      await enqueue('notify', { changeSetId }, { jobId: `notify_${changeSetId}` });
    for (const { number, publishedOn } of published)
      await enqueue('ingest', { number, publishedOn }, { jobId: ingestJobId(number, publishedOn) });
  },
};
