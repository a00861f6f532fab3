import { parseAddress } from './channel/address.ts';
import { sealTarget } from './channel/sealed-target.ts';
import { makeWebhookSecret } from './channel/webhook-secret.ts';
import { ElwatchError } from './errors.ts';
import type { Subscription } from './model.ts';
import type { Parts } from './parts.ts';
import { addSubscription } from './store/subscriptions.ts';
import { findSuppression } from './store/suppressed-addresses.ts';
import { judgeTargetOf } from './subscribe/judge-target.ts';
import { applySettings, type SubscriptionRequest } from './subscription-request.ts';

export interface Subscribed {
  subscription: Subscription;
  /** Of a webhook: shown this once. */
  signingSecret: string | null;
}

/**
 * Makes a subscription of an organisation. That of a mail address is unconfirmed, and its owner still to be asked
 * (`askToConfirm`), unless the operator vouches for it.
 *
 * @param vouchedBy who of the operator vouches, in words for the record; null for nobody
 * @throws ElwatchError `invalid-address`, `invalid-target`, `target-not-public`, `subscription-exists`,
 *   `address-suppressed` where nothing is sent to an address that is vouched for
 */
export async function subscribe(
  parts: Parts,
  request: SubscriptionRequest,
  organisationId: string,
  vouchedBy: string | null,
): Promise<Subscribed> {
  const { channel } = request;
  const target = judgeTargetOf(channel, request.target, parts.allowHosts);
  const settings = applySettings(request);
  const signingSecret = channel === 'webhook' ? makeWebhookSecret() : null;
  const now = parts.now();
  const isAsked = channel === 'email' && vouchedBy === null;
  if (channel === 'email' && !isAsked) await assertWelcome(parts, target.whole);
  const subscription = await addSubscription(parts.db, {
    ...settings,
    contact: settings.contact === null ? null : parseAddress(settings.contact),
    organisationId,
    channel,
    status: isAsked ? 'unconfirmed' : 'active',
    vouchedBy: channel === 'email' ? vouchedBy : null,
    target: target.shown,
    wholeTarget: target.whole,
    sealed:
      channel === 'email'
        ? null
        : sealTarget(parts.secrets, {
            url: target.whole,
            secrets: signingSecret === null ? [] : [{ value: signingSecret, until: null }],
          }),
    createdAt: now,
  });
  return { subscription, signingSecret };
}

/** Nothing would be sent, so that the operator must know before vouching. */
async function assertWelcome({ db }: Parts, address: string): Promise<void> {
  const suppression = await findSuppression(db, address);
  if (suppression === null) return;
  throw new ElwatchError('address-suppressed', `nothing is sent to ${address}: ${suppression.reason}`, {
    retry: false,
    hint: 'Resume its subscription where its reader wants it again, or let the reader sign up anew.',
  });
}
