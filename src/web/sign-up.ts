import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ElwatchError } from '../errors.ts';
import type { Subscription } from '../model.ts';
import { confirmSubscription, findSubscription } from '../store/subscriptions.ts';
import type { ApiParts } from './api/api-parts.ts';
import { type Form, HTML, refuseLink } from './form-scope.ts';
import { renderPlainPage } from './pages/plain.ts';
import { renderSignUpPage } from './pages/sign-up.ts';
import { sentence } from './sentence.ts';
import { readFields, toSettings } from './settings-form.ts';

/** What is the fault of who fills the form in. */
const REFUSALS = ['invalid-address', 'invalid-subscription'];

/** How long the link on the page is good; those in mails are for years. */
const PREFERENCES_DAYS = 7;

type OfToken = FastifyRequest<{ Params: { token: string } }>;

/**
 * Adds the page on which somebody asks for alerts by mail, and the one to which the link in the question leads. That
 * only asks too: scanners of links follow it, and must not say yes for the owner of the address.
 */
export function addSignUp(scope: FastifyInstance, { db, secrets, now, actions }: ApiParts, baseUrl: string) {
  const findByLink = async ({ params }: OfToken): Promise<Subscription | null> => {
    const subscriptionId = secrets.readLink(params.token);
    const subscription = subscriptionId === null ? null : await findSubscription(db, subscriptionId);
    if (subscription === null) return null;
    return secrets.checkLink('confirm', params.token, subscription.token, now()) ? subscription : null;
  };

  scope.get('/subscribe', async (_request, reply) => reply.type(HTML).send(renderSignUpPage(baseUrl)));

  scope.post<{ Body: Form | undefined }>('/subscribe', async ({ body, headers }, reply) => {
    reply.type(HTML);
    // Another site must not have its visitors ask in our name for mail to somebody. Who is no browser has no visitors.
    if (headers['sec-fetch-site'] === 'cross-site') {
      const text = 'This was sent by a page of another site. Fill in the form here and send it again.';
      return reply.code(403).send(renderPlainPage('Not taken', text, baseUrl));
    }
    const email = body?.get('email') ?? '';
    try {
      // The page of subscriptions sends what was chosen on it; the short form alone has no such fields.
      await actions.signUp(email, body?.has('chosen') ? toSettings(readFields(body)) : {});
    } catch (error) {
      if (!(error instanceof ElwatchError) || !REFUSALS.includes(error.code)) throw error;
      const chosen = new URLSearchParams(body?.has('chosen') ? [...body] : []);
      chosen.delete('email');
      const isOfAddress = error.code === 'invalid-address';
      return reply
        .code(422)
        .send(renderSignUpPage(baseUrl, { email, fault: sentence(error.message), isOfAddress, chosen }));
    }
    // The same for an address that is known: who asks must not learn whether it is.
    const text =
      'If this address is not subscribed yet, a message is on its way to it. Alerts begin when its link is followed. Nothing came within some minutes? Look among the junk mail.';
    return reply.code(202).send(renderPlainPage('Look into your mailbox', text, baseUrl));
  });

  scope.get('/confirm/:token', async (request: OfToken, reply) => {
    const subscription = await findByLink(request);
    if (subscription === null) return refuseLink(reply, baseUrl);
    reply.type(HTML);
    if (subscription.status === 'active') return reply.send(renderConfirmed(subscription));
    if (subscription.status !== 'unconfirmed') return refuseLink(reply, baseUrl);
    const text =
      'Alerts about the US export-control lists will come to this address. They have not begun yet.';
    return reply.send(renderPlainPage('Confirm', text, baseUrl, 'Begin the alerts'));
  });

  scope.post('/confirm/:token', async (request: OfToken, reply) => {
    const subscription = await findByLink(request);
    if (subscription === null) return refuseLink(reply, baseUrl);
    const isNew = await confirmSubscription(db, subscription.subscriptionId, now());
    // A link of long ago must not begin again what was ended since.
    if (!isNew && subscription.status !== 'active') return refuseLink(reply, baseUrl);
    return reply.type(HTML).send(renderConfirmed(subscription));
  });

  // Who has the link of the question has the mailbox, to which the link to the preferences would go as well.
  function renderConfirmed({ subscriptionId, token }: Subscription): string {
    const text =
      'Alerts begin with the next rule. Each has a link at its foot to change what comes, or to end it.';
    const link = secrets.signLink('preferences', subscriptionId, token, now(), PREFERENCES_DAYS);
    return renderPlainPage('Confirmed', text, baseUrl, null, {
      href: `/preferences/${link}`,
      label: 'Change what comes, or send yourself a test message',
    });
  }
}
