import { audit, auditsDue } from '../src/audit.ts';
import type { Job } from './job.ts';

/**
 * Compares the lists with eCFR and with the Consolidated Screening List, each night in Washington. The route says
 * what is due, and when what failed is due again, so a run that fails is not retried here.
 */
export const auditJob: Job = {
  concurrency: 1,
  attempts: 1,
  backoffMs: 60_000,
  everyMs: 10 * 60_000,
  async run(parts) {
    const due = await auditsDue(parts);
    for (const source of new Set(due.map((one) => one.source)))
      await audit(parts, {
        sources: [source],
        lists: due.filter((one) => one.source === source).map(({ list }) => list),
      });
  },
};
