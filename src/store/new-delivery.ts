import { createHash } from 'node:crypto';
import type { DeliveryKind, Subscription } from '../model.ts';
import type { NewDelivery } from './deliveries.ts';

/**
 * A delivery of something to a subscription, due now. Its id, and with it the Message-ID and the id of a webhook,
 * follows from what is told to whom by which channel: a second try is the same message, and the effect is once.
 */
export function newDelivery(
  subscription: Subscription,
  { kind, subject }: { kind: DeliveryKind; subject: string },
  baseUrl: string,
  now: string,
): NewDelivery {
  const { subscriptionId } = subscription;
  // The owner of a target that was given up is told by mail.
  const [channel, recipient] =
    kind === 'disabled'
      ? (['email', subscription.contact ?? subscription.target] as const)
      : ([subscription.channel, subscription.target] as const);
  const deliveryId = createHash('sha256')
    .update(`${subject}|${subscriptionId}|${channel}`)
    .digest('hex')
    .slice(0, 32);
  const label = subject.replace(/[^\w.-]+/gu, '-').slice(0, 60);
  return {
    deliveryId,
    kind,
    subject,
    changeSetId: null,
    subscriptionId,
    channel,
    recipient,
    messageId: `<${label}.${deliveryId}@${new URL(baseUrl).hostname}>`,
    dueAt: now,
    createdAt: now,
  };
}
