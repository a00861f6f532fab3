import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Subscription } from '../model.ts';
import { listDeliveries } from '../store/deliveries.ts';
import { findSubscription, listSubscriptions } from '../store/subscriptions.ts';
import type { ApiParts } from './api/api-parts.ts';
import { HTML } from './form-scope.ts';
import { renderOwnSubscription, renderOwnSubscriptions } from './pages/own-subscriptions.ts';
import { renderPlainPage } from './pages/plain.ts';
import { requireSession, sessionOf } from './session.ts';

type OfSubscription = FastifyRequest<{ Params: { subscriptionId: string } }>;

const LOGGED = 100;

/** Adds the pages on which an organisation sees its subscriptions, what was sent to each, and sends a test. */
export function addOwnSubscriptions(forms: FastifyInstance, parts: ApiParts, baseUrl: string): void {
  const { db, actions } = parts;

  const find = async (request: OfSubscription): Promise<Subscription | null> => {
    const found = await findSubscription(db, request.params.subscriptionId);
    return found?.organisationId === sessionOf(request).organisationId ? found : null;
  };
  const refuse = (reply: FastifyReply) =>
    reply
      .code(404)
      .type(HTML)
      .send(
        renderPlainPage(
          'No such subscription',
          'Your organisation has none of that name, or no longer.',
          baseUrl,
        ),
      );
  const show = async (
    request: OfSubscription,
    reply: FastifyReply,
    subscription: Subscription,
    said: { text: string; isGood: boolean } | null = null,
  ) => {
    const { subscriptionId } = subscription;
    const log = await listDeliveries(db, { subscriptionId, limit: LOGGED });
    return reply
      .type(HTML)
      .send(renderOwnSubscription({ session: sessionOf(request), subscription, log, said }, baseUrl));
  };

  forms.register(async (scope) => {
    scope.addHook('onRequest', requireSession('subscriptions', baseUrl));

    scope.get('/subscriptions/own', async (request, reply) => {
      const session = sessionOf(request);
      const subscriptions = await listSubscriptions(db, { organisationId: session.organisationId });
      return reply.type(HTML).send(renderOwnSubscriptions({ session, subscriptions }, baseUrl));
    });

    scope.get('/subscriptions/own/:subscriptionId', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      return subscription === null ? refuse(reply) : show(request, reply, subscription);
    });

    scope.post('/subscriptions/own/:subscriptionId/test', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      if (subscription === null) return refuse(reply);
      if (subscription.status !== 'active')
        return show(request, reply.code(409), subscription, {
          text: 'A test goes to an active subscription alone.',
          isGood: false,
        });
      const { status, outcome } = await actions.sendTest(subscription);
      const text =
        status === 'sent'
          ? `The test message was taken: ${outcome ?? 'no words'}.`
          : `The test message was not taken: ${outcome ?? 'no words'}.`;
      return show(request, reply, subscription, { text, isGood: status === 'sent' });
    });
  });
}
