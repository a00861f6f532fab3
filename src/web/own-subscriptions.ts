import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Subscription } from '../model.ts';
import { countDeliveriesTo, listDeliveries } from '../store/deliveries.ts';
import {
  findSubscription,
  listSubscriptions,
  pauseByOwner,
  removeSubscription,
} from '../store/subscriptions.ts';
import type { ApiParts } from './api/api-parts.ts';
import { HTML } from './form-scope.ts';
import { addNewSubscription } from './new-subscription.ts';
import {
  type OwnSaid,
  ownPath,
  renderEndPage,
  renderOwnSubscription,
  renderOwnSubscriptions,
} from './pages/own-subscriptions.ts';
import { renderPlainPage } from './pages/plain.ts';
import { readRows } from './read-page.ts';
import { ENDED_BY_READER, resumeOwn } from './resume-own.ts';
import { requireSession, sessionOf } from './session.ts';

type OfSubscription = FastifyRequest<{ Params: { subscriptionId: string } }>;

/** What was just done, by the mark that an address carries behind it. */
const DONE: Record<string, string> = {
  paused: 'It is paused: nothing is sent until somebody resumes it.',
  resumed: 'It goes on with the next rule.',
};

/** Adds the pages on which an organisation sees its subscriptions and what was sent to each, tries, pauses and ends them. */
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
    said: OwnSaid | null = null,
  ) => {
    const { subscriptionId } = subscription;
    const log = await readRows(request.query, await countDeliveriesTo(db, subscriptionId), (range) =>
      listDeliveries(db, { subscriptionId, ...range }),
    );
    return reply
      .type(HTML)
      .send(renderOwnSubscription({ session: sessionOf(request), subscription, log, said }, baseUrl));
  };
  const notDone = (request: OfSubscription, reply: FastifyReply, subscription: Subscription, text: string) =>
    show(request, reply.code(409), subscription, { text, isGood: false });

  forms.register(async (scope) => {
    scope.addHook('onRequest', requireSession('subscriptions', baseUrl));

    addNewSubscription(scope, parts, baseUrl);

    scope.get('/subscriptions/own', async (request, reply) => {
      const session = sessionOf(request);
      const subscriptions = await listSubscriptions(db, { organisationId: session.organisationId });
      const hasEnded = (request.query as { done?: unknown }).done === 'ended';
      return reply.type(HTML).send(renderOwnSubscriptions({ session, subscriptions, hasEnded }, baseUrl));
    });

    scope.get('/subscriptions/own/:subscriptionId', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      if (subscription === null) return refuse(reply);
      const { done } = request.query as { done?: unknown };
      const text = typeof done === 'string' && Object.hasOwn(DONE, done) ? DONE[done]! : '';
      return show(request, reply, subscription, text === '' ? null : { text, isGood: true });
    });

    // Where the form leaves its answer: asked for anew, that address leads back, and sends nothing.
    scope.get('/subscriptions/own/:subscriptionId/test', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      if (subscription === null) return refuse(reply);
      return reply.redirect(ownPath(subscription), 303);
    });

    scope.post('/subscriptions/own/:subscriptionId/test', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      if (subscription === null) return refuse(reply);
      if (subscription.status !== 'active')
        return notDone(request, reply, subscription, 'A test goes to an active subscription alone.');
      const { status, outcome } = await actions.sendTest(subscription);
      const text =
        status === 'sent'
          ? `The test message was taken: ${outcome ?? 'no words'}.`
          : `The test message was not taken: ${outcome ?? 'no words'}.`;
      return show(request, reply, subscription, { text, isGood: status === 'sent' });
    });

    scope.post('/subscriptions/own/:subscriptionId/pause', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      if (subscription === null) return refuse(reply);
      if (!(await pauseByOwner(db, subscription.subscriptionId)))
        return notDone(request, reply, subscription, 'Only what is active can be paused.');
      return reply.redirect(`${ownPath(subscription)}?done=paused`, 303);
    });

    scope.post('/subscriptions/own/:subscriptionId/resume', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      if (subscription === null) return refuse(reply);
      if (subscription.status === 'active')
        return notDone(request, reply, subscription, 'It is active already.');
      if (subscription.status === 'unconfirmed')
        return notDone(request, reply, subscription, 'Its address did not confirm it yet.');
      if (!(await resumeOwn(db, subscription))) return notDone(request, reply, subscription, ENDED_BY_READER);
      return reply.redirect(`${ownPath(subscription)}?done=resumed`, 303);
    });

    scope.get('/subscriptions/own/:subscriptionId/end', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      if (subscription === null) return refuse(reply);
      return reply.type(HTML).send(renderEndPage({ session: sessionOf(request), subscription }, baseUrl));
    });

    scope.post('/subscriptions/own/:subscriptionId/end', async (request: OfSubscription, reply) => {
      const subscription = await find(request);
      if (subscription === null) return refuse(reply);
      await removeSubscription(db, subscription.subscriptionId);
      return reply.redirect('/subscriptions/own?done=ended', 303);
    });
  });
}
