import { readBounceAddress } from '../bounce-address.ts';
import { judgeMailRefusal, type MailRefusal, readMailStatus } from '../mail-status.ts';
import type { ReceivedMail } from '../model.ts';

/** What a report says of one recipient. */
export interface BouncedRecipient {
  /** Addresses that the report gives it: as we wrote it, and as it ended after forwarding. */
  addresses: string[];
  /** `later` also for what was delivered, relayed or is still tried. */
  refusal: MailRefusal;
  /** RFC 3463, as "5.1.1". */
  status: string;
  /** The other server's own words, on one line. */
  words: string;
}

export type BounceReading =
  | {
      kind: 'bounce';
      /** By the address that it came to; null where that names none. */
      deliveryId: string | null;
      /** Message-ID of what came back, with its brackets; null where the report does not show it. */
      messageId: string | null;
      recipients: BouncedRecipient[];
    }
  | {
      kind: 'complaint';
      deliveryId: string | null;
      messageId: string | null;
      /** Whom we wrote to, as far as the report says: many hide it. */
      addresses: string[];
      /** "abuse", "fraud" or "opt-out". */
      feedbackType: string;
      /** The program that tells it, on one line. */
      reporter: string;
    }
  | {
      kind: 'passed-over';
      reason: 'automatic-reply' | 'other-feedback' | 'receipt' | 'unreadable-report' | 'no-report';
    };

/** Our messages have one recipient each; a report on a hundred is none on ours. */
const MOST_RECIPIENTS = 20;
const MOST_WORDS = 300;
/** Feedback by which somebody wants no more of it. “opt-out” is older than RFC 5965, and still sent. */
const COMPLAINTS = ['abuse', 'fraud', 'opt-out'];
const WHERE_IT_CAME_TO = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];

/**
 * Reads a report on mail that did not arrive: multipart/report (RFC 6522) with a delivery status (RFC 3464, or
 * RFC 6533 for addresses outside ASCII), and complaints (RFC 5965). Everything else that a mailbox for bounces gets
 * is passed over: answers of machines (RFC 3834), receipts (RFC 8098) and letters of people.
 *
 * @param bounceAddress the address that deliveries are named in, or null
 */
export function parseBounce(mail: ReceivedMail, bounceAddress: string | null): BounceReading {
  const { type, reportType } = mail.contentType;
  if (type === 'multipart/report' && reportType === 'feedback-report')
    return parseComplaint(mail, bounceAddress);
  const status = mail.parts.find((part) => /^message\/(?:global-)?delivery-status$/u.test(part.type));
  if (type !== 'multipart/report' || (reportType !== null && reportType !== 'delivery-status'))
    return { kind: 'passed-over', reason: reasonToPassOver(mail) };
  if (status === undefined) return { kind: 'passed-over', reason: 'unreadable-report' };
  // The first group is about the message, each further one about a recipient (RFC 3464 §2.1).
  const recipients = readGroups(status.text)
    .slice(0, MOST_RECIPIENTS + 2)
    .flatMap(readRecipient);
  if (recipients.length === 0 || recipients.length > MOST_RECIPIENTS)
    return { kind: 'passed-over', reason: 'unreadable-report' };
  return {
    kind: 'bounce',
    deliveryId: bounceAddress === null ? null : readDeliveryId(mail, bounceAddress),
    messageId: readReturnedId(mail),
    recipients,
  };
}

function parseComplaint(mail: ReceivedMail, bounceAddress: string | null): BounceReading {
  const report = mail.parts.find((part) => part.type === 'message/feedback-report');
  const fields = readFields((report?.text ?? '').replace(/\r\n?/gu, '\n'));
  const feedbackType = fields.get('feedback-type')?.toLowerCase();
  if (feedbackType === undefined) return { kind: 'passed-over', reason: 'unreadable-report' };
  if (!COMPLAINTS.includes(feedbackType)) return { kind: 'passed-over', reason: 'other-feedback' };
  const returnPath = fields.get('original-mail-from') ?? '';
  return {
    kind: 'complaint',
    // It comes to whom a feedback loop was agreed with, and our own return path stands in the report.
    deliveryId:
      bounceAddress === null
        ? null
        : (readDeliveryId(mail, bounceAddress) ?? readBounceAddress(bounceAddress, returnPath)),
    messageId: readReturnedId(mail),
    addresses: readAddress(fields.get('original-rcpt-to')),
    feedbackType,
    reporter: (fields.get('user-agent') ?? '').replace(/\s+/gu, ' ').slice(0, MOST_WORDS),
  };
}

