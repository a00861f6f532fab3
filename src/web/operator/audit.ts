import type { FastifyInstance } from 'fastify';
import { listAuditRuns, listLedger } from '../../store/audit.ts';
import { HTML } from '../form-scope.ts';
import { renderAuditPage } from '../pages/operator/audit.ts';
import { sessionOf } from '../session.ts';
import { openAuditIssues } from './audit-issues.ts';
import type { OperatorParts } from './operator-parts.ts';

/** Adds the nightly audits: what differs, the ledger of what lags, and what each came to. */
export function addAudit(scope: FastifyInstance, { db, baseUrl }: OperatorParts): void {
  scope.get('/operator/audit', async (request, reply) => {
    const html = renderAuditPage(
      {
        runs: await listAuditRuns(db, { limit: 60 }),
        ledger: await listLedger(db, { limit: 200 }),
        issues: await openAuditIssues(db),
      },
      sessionOf(request),
      baseUrl,
    );
    return reply.type(HTML).send(html);
  });
}
