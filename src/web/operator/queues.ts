import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { assetPath } from '../assets.ts';
import { HTML } from '../form-scope.ts';
import { renderNoQueuesPage } from '../pages/operator/queues.ts';
import { renderPlainPage } from '../pages/plain.ts';
import { sessionOf } from '../session.ts';
import type { OperatorParts } from './operator-parts.ts';

const PATH = '/operator/queues';

/** Our own policy, but for the base address that the dashboard gives its page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  // The colours of one of its pictures stand in a style of its own, which this names by its content.
  "style-src 'self' 'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='",
  "img-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
].join('; ');

/** What its page asks for and our policy refuses: fonts of another host, and styles for its first moment. */
const REFUSED = /<link href="https?:[^>]*>|<style>[^<]*<\/style>| style="[^"]*"/gu;

/** What it leaves undone for who sees little or nothing. */
const ADDED = `<link rel="stylesheet" href="${assetPath('queues.css')}"><script src="${assetPath('queues.js')}" defer></script></head>`;

/** Adds the dashboard of the queues, to look at and not to change anything. */
export function addQueues(scope: FastifyInstance, { baseUrl, operator }: OperatorParts): void {
  const adapter = new FastifyAdapter();
  const uiConfig = {
    boardTitle: 'Queues',
    miscLinks: [{ text: 'Operator pages', url: '/operator' }],
    // As it has them itself; a configuration that is set anew begins without.
    favIcon: { default: 'static/images/logo.svg', alternative: 'static/favicon-32x32.png' },
  };
  const { replaceQueues } = createBullBoard({ queues: [], serverAdapter: adapter, options: { uiConfig } });
  adapter.setBasePath(PATH);
  let shown: unknown = null;

  scope.register(
    async (board) => {
      // Its queues are read-only, but it has routes that are of no queue; and what a later version adds is refused too.
      board.addHook('onRequest', async (request, reply) => {
        if (request.method === 'GET' || request.method === 'HEAD') return undefined;
        return reply
          .code(405)
          .header('allow', 'GET, HEAD')
          .type(HTML)
          .send(renderPlainPage('Not changed', 'The queues can be looked at, not changed.', baseUrl));
      });
      board.addHook('onRequest', async (request, reply) => {
        const view = operator.queues();
        if (view === null)
          return reply
            .code(404)
            .type(HTML)
            .send(renderNoQueuesPage(sessionOf(request), baseUrl));
        if (shown === view) return undefined;
        shown = view;
        adapter.setUIConfig({ ...uiConfig, showWorkers: view.canListWorkers });
        replaceQueues(
          view.names.map((name) => new BullMQAdapter(view.connection.queue(name), { readOnlyMode: true })),
        );
        return undefined;
      });
      board.addHook('onSend', async (_request, reply, payload) => {
        if (shown === null) return payload;
        reply.header('content-security-policy', POLICY);
        const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
        return isPage && typeof payload === 'string'
          ? payload.replace(REFUSED, '').replace('</head>', ADDED)
          : payload;
      });
      await board.register(adapter.registerPlugin());
    },
    { prefix: PATH },
  );
}
