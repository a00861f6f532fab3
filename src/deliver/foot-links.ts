import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import type { FootLinks } from '../render/foot-links.ts';

/** Old mail is looked up for years: its links live as long as a retention period of export records (15 CFR 762.6). */
const LIFETIME_DAYS = 5 * 366;

/** The signed links of one message; of those that go to no mailbox, the first alone. All of a subscription end with its token, as the unsubscribe link does. */
export function signFootLinks(
  { secrets, baseUrl, now }: Parts,
  { subscriptionId, token }: Subscription,
  deliveryId: string,
): FootLinks {
  const root = baseUrl.replace(/\/+$/u, '');
  const sign = (purpose: 'acknowledge' | 'preferences', subject: string) =>
    `${root}/${purpose}/${secrets.signLink(purpose, subject, token, now(), LIFETIME_DAYS)}`;
  return {
    acknowledgeUrl: sign('acknowledge', deliveryId),
    preferencesUrl: sign('preferences', subscriptionId),
  };
}
