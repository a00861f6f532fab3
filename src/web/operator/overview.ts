import type { FastifyInstance } from 'fastify';
import { countByStatus } from '../../store/deliveries.ts';
import { countDocuments } from '../../store/documents.ts';
import { listSourceStates } from '../../store/source-state.ts';
import { HTML } from '../form-scope.ts';
import { type QueueCounts, renderOverviewPage } from '../pages/operator/overview.ts';
import { sessionOf } from '../session.ts';
import { viewSources } from '../site/sources.ts';
import { openAuditIssues } from './audit-issues.ts';
import type { OperatorParts, QueueView } from './operator-parts.ts';

/** Adds the first of these pages: what needs a person, and whether the service is well. */
export function addOverview(
  scope: FastifyInstance,
  { db, now, baseUrl, everyMs, operator }: OperatorParts,
): void {
  scope.get('/operator', async (request, reply) => {
    const at = now();
    const view = operator.queues();
    const html = renderOverviewPage(
      {
        held: await countDocuments(db, 'held'),
        issues: (await openAuditIssues(db)).length,
        deliveries: await countByStatus(db),
        sources: viewSources(await listSourceStates(db), at, everyMs),
        now: at,
        queues: view === null ? null : await countJobs(view),
        queueKind: view?.connection.kind ?? '',
      },
      sessionOf(request),
      baseUrl,
    );
    return reply.type(HTML).send(html);
  });
}

async function countJobs({ connection, names }: QueueView): Promise<QueueCounts[]> {
  const all: QueueCounts[] = [];
  for (const name of names) {
    const counts = await connection
      .queue(name)
      .getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed');
    const of = (state: string) => counts[state] ?? 0;
    all.push({
      name,
      waiting: of('wait') + of('waiting') + of('prioritized'),
      active: of('active'),
      delayed: of('delayed'),
      failed: of('failed'),
    });
  }
  return all;
}
