import type { FastifyInstance } from 'fastify';
import { listSourceStates } from '../../store/source-state.ts';
import { HTML } from '../form-scope.ts';
import { renderSourcesPage } from '../pages/operator/sources.ts';
import { sessionOf } from '../session.ts';
import { viewSources } from '../site/sources.ts';
import type { OperatorParts } from './operator-parts.ts';

/** Adds the state of each source, and a look at them before its time. */
export function addSources(
  scope: FastifyInstance,
  { db, now, baseUrl, everyMs, operator }: OperatorParts,
): void {
  scope.get<{ Querystring: { done?: unknown } }>('/operator/sources', async (request, reply) => {
    const at = now();
    const html = renderSourcesPage(
      {
        sources: viewSources(await listSourceStates(db), at, everyMs),
        now: at,
        canCheck: operator.queues() !== null,
        isDone: request.query.done === 'yes',
      },
      sessionOf(request),
      baseUrl,
    );
    return reply.type(HTML).send(html);
  });

  scope.post('/operator/sources/check', async (_request, reply) => {
    const queues = operator.queues();
    if (queues === null) return reply.redirect('/operator/sources', 303);
    await queues.checkSources();
    return reply.redirect('/operator/sources?done=yes', 303);
  });
}