function reasonToPassOver({ contentType, headers }: ReceivedMail) {
  if (contentType.reportType === 'disposition-notification') return 'receipt' as const;
  const automatic = headers.some(
    ([name, value]) =>
      (name === 'auto-submitted' && !/^no\b/iu.test(value.trim())) ||
      name === 'x-autoreply' ||
      name === 'x-autorespond' ||
      (name === 'precedence' && /\b(?:auto_reply|bulk|junk|list)\b/iu.test(value)),
  );
  return automatic ? ('automatic-reply' as const) : ('no-report' as const);
}

/** Fields of each group by their names in lower case; of a field that stands twice the first counts. */
function readGroups(text: string): Map<string, string>[] {
  return text
    .replace(/\r\n?/gu, '\n')
    .split(/\n[ \t]*\n+/u)
    .map((group) => readFields(group))
    .filter((fields) => fields.size > 0);
}

function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.replace(/\n[ \t]+/gu, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (/^[!-9;-~]+$/u.test(name) && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

function readRecipient(fields: Map<string, string>): BouncedRecipient[] {
  const addresses = [fields.get('original-recipient'), fields.get('final-recipient')].flatMap(readAddress);
  const action = /^[a-z]+/u.exec((fields.get('action') ?? '').toLowerCase())?.[0];
  const stated = /^[245]\.\d{1,3}\.\d{1,3}(?![\d.])/u.exec(fields.get('status') ?? '')?.[0];
  if (addresses.length === 0 || action === undefined || stated === undefined) return [];
  const words = typed(fields.get('diagnostic-code') ?? '')
    .replace(/\s+/gu, ' ')
    .slice(0, MOST_WORDS);
  // Some servers state 5.0.0 for everything, and the words of the other server say more.
  const status = (/\.0\.0$/u.test(stated) ? readMailStatus(words) : null) ?? stated;
  return [{ addresses, refusal: judge(action, status, words), status, words }];
}

function judge(action: string, status: string, words: string): MailRefusal {
  if (action !== 'failed') return 'later';
  const reply = /^(?:smtp;\s*)?([45]\d\d)\b/iu.exec(words)?.[1];
  const refusal = judgeMailRefusal({
    reply: reply === undefined ? null : Number(reply),
    status,
    words,
    atRecipient: null,
  });
  // It was tried for days and given up (4.4.7): lost for this message, though the address may be good.
  return refusal === 'later' ? 'refused' : refusal;
}

/** "rfc822; ana@example.org" (RFC 3464 §2.3.1), and "utf-8; …" of RFC 6533. */
function readAddress(field: string | undefined): string[] {
  const address = typed(field ?? '')
    .replace(/^<|>$/gu, '')
    .toLowerCase();
  return /^[^\s<>@]{1,64}@[^\s<>@]{1,255}$/u.test(address) ? [address] : [];
}

/** The value of a field that begins with its type ("smtp; 550 …"). */
function typed(field: string): string {
  return field.slice(field.indexOf(';') + 1).trim();
}

function readDeliveryId({ headers }: ReceivedMail, bounceAddress: string): string | null {
  for (const [name, value] of headers) {
    const id = WHERE_IT_CAME_TO.includes(name) ? readBounceAddress(bounceAddress, value) : null;
    if (id !== null) return id;
  }
  return null;
}

/** From the returned headers or message, of which only the head counts. */
function readReturnedId({ parts }: ReceivedMail): string | null {
  const returned = parts.find(({ type }) =>
    /^(?:text\/rfc822-headers|message\/(?:rfc822|global|global-headers))$/u.test(type),
  );
  const head = (returned?.text ?? '').replace(/\r\n?/gu, '\n').split('\n\n', 1)[0] ?? '';
  return /^<[^<>\s]{1,250}>/u.exec(readFields(head).get('message-id') ?? '')?.[0] ?? null;
}
