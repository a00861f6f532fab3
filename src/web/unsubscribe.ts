import type { FastifyInstance } from 'fastify';
import { renderPlainPage } from './pages/plain.ts';
import type { WebReader } from './web-reader.ts';

const HTML = 'text/html; charset=utf-8';

/**
 * Adds the unsubscribe link of every mail. GET only asks, because link scanners follow it; POST acts at
 * once, without a login or a question, as mail programs expect (RFC 8058).
 */
export function addUnsubscribe(server: FastifyInstance, reader: WebReader, baseUrl: string): void {
  const unknown = () =>
    renderPlainPage(
      'Unknown link',
      'This unsubscribe link is not valid. Use the link in a recent message.',
      baseUrl,
    );

  server.get<{ Params: { token: string } }>('/unsubscribe/:token', async (request, reply) => {
    const subscription = await reader.findSubscriptionByToken(request.params.token);
    reply.type(HTML).header('cache-control', 'no-store');
    if (subscription === null) return reply.code(404).send(unknown());
    if (subscription.status === 'paused' && subscription.statusBy === 'reader')
      return reply.send(renderDone(baseUrl));
    const text = `Alerts to ${maskAddress(subscription.target)} will stop at once. Nothing has changed yet.`;
    return reply.send(renderPlainPage('Unsubscribe', text, baseUrl, 'Stop these alerts'));
  });

  server.post<{ Params: { token: string } }>('/unsubscribe/:token', async (request, reply) => {
    const subscription = await reader.findSubscriptionByToken(request.params.token);
    reply.type(HTML).header('cache-control', 'no-store');
    if (subscription === null) return reply.code(404).send(unknown());
    // Also where its owner paused it: the owner cannot resume what the reader ended.
    if (subscription.status !== 'paused' || subscription.statusBy !== 'reader')
      await reader.pauseSubscription(subscription.subscriptionId);
    return reply.send(renderDone(baseUrl));
  });
}

function renderDone(baseUrl: string): string {
  return renderPlainPage('Unsubscribed', 'You will get no more alerts.', baseUrl);
}

/** Whoever holds a forwarded mail needs not learn the whole address. */
function maskAddress(email: string): string {
  return email.replace(/^(.).*(@.*)$/u, '$1…$2');
}
