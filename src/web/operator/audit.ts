import type { FastifyInstance } from 'fastify';
import { countAudits, listAuditRuns, listLedger } from '../../store/audit.ts';
import { HTML } from '../form-scope.ts';
import { renderAuditPage } from '../pages/operator/audit.ts';
import { readRows } from '../read-page.ts';
import { sessionOf } from '../session.ts';
import { openAuditIssues } from './audit-issues.ts';
import type { OperatorParts } from './operator-parts.ts';

/** Adds the nightly audits: what differs, the ledger of what lags, and what each came to. */
export function addAudit(scope: FastifyInstance, { db, baseUrl }: OperatorParts): void {
  scope.get('/operator/audit', async (request, reply) => {
    const { query } = request;
    const counts = await countAudits(db);
    const issues = await openAuditIssues(db);
    const html = renderAuditPage(
      {
        ledger: await readRows(query, counts.ledger, (range) => listLedger(db, range)),
        runs: await readRows(query, counts.runs, (range) => listAuditRuns(db, range), 'audits'),
        issues: await readRows(
          query,
          issues.length,
          async ({ limit, offset }) => issues.slice(offset, offset + limit),
          'issues',
        ),
      },
      sessionOf(request),
      baseUrl,
    );
    return reply.type(HTML).send(html);
  });
}
