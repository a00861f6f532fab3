import type { FastifyInstance, FastifyRequest } from 'fastify';
import { acknowledgeDelivery } from '../store/acknowledge.ts';
import { findDelivery, type StoredDelivery } from '../store/deliveries.ts';
import { findSubscription } from '../store/subscriptions.ts';
import type { ApiParts } from './api/api-parts.ts';
import { HTML, refuseLink } from './form-scope.ts';
import { renderPlainPage } from './pages/plain.ts';

type OfToken = FastifyRequest<{ Params: { token: string } }>;

/**
 * Adds the page on which a reader says that a message was read, for the ledger. The link alone says nothing: scanners
 * follow it.
 */
export function addAcknowledge(scope: FastifyInstance, { db, secrets, now }: ApiParts, baseUrl: string) {
  const findByLink = async ({ params }: OfToken): Promise<StoredDelivery | null> => {
    const deliveryId = secrets.readLink(params.token);
    const delivery = deliveryId === null ? null : await findDelivery(db, deliveryId);
    const subscription = delivery === null ? null : await findSubscription(db, delivery.subscriptionId);
    if (subscription === null) return null;
    return secrets.checkLink('acknowledge', params.token, subscription.token, now()) ? delivery : null;
  };

  scope.get('/acknowledge/:token', async (request: OfToken, reply) => {
    const delivery = await findByLink(request);
    if (delivery === null) return refuseLink(reply, baseUrl);
    reply.type(HTML);
    if (delivery.acknowledgedAt !== null) return reply.send(renderDone(baseUrl));
    const text = 'The ledger will say that this message was read, and when. Nothing has been noted yet.';
    return reply.send(renderPlainPage('Read?', text, baseUrl, 'I have read it'));
  });

  scope.post('/acknowledge/:token', async (request: OfToken, reply) => {
    const delivery = await findByLink(request);
    if (delivery === null) return refuseLink(reply, baseUrl);
    await acknowledgeDelivery(db, delivery.deliveryId, now());
    return reply.type(HTML).send(renderDone(baseUrl));
  });
}

function renderDone(baseUrl: string): string {
  return renderPlainPage('Noted', 'The ledger says that this message was read.', baseUrl);
}
