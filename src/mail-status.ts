/**
 * What a refusal by a mail server is about: it asks to try `later`; the address has `no-mailbox`; or this one
 * message is `refused`, for its content, a policy or a full mailbox.
 */
export type MailRefusal = 'later' | 'no-mailbox' | 'refused';

export interface MailReply {
  /** RFC 5321 §4.2, as 550; null where only a status is known. */
  reply: number | null;
  /** Enhanced status of RFC 3463, as "5.1.1"; null where the server gave none. */
  status: string | null;
  /** All that the server said. */
  words: string;
  /** Whether it was said of the recipient, before any content was sent; null where that is not known. */
  atRecipient: boolean | null;
}

/** RFC 3463 §3.2 and RFC 7505: no such mailbox, no such system, bad syntax, moved away, takes no mail at all. */
const NO_MAILBOX = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10']);
/** RFC 5321 §4.2.3: mailbox unavailable, user not local, mailbox name not allowed. */
const ABOUT_MAILBOX = new Set([550, 551, 553]);
/** Many servers say 550 for whatever they do not like. A relay that refuses us must not end every subscription. */
const ABOUT_US =
  /\b(?:relay\w*|spam\w*|blocked|block ?list\w*|black ?list\w*|deny ?list\w*|dnsbl|rbl|polic(?:y|ies)|reputation|spf|dkim|dmarc|banned|authenticat\w*|auth|sender|client host|rate|quota|full|content|virus)\b/iu;
const ABOUT_ADDRESS = /\b(?:user|users|mailbox|recipient|address|account|local part)\b/iu;

/** The enhanced status at the beginning of what a server said ("550 5.1.1 …"), or null. RFC 2034 §4. */
export function readMailStatus(words: string): string | null {
  return /(?:^|[\s-])([245]\.\d{1,3}\.\d{1,3})(?=$|[\s:;,)-])/u.exec(words.slice(0, 500))?.[1] ?? null;
}

/** Sorts a refusal, by the enhanced status where it says anything and by the reply and its words where it does not. */
export function judgeMailRefusal({ reply, status, words, atRecipient }: MailReply): MailRefusal {
  const permanent = reply === null ? status?.startsWith('5') : reply >= 500;
  if (!permanent) return 'later';
  if (status !== null && NO_MAILBOX.has(status)) return 'no-mailbox';
  // "Other undefined status" (x.0.0) says no more than the reply does.
  if (status !== null && status !== '5.0.0') return 'refused';
  if (reply === null || !ABOUT_MAILBOX.has(reply) || ABOUT_US.test(words)) return 'refused';
  return (atRecipient ?? ABOUT_ADDRESS.test(words)) ? 'no-mailbox' : 'refused';
}
