import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Subscription as StoredSubscription } from '../../model.ts';
import { listDeliveries } from '../../store/deliveries.ts';
import {
  findSubscription,
  listSubscriptions,
  removeSubscription,
  setSubscriptionStatus,
  vouchFor,
} from '../../store/subscriptions.ts';
import { findWatchlist } from '../../store/watchlists.ts';
import { SubscriptionRequest } from '../../subscription-request.ts';
import { etagOf } from '../conditional.ts';
import { Problem } from '../problem.ts';
import { ENDED_BY_READER, resumeOwn } from '../resume-own.ts';
import { ADMIN, callerOf, requireScope } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { digits, id, limit } from './schemas.ts';
import { DeliveryOut, Edit, NewSubscription, Subscription } from './subscription-schemas.ts';

const params = z.object({ subscriptionId: id });
const tags = ['subscriptions'];
const security = [{ token: [] }];

/** Adds /subscriptions: who of one organisation is told about what, and what came of it. */
export function addSubscriptions(server: ApiServer, context: ApiContext): void {
  const { db, actions } = context;
  const preValidation = requireScope('subscriptions');

  /** One of the caller's own: that of another organisation is as unknown as one that never was. */
  const find = async (request: FastifyRequest): Promise<StoredSubscription> => {
    const { organisationId } = callerOf(request, 'subscriptions');
    const { subscriptionId } = request.params as z.output<typeof params>;
    const subscription = await findSubscription(db, subscriptionId);
    if (subscription === null || subscription.organisationId !== organisationId)
      throw new Problem('not-found', 'There is no such subscription.');
    return subscription;
  };

  const resume = async (request: FastifyRequest, before: StoredSubscription): Promise<void> => {
    const vouchedBy = voucherOf(request);
    if (vouchedBy !== null) return vouchFor(db, before.subscriptionId, { vouchedBy, now: context.now() });
    if (!(await resumeOwn(db, before))) throw new Problem('conflict', ENDED_BY_READER);
  };

  const checkWatchlists = async (request: FastifyRequest, ids: readonly string[] = []): Promise<void> => {
    const { organisationId } = callerOf(request, 'subscriptions');
    // What a watchlist holds shows in what is sent.
    if (ids.length > 0) callerOf(request, 'watchlists');
    for (const watchlistId of ids) {
      const found = await findWatchlist(db, organisationId, watchlistId);
      if (found?.watchlistId !== watchlistId)
        throw new Problem('invalid-body', `watchlists: there is no watchlist “${watchlistId}”`);
    }
  };

  server.get(
    '/subscriptions',
    {
      preValidation,
      schema: {
        ...{ tags, security },
        summary: 'All subscriptions of the organisation',
        response: {
          200: z.object({ subscriptions: z.array(Subscription) }).meta({ id: 'Subscriptions' }),
        },
      },
    },
    async (request) => {
      const { organisationId } = callerOf(request, 'subscriptions');
      return { subscriptions: (await listSubscriptions(db, { organisationId })).map(present) };
    },
  );

  server.post(
    '/subscriptions',
    {
      preValidation,
      schema: {
        ...{ tags, security },
        summary: 'Subscribe a mail address, a webhook, or a chat',
        description:
          'The owner of a mail address is asked by mail first; until they say yes it is unconfirmed and gets nothing. To name watchlists needs the scope “watchlists” too.',
        body: SubscriptionRequest.meta({
          example: { channel: 'email', target: 'compliance@example.org', destinations: ['CN', 'HK'] },
        }),
        response: { 201: NewSubscription },
      },
    },
    async (request, reply) => {
      const { organisationId } = callerOf(request, 'subscriptions');
      await checkWatchlists(request, request.body.watchlists);
      const { subscription, signingSecret } = await actions.subscribe(
        request.body,
        organisationId,
        voucherOf(request),
      );
      return reply
        .code(201)
        .header('location', `/api/v1/subscriptions/${subscription.subscriptionId}`)
        .send({ ...present(subscription), signingSecret });
    },
  );

  server.get(
    '/subscriptions/:subscriptionId',
    {
      preValidation,
      schema: {
        ...{ tags, security, params },
        summary: 'One subscription',
        response: { 200: Subscription },
      },
    },
    async (request) => present(await find(request)),
  );

  server.patch(
    '/subscriptions/:subscriptionId',
    {
      preValidation,
      schema: {
        ...{ tags, security, params },
        summary: 'Change, pause or resume a subscription',
        description:
          'What is left out stays as it is. With If-Match only if nobody changed it since. What its reader, a complaint or a bounce ended cannot be resumed. An unconfirmed one is asked again, at most once an hour and three times in thirty days.',
        body: Edit.meta({ example: { kinds: ['added', 'removed'] } }),
        response: { 200: Subscription },
      },
    },
    async (request) => {
      const before = await find(request);
      assertCurrent(request, before);
      const { status, ...settings } = request.body;
      if (status !== undefined && before.status === 'unconfirmed' && voucherOf(request) === null) {
        if (status === 'active') await actions.askToConfirm(before);
        throw new Problem(
          'conflict',
          'Its address did not confirm it yet. It is asked again at most once an hour and three times in thirty days.',
        );
      }
      if (status === 'paused' && before.status === 'disabled' && before.channel === 'email')
        throw new Problem('conflict', 'A complaint or a bounce ended it already.');
      await checkWatchlists(request, settings.watchlists);
      if (status === 'active' && before.status !== 'active') await resume(request, before);
      const edited = await actions.editSubscription(before, settings);
      if (status === 'paused' && before.status !== 'paused')
        await setSubscriptionStatus(db, before.subscriptionId, 'paused', 'paused by its owner', 'owner');
      const after = await findSubscription(db, before.subscriptionId);
      if (edited === null || after === null) throw new Problem('not-found', 'There is no such subscription.');
      return present(after);
    },
  );

  server.delete(
    '/subscriptions/:subscriptionId',
    {
      preValidation,
      schema: {
        ...{ tags, security, params },
        summary: 'Forget a subscription; what was sent stays on record',
        response: { 204: z.undefined().meta({ description: 'It is removed.' }) },
      },
    },
    async (request, reply) => {
      const subscription = await find(request);
      assertCurrent(request, subscription);
      await removeSubscription(db, subscription.subscriptionId);
      return reply.code(204).send();
    },
  );

  server.get(
    '/subscriptions/:subscriptionId/deliveries',
    {
      preValidation,
      schema: {
        ...{ tags, security, params },
        summary: 'What was sent to it, newest first, and what came of it',
        querystring: z.strictObject({
          limit: limit(1_000, 100),
          status: DeliveryOut.shape.status.optional(),
        }),
        response: { 200: z.object({ deliveries: z.array(DeliveryOut) }).meta({ id: 'Deliveries' }) },
      },
    },
    async (request) => {
      const { subscriptionId } = await find(request);
      const { limit: most, status } = request.query;
      const restricted = status === undefined ? {} : { status };
      return { deliveries: await listDeliveries(db, { subscriptionId, limit: most, ...restricted }) };
    },
  );

  server.post(
    '/subscriptions/:subscriptionId/test',
    {
      preValidation,
      schema: {
        ...{ tags, security, params },
        summary: 'Send a test message now',
        response: { 200: DeliveryOut },
      },
    },
    async (request) => {
      const subscription = await find(request);
      if (subscription.status === 'unconfirmed')
        throw new Problem('conflict', 'Its address did not confirm it yet.');
      return actions.sendTest(subscription);
    },
  );

  server.post(
    '/subscriptions/:subscriptionId/secrets',
    {
      preValidation,
      schema: {
        ...{ tags, security, params },
        summary: 'A new signing secret for a webhook; the old one signs too for a day',
        response: { 201: z.object({ signingSecret: z.string() }).meta({ id: 'SigningSecret' }) },
      },
    },
    async (request, reply) => {
      const { subscriptionId } = await find(request);
      return reply.code(201).send({ signingSecret: await actions.rotateSecret(subscriptionId) });
    },
  );

  server.post(
    '/subscriptions/:subscriptionId/replay',
    {
      preValidation,
      schema: {
        ...{ tags, security, params },
        summary: 'Send again what rules changed after a sequence number',
        description: 'Messages keep their ids. They are due at once and go out within half a minute.',
        querystring: z.strictObject({ after: digits.meta({ example: '0' }) }),
        response: {
          202: z
            .object({
              deliveryIds: z.array(z.string()),
              next: z.int().nullable().meta({ description: 'Where to go on; null where nothing is left.' }),
            })
            .meta({ id: 'Replayed' }),
        },
      },
    },
    async (request, reply) => {
      const { subscriptionId, status } = await find(request);
      if (status !== 'active') throw new Problem('conflict', `The subscription is ${status}.`);
      return reply.code(202).send(await actions.replay(subscriptionId, request.query.after));
    },
  );
}

/** Who vouches for an address that did not confirm: the admin token of the service alone, which is the operator's. */
function voucherOf(request: FastifyRequest): string | null {
  return callerOf(request, 'subscriptions').tokenId === ADMIN.tokenId ? 'operator, by the admin token' : null;
}

function present(subscription: StoredSubscription): z.output<typeof Subscription> {
  const { filter, notices, token: _, organisationId: __, ...plain } = subscription;
  const { countries, ...restrictions } = filter;
  return { ...plain, ...restrictions, destinations: countries, ...notices };
}

/** @throws Problem `not-current` where If-Match names another state than the present one (RFC 9110, 13.1.1) */
function assertCurrent({ headers }: FastifyRequest, subscription: StoredSubscription): void {
  const wanted = headers['if-match'];
  if (wanted === undefined || wanted.trim() === '*') return;
  // As the answer to GET is written, whose tag the client has.
  const etag = etagOf(JSON.stringify(Subscription.parse(present(subscription))));
  if (!wanted.split(',').some((tag) => tag.trim() === etag))
    throw new Problem('not-current', 'It was changed since you read it.');
}
