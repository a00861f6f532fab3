import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ElwatchError } from '../errors.ts';
import { CHANNELS, type Channel } from '../model.ts';
import {
  InvalidSubscription,
  readSubscriptionRequest,
  type SubscriptionSettings,
} from '../subscription-request.ts';
import type { ApiParts } from './api/api-parts.ts';
import { type Form, HTML } from './form-scope.ts';
import { renderMadeSubscription, renderNewSubscription } from './pages/new-subscription.ts';
import { sentence } from './sentence.ts';
import { sessionOf } from './session.ts';
import { readFields, type SettingsFields, toSettings, USUAL_FIELDS } from './settings-form.ts';

/** What is the fault of who fills the form in. */
const REFUSALS = /^(?:invalid-|target-not-public$|subscription-exists$)/u;

/** Adds the form by which an organisation makes a subscription, to a scope for who signed in. */
export function addNewSubscription(
  scope: FastifyInstance,
  { actions }: Pick<ApiParts, 'actions'>,
  baseUrl: string,
): void {
  scope.get('/subscriptions/own/new', async (request, reply) => {
    const form = new URL(request.url, 'http://page.invalid').searchParams;
    const fields = form.has('chosen') ? readFields(form) : USUAL_FIELDS;
    const { settings, fault } = judge(fields);
    const view = { session: sessionOf(request), fields, settings, fault, channel: channelIn(form) };
    return reply
      .code(fault === '' ? 200 : 422)
      .type(HTML)
      .send(renderNewSubscription(view, baseUrl));
  });

  scope.post('/subscriptions/own/new', async (request: FastifyRequest<{ Body: Form | undefined }>, reply) => {
    const form = request.body ?? new URLSearchParams();
    const fields = readFields(form);
    const session = sessionOf(request);
    const target = form.get('target') ?? '';
    const name = form.get('name') ?? '';
    const channel = channelIn(form);
    try {
      const asked = readSubscriptionRequest({ ...toSettings(fields), channel, target, name });
      // Nobody vouches by a form: the owner of a mail address is asked, whoever signed in.
      const { subscription, signingSecret } = await actions.subscribe(asked, session.organisationId, null);
      return reply
        .code(201)
        .type(HTML)
        .send(renderMadeSubscription({ session, subscription, secret: signingSecret }, baseUrl));
    } catch (error) {
      if (!(error instanceof ElwatchError) || !REFUSALS.test(error.code)) throw error;
      const fault = `${sentence(error.message)} ${sentence(error.hint)}`;
      const { settings } = judge(fields);
      return reply
        .code(422)
        .type(HTML)
        .send(renderNewSubscription({ session, fields, settings, channel, target, name, fault }, baseUrl));
    }
  });
}

function judge(fields: SettingsFields): { settings: SubscriptionSettings | null; fault: string } {
  try {
    return { settings: toSettings(fields), fault: '' };
  } catch (error) {
    if (!(error instanceof InvalidSubscription)) throw error;
    return { settings: null, fault: error.message };
  }
}

function channelIn(form: URLSearchParams): Channel {
  return CHANNELS.find((one) => one === form.get('channel')) ?? 'webhook';
}
