import { errorLine } from './errors.ts';
import type { ReceivedMail } from './model.ts';
import { type BouncedRecipient, type BounceReading, parseBounce } from './parse/bounce.ts';
import type { Parts } from './parts.ts';
import { findDelivery, recordBounce, recordComplaint, type StoredDelivery } from './store/deliveries.ts';
import { giveUpAddress } from './store/give-up-address.ts';
import { recordFailure, recordSuccess } from './store/source-state.ts';
import { findSubscription, setSubscriptionStatus } from './store/subscriptions.ts';
import { suppressAddress } from './store/suppressed-addresses.ts';

/**
 * How many mails came to what. `failed`: a delivery came back; `complained`: one that arrived was complained of;
 * `disabled`: either ended its subscription.
 */
export interface BouncesRead {
  read: number;
  failed: number;
  complained: number;
  disabled: number;
  /** Delayed or still tried, and what came back by a way that is not ours: in the log only. */
  noted: number;
  passedOver: number;
}

const SOURCE = 'bounce-mailbox';

/**
 * Reads what came to the mailbox for bounces. A report that one of our messages was refused marks its delivery as
 * failed, and ends the subscription where the mailbox does not exist or refused several messages in a row; a
 * complaint ends it at once. Nothing is
 * ever answered, so that two machines cannot write to each other for ever (RFC 3834). A mail is marked as seen
 * after its effect is stored; read twice, it changes nothing more.
 *
 * @throws ElwatchError of the mailbox, after it was recorded
 */
export async function readBounces(parts: Parts): Promise<BouncesRead> {
  const found: BouncesRead = { read: 0, failed: 0, complained: 0, disabled: 0, noted: 0, passedOver: 0 };
  const { bounces: mailbox } = parts;
  if (mailbox === null) return found;
  try {
    found.read = await mailbox.readUnseen(async (mail) => {
      for (const outcome of await takeIn(parts, mail, mailbox.address)) found[outcome] += 1;
    });
  } catch (error) {
    await recordFailure(parts.db, SOURCE, parts.now(), errorLine(error));
    throw error;
  }
  await recordSuccess(parts.db, SOURCE, parts.now());
  if (found.read > 0) parts.log.info(found, 'bounces read');
  return found;
}

async function takeIn(
  parts: Parts,
  mail: ReceivedMail | null,
  bounceAddress: string | null,
): Promise<(keyof BouncesRead)[]> {
  const bounce = mail === null ? null : parseBounce(mail, bounceAddress);
  if (bounce === null || bounce.kind === 'passed-over') {
    parts.log.debug({ reason: bounce?.reason ?? 'unreadable' }, 'mail passed over');
    return ['passedOver'];
  }
  const delivery = await findBounced(parts, bounce);
  if (delivery === null) {
    parts.log.warn({}, 'a bounce names no delivery of ours: ignored');
    return ['passedOver'];
  }
  if (bounce.kind === 'complaint') return complain(parts, delivery, bounce);
  // Whoever was forwarded the mail can name the delivery, and only the address that we wrote to can end it.
  const recipient = bounce.recipients.find(({ addresses }) =>
    addresses.includes(delivery.recipient.toLowerCase()),
  );
  const note = { delivery: delivery.deliveryId, status: (recipient ?? bounce.recipients[0])?.status };
  if (recipient === undefined || recipient.refusal === 'later') {
    parts.log.info(note, recipient === undefined ? 'a bounce of another address' : 'mail is delayed');
    return ['noted'];
  }
  return fail(parts, delivery, recipient);
}

async function fail(
  parts: Parts,
  delivery: StoredDelivery,
  { refusal, status, words }: BouncedRecipient,
): Promise<(keyof BouncesRead)[]> {
  const reason = `bounced-${status}: ${words === '' ? 'the report gives no words' : words}`;
  return parts.db.transaction().execute(async (tx) => {
    // Seen before, or never sent: what is not in our ledger cannot come back.
    if (!(await recordBounce(tx, delivery.deliveryId, reason))) return ['noted'];
    parts.log.warn({ delivery: delivery.deliveryId, status }, 'a delivery bounced');
    const disabled = await giveUpAddress({ db: tx, log: parts.log }, delivery, {
      reason,
      atOnce: refusal === 'no-mailbox',
      now: parts.now(),
    });
    return disabled ? ['failed', 'disabled'] : ['failed'];
  });
}

/** Whoever complains wants no more, be it ever so good: what they asked for is ended, and no sign-up asks them again. */
async function complain(
  parts: Parts,
  { deliveryId, subscriptionId, recipient }: StoredDelivery,
  { addresses, feedbackType, reporter }: Extract<BounceReading, { kind: 'complaint' }>,
): Promise<(keyof BouncesRead)[]> {
  if (addresses.length > 0 && !addresses.includes(recipient.toLowerCase())) {
    parts.log.info({ delivery: deliveryId }, 'a complaint of another address');
    return ['noted'];
  }
  const reason = `complaint-${feedbackType}: reported by ${reporter === '' ? 'a program without a name' : reporter}`;
  return parts.db.transaction().execute(async (tx) => {
    if (!(await recordComplaint(tx, deliveryId, reason))) return ['noted'];
    parts.log.warn(
      { delivery: deliveryId, subscription: subscriptionId, reason },
      'a delivery was complained of',
    );
    const subscription = await findSubscription(tx, subscriptionId);
    // What is told about a target to its owner by mail ends nothing.
    if (subscription?.channel !== 'email' || subscription.target !== recipient) return ['complained'];
    await setSubscriptionStatus(tx, subscriptionId, 'disabled', reason, 'service');
    await suppressAddress(tx, recipient, { reason, now: parts.now() });
    return ['complained', 'disabled'];
  });
}

/** By the address that the bounce came to and by the Message-ID in it; where both are there they must agree. */
async function findBounced(
  parts: Parts,
  { deliveryId, messageId }: { deliveryId: string | null; messageId: string | null },
): Promise<StoredDelivery | null> {
  const id = deliveryId ?? /\.([0-9a-f]{32})@[^@]*>$/u.exec(messageId ?? '')?.[1] ?? null;
  const delivery = id === null ? null : await findDelivery(parts.db, id);
  if (delivery === null || delivery.channel !== 'email') return null;
  return messageId === null || messageId === delivery.messageId ? delivery : null;
}
