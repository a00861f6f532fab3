import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { HTML } from '../form-scope.ts';
import { renderNoQueuesPage } from '../pages/operator/queues.ts';
import { sessionOf } from '../session.ts';
import type { OperatorParts } from './operator-parts.ts';

const PATH = '/operator/queues';

/**
 * Our own policy, but for the base address that the dashboard gives its page. It works without the rest of what it
 * asks for: inline styles, which only its first moment has, and fonts of another host.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
].join('; ');

/** Adds the dashboard of the queues, to look at and not to change anything. */
export function addQueues(scope: FastifyInstance, { baseUrl, operator }: OperatorParts): void {
  const adapter = new FastifyAdapter();
  const { replaceQueues } = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: {
      uiConfig: { boardTitle: 'Queues', miscLinks: [{ text: 'Operator pages', url: '/operator' }] },
    },
  });
  adapter.setBasePath(PATH);
  let shown: unknown = null;

  scope.register(
    async (board) => {
      board.addHook('onRequest', async (request, reply) => {
        const view = operator.queues();
        if (view === null)
          return reply
            .code(404)
            .type(HTML)
            .send(renderNoQueuesPage(sessionOf(request), baseUrl));
        if (shown === view) return undefined;
        shown = view;
        replaceQueues(
          view.names.map((name) => new BullMQAdapter(view.connection.queue(name), { readOnlyMode: true })),
        );
        return undefined;
      });
      board.addHook('onSend', async (_request, reply) => {
        if (shown !== null) reply.header('content-security-policy', POLICY);
      });
      await board.register(adapter.registerPlugin());
    },
    { prefix: PATH },
  );
}
