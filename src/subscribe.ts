import { parseAddress } from './channel/address.ts';
import { sealTarget } from './channel/sealed-target.ts';
import { makeWebhookSecret } from './channel/webhook-secret.ts';
import type { Subscription } from './model.ts';
import type { Parts } from './parts.ts';
import { addSubscription } from './store/subscriptions.ts';
import { judgeTargetOf } from './subscribe/judge-target.ts';
import { applySettings, type SubscriptionRequest } from './subscription-request.ts';

export interface Subscribed {
  subscription: Subscription;
  /** Of a webhook: shown this once. */
  signingSecret: string | null;
}

/**
 * Makes a subscription for somebody who may speak for its target: the operator, or an organisation by its token.
 *
 * @throws ElwatchError `invalid-address`, `invalid-target`, `target-not-public`, `subscription-exists`
 */
export async function subscribe(
  parts: Parts,
  request: SubscriptionRequest,
  organisationId: string,
): Promise<Subscribed> {
  const { channel } = request;
  const target = judgeTargetOf(channel, request.target, parts.allowHosts);
  const settings = applySettings(request);
  const signingSecret = channel === 'webhook' ? makeWebhookSecret() : null;
  const now = parts.now();
  const subscription = await addSubscription(parts.db, {
    ...settings,
    contact: settings.contact === null ? null : parseAddress(settings.contact),
    organisationId,
    channel,
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
