import type { FastifyInstance } from 'fastify';
import { easternDay, isDay } from '../../days.ts';
import { ElwatchError } from '../../errors.ts';
import { type Form, HTML } from '../form-scope.ts';
import { renderBackfillPage } from '../pages/operator/backfill.ts';
import { sentence } from '../sentence.ts';
import { sessionOf } from '../session.ts';
import type { OperatorParts } from './operator-parts.ts';

/** Adds the page that begins a backfill in the background of this process, and shows how far it is. */
export function addBackfill(scope: FastifyInstance, { now, baseUrl, operator }: OperatorParts): void {
  const { backfill } = operator;

  scope.get('/operator/backfill', async (request, reply) => {
    const run = backfill.last();
    const to = easternDay(now());
    const html = renderBackfillPage({ run, from: run?.from ?? '', to }, sessionOf(request), baseUrl);
    return reply.type(HTML).send(html);
  });

  scope.post<{ Body: Form | undefined }>('/operator/backfill', async (request, reply) => {
    const from = request.body?.get('from') ?? '';
    const to = request.body?.get('to') ?? '';
    const session = sessionOf(request);
    try {
      if (!isDay(from) || !isDay(to))
        throw new ElwatchError('bad-window', 'both days are needed, as 2025-03-28', {
          retry: false,
          hint: 'Nothing was begun.',
        });
      backfill.start(from, to, session.name);
    } catch (error) {
      if (!(error instanceof ElwatchError)) throw error;
      const fault = `${sentence(error.message)} ${sentence(error.hint)}`;
      const page = renderBackfillPage({ run: backfill.last(), from, to, fault }, session, baseUrl);
      return reply
        .code(error.code === 'backfill-runs' ? 409 : 422)
        .type(HTML)
        .send(page);
    }
    return reply.redirect('/operator/backfill', 303);
  });
}
