import { auditJob } from './audit.ts';
import { baselineJob } from './baseline.ts';
import { bouncesJob } from './bounces.ts';
import { canaryJob } from './canary.ts';
import { deliverJob } from './deliver.ts';
import { digestJob } from './digest.ts';
import { ingestJob } from './ingest.ts';
import { inspectJob } from './inspect.ts';
import type { Job } from './job.ts';
import { notifyJob } from './notify.ts';
import { pollJob } from './poll.ts';
import { postJob } from './post.ts';
import { quietJob } from './quiet.ts';
import { screenJob } from './screen.ts';
import { sweepJob } from './sweep.ts';

/** Every job by the name of its queue. */
export const jobs: Record<string, Job> = {
  baseline: baselineJob,
  poll: pollJob,
  inspect: inspectJob,
  ingest: ingestJob,
  notify: notifyJob,
  deliver: deliverJob,
  post: postJob,
  screen: screenJob,
  sweep: sweepJob,
  audit: auditJob,
  bounces: bouncesJob,
  canary: canaryJob,
  digest: digestJob,
  quiet: quietJob,
};
