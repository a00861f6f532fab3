import type { ChangeSet, Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { renderDigestEmail } from '../render/digest-email.ts';
import { renderDisabledEmail } from '../render/disabled-email.ts';
import { type RenderedEmail, renderEmail } from '../render/email.ts';
import { describeFilter, describeSchedule } from '../render/filter-words.ts';
import { renderNoticeEmail } from '../render/notice-email.ts';
import { describeQuiet } from '../render/quiet-words.ts';
import { findDelivery, listDeliveries, type StoredDelivery } from '../store/deliveries.ts';
import { signFootLinks } from './foot-links.ts';
import type { Told } from './told.ts';

/** Days for which the question of the double opt-in can be answered. */
const CONFIRM_DAYS = 7;

/** Renders a mail and hands it to the mail channel. */
export async function sendByMail(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
  told: Told,
): Promise<{ outcome: string }> {
  const message = await render(parts, delivery, subscription, told);
  return parts.email.send({ to: delivery.recipient, deliveryId: delivery.deliveryId, ...message });
}

async function render(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
  told: Told,
): Promise<RenderedEmail> {
  const { baseUrl, mailFrom } = parts;
  const { messageId, deliveryId } = delivery;
  const root = baseUrl.replace(/\/+$/u, '');
  const { subscriptionId, token, target, dateLanguage } = subscription;
  const links = signFootLinks(parts, subscription, deliveryId);
  const unsubscribeUrl = `${root}/unsubscribe/${encodeURIComponent(token)}`;
  switch (told.kind) {
    case 'alert': {
      const references = await messagesBefore(parts, [...told.earlier, ...told.corrected], subscriptionId);
      return renderEmail({ ...told, subscription, baseUrl, mailFrom, messageId, references, links });
    }
    case 'digest':
      return renderDigestEmail({ ...told, subscription, dateLanguage, baseUrl, messageId, links });
    case 'quiet': {
      const { subject, text } = describeQuiet(told.facts, dateLanguage);
      return renderNoticeEmail({
        subject,
        paragraphs: [text],
        ...{ messageId, baseUrl, unsubscribeUrl, links },
      });
    }
    case 'test':
      return renderNoticeEmail({
        subject: 'This is a test: no list has changed',
        paragraphs: ['Alerts about the US export-control lists will come to this address.'],
        ...{ messageId, baseUrl, unsubscribeUrl, links },
      });
    case 'confirm':
      return renderNoticeEmail({
        subject: 'Please confirm: alerts about the US export-control lists',
        paragraphs: [
          `Somebody, you we hope, asked for alerts to ${target}. They begin when you follow this link and press the button there. It is good for ${CONFIRM_DAYS} days.`,
          `What was chosen: ${describeFilter(subscription.filter)}, ${describeSchedule(subscription.schedule)}.`,
          'If it was not you, do nothing: without it no alert is sent.',
        ],
        link: {
          label: 'Confirm',
          url: `${root}/confirm/${parts.secrets.signLink('confirm', subscriptionId, token, parts.now(), CONFIRM_DAYS)}`,
        },
        ...{ messageId, baseUrl, unsubscribeUrl: null },
      });
    case 'disabled':
      return renderDisabledEmail({ ...told, subscription, messageId });
  }
}

/** Message-IDs of what this subscription was told before in the same matter, the oldest first. */
async function messagesBefore(
  parts: Parts,
  chain: readonly ChangeSet[],
  subscriptionId: string,
): Promise<string[]> {
  const messages: string[] = [];
  for (const { changeSetId } of chain) {
    const [before] = await listDeliveries(parts.db, { changeSetId, subscriptionId, limit: 1 });
    // One that may have been sent is named too: a mail program passes over what it does not have.
    if (!before || (before.status !== 'sent' && !before.maybeDuplicate)) continue;
    // What a digest took in was never a message of its own.
    const digest = before.digestId === null ? null : await findDelivery(parts.db, before.digestId);
    const { messageId } = digest ?? before;
    if (!messages.includes(messageId)) messages.unshift(messageId);
  }
  return messages;
}
