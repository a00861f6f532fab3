export interface MailHeadersInput {
  /** With or without angle brackets. */
  messageId: string;
  /** Null for a mail that belongs to no subscription yet. */
  unsubscribeUrl: string | null;
  /** Public address of this installation. */
  baseUrl: string;
  /** Message-IDs of the mails that this one follows up, the oldest first. */
  references?: readonly string[];
}

/** The headers of a mail that are not made from its parts: its id, its thread, and how to end it by one click. */
export function mailHeaders({ messageId, unsubscribeUrl, baseUrl, references = [] }: MailHeadersInput) {
  const host = new URL(baseUrl).hostname.replace(/[^A-Za-z0-9.-]/gu, '');
  const headers: Record<string, string> = { 'Message-ID': bracketed(messageId) };
  if (unsubscribeUrl !== null) {
    // RFC 8058: a POST to the first address unsubscribes with no further question.
    // No mailto: nobody would read that mailbox.
    headers['List-Unsubscribe'] = `<${unsubscribeUrl}>`;
    headers['List-Unsubscribe-Post'] = 'List-Unsubscribe=One-Click';
    headers['List-ID'] = `Entity List Watch <changes.${host}>`;
  }
  // RFC 3834: keeps vacation replies from answering, and us from a mail loop.
  headers['Auto-Submitted'] = 'auto-generated';
  headers['X-Auto-Response-Suppress'] = 'All';
  const before = references.map(bracketed);
  if (before.length > 0) {
    // RFC 5322, 3.6.4: the direct predecessor, and the whole thread with the oldest first.
    headers['In-Reply-To'] = before.at(-1)!;
    headers.References = before.join(' ');
  }
  return headers;
}

function bracketed(messageId: string): string {
  return `<${messageId.replace(/[<>\s\p{Cc}]/gu, '')}>`;
}
