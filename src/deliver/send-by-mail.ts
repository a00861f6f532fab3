import type { ChangeSet, Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { renderDisabledEmail } from '../render/disabled-email.ts';
import { renderEmail } from '../render/email.ts';
import { listDeliveries, type StoredDelivery } from '../store/deliveries.ts';
import type { Told } from './told.ts';

/** Renders a mail and hands it to the mail channel. */
export async function sendByMail(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
  told: Told,
): Promise<{ outcome: string }> {
  if (told.kind === 'disabled') {
    const { messageId, recipient, deliveryId } = delivery;
    const notice = renderDisabledEmail({ ...told, subscription, messageId });
    return parts.email.send({ to: recipient, deliveryId, ...notice });
  }
  const message = renderEmail({
    ...told,
    subscription,
    baseUrl: parts.baseUrl,
    mailFrom: parts.mailFrom,
    messageId: delivery.messageId,
    references: await messagesBefore(parts, told.earlier, delivery.subscriptionId),
  });
  return parts.email.send({ to: delivery.recipient, deliveryId: delivery.deliveryId, ...message });
}

/** Message-IDs of what this subscription was told before about the same document, the oldest first. */
async function messagesBefore(
  parts: Parts,
  chain: readonly ChangeSet[],
  subscriptionId: string,
): Promise<string[]> {
  const messages: string[] = [];
  for (const { changeSetId } of chain) {
    const [before] = await listDeliveries(parts.db, { changeSetId, subscriptionId, limit: 1 });
    // One that may have been sent is named too: a mail program passes over what it does not have.
    if (before && (before.status === 'sent' || before.maybeDuplicate)) messages.unshift(before.messageId);
  }
  return messages;
}
