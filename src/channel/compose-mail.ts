import type Mail from 'nodemailer/lib/mailer/index.js';
import { toBounceAddress } from '../bounce-address.ts';
import { ElwatchError } from '../errors.ts';
import { parseAddress } from './address.ts';
import type { EmailMessage } from './email-channel.ts';

export interface Sender {
  name: string;
  address: string;
  /** Where bounces go, before the delivery is named in it; null for the sender. */
  bounceAddress: string | null;
}

/** @throws ElwatchError `invalid-address` */
export function parseSender(mailFrom: string, bounceAddress: string | null): Sender {
  const match = /^([^<>]*)<([^<>]+)>\s*$/u.exec(mailFrom);
  const name = (match?.[1] ?? '').replace(/["\p{Cc}]/gu, '').trim();
  return {
    name,
    address: parseAddress((match?.[2] ?? mailFrom).trim()),
    bounceAddress: bounceAddress === null ? null : parseAddress(bounceAddress),
  };
}

/**
 * A message as nodemailer takes it, with nothing in it that could become a header or a recipient by itself. `at` is
 * its Date, in milliseconds; nodemailer would take the clock of the machine, which is not that of a replay.
 *
 * @throws ElwatchError `invalid-address`, `invalid-header`
 */
export function composeMail(
  from: Sender,
  message: EmailMessage,
  at: number,
): Mail.Options & { messageId: string } {
  const to = parseAddress(message.to);
  const {
    'Message-ID': messageId,
    'In-Reply-To': inReplyTo,
    References: references,
    ...rest
  } = message.headers;
  if (messageId === undefined) refuseHeader('Message-ID', 'is missing');
  for (const [name, value] of Object.entries({ ...message.headers, Subject: message.subject })) {
    // A line break would start a header of somebody else's choice; nodemailer folds it, we refuse it.
    if (!/^[A-Za-z0-9-]+$/u.test(name) || /\p{Cc}/u.test(value))
      refuseHeader(name, 'holds a control character');
  }
  return {
    // The envelope is explicit: what stands in To and From never decides where the message goes.
    envelope: { from: returnPath(from, message.deliveryId), to: [to] },
    from: { name: from.name, address: from.address },
    to: { name: '', address: to },
    subject: message.subject,
    date: new Date(at),
    messageId,
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(references === undefined ? {} : { references }),
    headers: rest,
    text: message.text,
    html: message.html,
    attachments:
      message.csv === null
        ? []
        : [
            {
              filename: message.csv.filename,
              content: message.csv.content,
              contentType: 'text/csv; charset=utf-8',
            },
          ],
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function returnPath({ address, bounceAddress }: Sender, deliveryId: string | undefined): string {
  if (bounceAddress === null) return address;
  return deliveryId !== undefined && /^[0-9a-f]{32}$/u.test(deliveryId)
    ? toBounceAddress(bounceAddress, deliveryId)
    : bounceAddress;
}

function refuseHeader(name: string, reason: string): never {
  throw new ElwatchError('invalid-header', `mail header ${JSON.stringify(name.slice(0, 60))} ${reason}`, {
    retry: false,
    hint: 'This is a fault of the program: text from outside must be cleaned before it becomes a header.',
  });
}
