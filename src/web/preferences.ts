import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Subscription } from '../model.ts';
import { listDeliveries } from '../store/deliveries.ts';
import { findSubscription } from '../store/subscriptions.ts';
import { type FieldFault, InvalidSubscription } from '../subscription-request.ts';
import type { ApiParts } from './api/api-parts.ts';
import { type Form, HTML, refuseLink } from './form-scope.ts';
import { renderPreferencesPage } from './pages/preferences.ts';
import { fieldsOf, readFields, type SettingsFields, toSettings } from './settings-form.ts';

type OfToken = { Params: { token: string }; Body: Form | undefined };

/** Deliveries that the page shows. */
const LOGGED = 25;
/** Between two test messages. */
const TEST_WAIT_MS = 60_000;

/** Adds the page on which a reader changes what is told, by the signed link at the foot of each mail. */
export function addPreferences(scope: FastifyInstance, parts: ApiParts, baseUrl: string): void {
  const { db, secrets, now, actions } = parts;

  const findByLink = async ({ params }: FastifyRequest<OfToken>): Promise<Subscription | null> => {
    const subscriptionId = secrets.readLink(params.token);
    const subscription = subscriptionId === null ? null : await findSubscription(db, subscriptionId);
    if (subscription === null) return null;
    return secrets.checkLink('preferences', params.token, subscription.token, now()) ? subscription : null;
  };
  const show = async (
    { params }: FastifyRequest<OfToken>,
    reply: FastifyReply,
    subscription: Subscription,
    {
      fields,
      ...words
    }: { fields?: SettingsFields; faults?: readonly FieldFault[]; fault?: string; said?: string } = {},
  ) => {
    const log = await listDeliveries(db, { subscriptionId: subscription.subscriptionId, limit: LOGGED });
    const path = `/preferences/${encodeURIComponent(params.token)}`;
    return reply.type(HTML).send(
      renderPreferencesPage(subscription, fields ?? fieldsOf(subscription), baseUrl, {
        ...words,
        ...{ log, path },
      }),
    );
  };

  scope.get<OfToken>('/preferences/:token', async (request, reply) => {
    const subscription = await findByLink(request);
    return subscription === null ? refuseLink(reply, baseUrl) : show(request, reply, subscription);
  });

  scope.post<OfToken>('/preferences/:token', async (request, reply) => {
    const subscription = await findByLink(request);
    if (subscription === null) return refuseLink(reply, baseUrl);
    const fields = readFields(request.body ?? new URLSearchParams());
    try {
      const saved = await actions.editSubscription(subscription, toSettings(fields));
      if (saved === null) return refuseLink(reply, baseUrl);
      return await show(request, reply, saved, { said: 'Saved.' });
    } catch (error) {
      if (!(error instanceof InvalidSubscription)) throw error;
      // What was sent stands in the form again, so that nothing is lost by one fault.
      const { faults, message } = error;
      return show(request, reply.code(422), subscription, {
        ...{ fields, faults },
        fault: `Nothing was saved. ${message}`,
      });
    }
  });

  scope.post<OfToken>('/preferences/:token/test', async (request, reply) => {
    const subscription = await findByLink(request);
    if (subscription === null) return refuseLink(reply, baseUrl);
    const { subscriptionId, status } = subscription;
    if (status !== 'active')
      return show(request, reply.code(409), subscription, {
        fault: 'This subscription has ended. Subscribe anew to get messages again.',
      });
    const last = (await listDeliveries(db, { subscriptionId, limit: LOGGED })).find(
      ({ kind }) => kind === 'test',
    );
    if (last !== undefined && Date.parse(now()) - Date.parse(last.createdAt) < TEST_WAIT_MS)
      return show(request, reply.code(429), subscription, {
        fault: 'A test message went out less than a minute ago. Wait a little.',
      });
    const sent = await actions.sendTest(subscription);
    const said =
      sent.status === 'sent'
        ? 'A test message is on its way to you.'
        : 'The test message could not be sent yet; below is why, and it is tried again.';
    return show(request, reply, subscription, { said });
  });
}
