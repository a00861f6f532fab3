import type { FastifyInstance } from 'fastify';
import { CHANNELS } from '../../model.ts';
import { describeFilter } from '../../render/filter-words.ts';
import {
  applySettings,
  type FieldFault,
  InvalidSubscription,
  type SubscriptionSettings,
} from '../../subscription-request.ts';
import type { Preview } from '../api/api-parts.ts';
import { renderSubscriptionsPage } from '../pages/subscriptions.ts';
import { readFields, toSettings, USUAL_FIELDS } from '../settings-form.ts';
import { COSTLY, type SiteParts } from './site-parts.ts';

/** Mails have their styles inline. They are shown by themselves, where nothing of theirs can run or lead on. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox";

interface Chosen {
  fields: typeof USUAL_FIELDS;
  settings: SubscriptionSettings;
  preview: Preview | null;
  faults: readonly FieldFault[];
}

/**
 * Adds the page on which a subscription is put together, with what it would have got at the last rule: the exact mail
 * and the exact payload. What is chosen stands in its address.
 */
export function addSubscriptionsPage(site: FastifyInstance, { baseUrl, actions }: SiteParts): void {
  const read = async (url: string): Promise<Chosen> => {
    const query = new URL(url, 'http://page.invalid').searchParams;
    // A box that is not ticked is not sent: the mark of the form tells that from a first visit.
    const fields = query.has('chosen') ? readFields(query) : { ...USUAL_FIELDS, ...pickFew(query) };
    try {
      const settings = toSettings(fields);
      return { fields, settings, preview: await actions.previewAlert(settings), faults: [] };
    } catch (error) {
      if (!(error instanceof InvalidSubscription)) throw error;
      return { fields, settings: {}, preview: null, faults: error.faults };
    }
  };

  site.get('/subscriptions', COSTLY, async (request, reply) => {
    const { fields, settings, preview, faults } = await read(request.url);
    const html = renderSubscriptionsPage(
      {
        ...{ fields, settings, preview, faults },
        words: describeFilter(applySettings(settings).filter),
        query: new URL(request.url, 'http://page.invalid').search,
        by: CHANNELS.find((one) => one === (request.query as { by?: unknown }).by) ?? 'email',
      },
      baseUrl,
    );
    return reply
      .code(faults.length === 0 ? 200 : 422)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(html);
  });

  site.get('/subscriptions/mail', COSTLY, async (request, reply) => {
    const { preview } = await read(request.url);
    if (preview === null) return reply.callNotFound();
    return reply
      .header('cache-control', 'no-store')
      .header('content-security-policy', MAIL_POLICY)
      .type('text/html; charset=utf-8')
      .send(preview.mail.html);
  });

  site.get('/subscriptions/payload.json', COSTLY, async (request, reply) => {
    const { preview } = await read(request.url);
    if (preview === null) return reply.callNotFound();
    return reply.header('cache-control', 'no-store').headers(preview.webhookHeaders).send(preview.webhook);
  });
}

/** What links of other pages choose beforehand, as "subscribe to this entry". */
function pickFew(query: URLSearchParams): Partial<typeof USUAL_FIELDS> {
  const destinations = query.get('destinations') ?? query.get('destination');
  const keywords = query.get('keywords');
  const lists = query.getAll('lists').concat(query.getAll('list'));
  return {
    ...(destinations ? { destinations } : {}),
    ...(keywords ? { keywords } : {}),
    ...(lists.length > 0 ? { lists } : {}),
  };
}
