import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ElwatchError } from '../errors.ts';
import { LIST_NAMES, type Subscription } from '../model.ts';
import { findSubscription } from '../store/subscriptions.ts';
import { readSubscriptionSettings } from '../subscription-request.ts';
import type { ApiParts } from './api/api-parts.ts';
import { type Form, HTML, refuseLink } from './form-scope.ts';
import { fieldsOf, type PreferencesFields, renderPreferencesPage, USUAL_KINDS } from './pages/preferences.ts';

type OfToken = { Params: { token: string }; Body: Form | undefined };

/** Adds the page on which a reader changes what is told, by the signed link at the foot of each mail. */
export function addPreferences(scope: FastifyInstance, parts: ApiParts, baseUrl: string): void {
  const { db, secrets, now, actions } = parts;

  const findByLink = async ({ params }: FastifyRequest<OfToken>): Promise<Subscription | null> => {
    const subscriptionId = secrets.readLink(params.token);
    const subscription = subscriptionId === null ? null : await findSubscription(db, subscriptionId);
    if (subscription === null) return null;
    return secrets.checkLink('preferences', params.token, subscription.token, now()) ? subscription : null;
  };

  scope.get<OfToken>('/preferences/:token', async (request, reply) => {
    const subscription = await findByLink(request);
    if (subscription === null) return refuseLink(reply, baseUrl);
    return reply.type(HTML).send(renderPreferencesPage(subscription, fieldsOf(subscription), baseUrl));
  });

  scope.post<OfToken>('/preferences/:token', async (request, reply) => {
    const subscription = await findByLink(request);
    if (subscription === null) return refuseLink(reply, baseUrl);
    reply.type(HTML);
    const fields = readFields(request.body ?? new URLSearchParams());
    try {
      const saved = await actions.editSubscription(subscription, toSettings(fields));
      if (saved === null) return refuseLink(reply, baseUrl);
      return reply.send(renderPreferencesPage(saved, fieldsOf(saved), baseUrl, { isSaved: true }));
    } catch (error) {
      if (!(error instanceof ElwatchError) || error.code !== 'invalid-subscription') throw error;
      // What was sent stands in the form again, so that nothing is lost by one fault.
      const page = renderPreferencesPage(subscription, fields, baseUrl, { fault: error.message });
      return reply.code(422).send(page);
    }
  });
}

function readFields(form: Form): PreferencesFields {
  const one = (name: string) => form.get(name) ?? '';
  return {
    lists: form.getAll('lists'),
    destinations: one('destinations'),
    kinds: form.getAll('kinds'),
    minimumCount: one('minimumCount'),
    keywords: one('keywords'),
    notices: form.getAll('notices'),
    mode: one('mode'),
    at: one('at'),
    timeZone: one('timeZone'),
    weekday: one('weekday'),
    dateLanguage: one('dateLanguage'),
  };
}

/** @throws ElwatchError `invalid-subscription` */
function toSettings(fields: PreferencesFields) {
  const { lists, kinds, notices, mode, at, timeZone, weekday } = fields;
  for (const [name, chosen] of Object.entries({ lists, kinds }))
    if (chosen.length === 0)
      throw new ElwatchError('invalid-subscription', `${name}: choose at least one`, {
        retry: false,
        hint: 'To get nothing at all, use the unsubscribe link.',
      });
  const words = (text: string, separator: RegExp) =>
    text
      .split(separator)
      .map((word) => word.trim())
      .filter((word) => word !== '');
  const isUsual = kinds.length === USUAL_KINDS.length && USUAL_KINDS.every((kind) => kinds.includes(kind));
  return readSubscriptionSettings({
    // All of them are no restriction: a list that comes to be later is meant too.
    lists: LIST_NAMES.every((list) => lists.includes(list)) ? [] : [...new Set(lists)],
    kinds: isUsual ? [] : [...new Set(kinds)],
    destinations: words(fields.destinations, /[\s,;]+/u),
    keywords: words(fields.keywords, /[\r\n]+/u),
    minimumCount: Number(fields.minimumCount),
    provisional: notices.includes('provisional'),
    held: notices.includes('held'),
    quietDays: notices.includes('quietDays'),
    schedule:
      mode === 'daily'
        ? { mode, at, timeZone }
        : mode === 'weekly'
          ? { mode, at, timeZone, weekday: Number(weekday) }
          : { mode },
    dateLanguage: fields.dateLanguage,
  });
}
