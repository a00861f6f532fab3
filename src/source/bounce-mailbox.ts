import { ImapFlow } from 'imapflow';
import { type SimpleParserOptions, simpleParser } from 'mailparser';
import { ElwatchError } from '../errors.ts';
import type { ReceivedMail } from '../model.ts';

/** The mailbox that bounces come to. Each call is a connection of its own. */
export interface BounceMailbox {
  /** The address that deliveries are named in; null where bounces are known by what they return. */
  address: string | null;
  /**
   * Hands over unseen mails one by one, the oldest first, and marks each as seen once `visit` is done with it; one
   * that cannot be taken apart is null. Answers how many there were; at most `MOST_MAILS`, and the next call goes on.
   *
   * @throws ElwatchError `bounce-mailbox-login`, `bounce-mailbox-unreachable`, and what `visit` throws
   */
  readUnseen(visit: (mail: ReceivedMail | null) => Promise<void>): Promise<number>;
  /** Answers how many mails are unseen. Changes nothing. */
  countUnseen(): Promise<number>;
}

export interface BounceMailboxOptions {
  /** imaps://user:password@host:993/INBOX */
  url: string;
  address: string | null;
  /** How long a silent server is waited for. */
  timeoutSeconds?: number;
  /** Further certificates to trust, in PEM form. */
  ca?: string;
}

export const MOST_MAILS = 200;
/** A report stands before what it returns, so the beginning of a mail is enough. */
const MOST_BYTES = 256 * 1024;
const MOST_HEADERS = 200;
const MOST_HEADER_LENGTH = 2_000;
const MOST_PARTS = 20;
const MOST_PART_LENGTH = 64 * 1024;

export function createBounceMailbox({
  url,
  address,
  timeoutSeconds = 30,
  ca,
}: BounceMailboxOptions): BounceMailbox {
  async function within<Result>(readOnly: boolean, run: (client: ImapFlow) => Promise<Result>) {
    const client = openClient(new URL(url), timeoutSeconds * 1000, ca);
    // What is reported here is thrown by the call that is under way.
    client.on('error', () => undefined);
    try {
      await connecting(async () => {
        await client.connect();
        await client.mailboxOpen(mailboxOf(url), { readOnly });
      });
      return await run(client);
    } finally {
      await client.logout().catch(() => client.close());
    }
  }

  return {
    address,
    readUnseen: (visit) =>
      within(false, async (client) => {
        const uids = (await connecting(() => searchUnseen(client))).slice(0, MOST_MAILS);
        for (const uid of uids) {
          const source = await connecting(() => fetchBeginning(client, uid));
          // Gone since the search: somebody else reads this mailbox too.
          if (source === null) continue;
          await visit(await takeApart(source));
          await connecting(() => client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true }));
        }
        return uids.length;
      }),
    countUnseen: () => within(true, async (client) => (await connecting(() => searchUnseen(client))).length),
  };
}

function openClient(url: URL, timeoutMs: number, ca: string | undefined): ImapFlow {
  const secure = url.protocol === 'imaps:';
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const loopback = host === 'localhost' || host === '::1' || /^127\./u.test(host);
  return new ImapFlow({
    host,
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    // As for SMTP: a stripped STARTTLS must not show the password; on loopback there is no wire to read.
    ...(secure ? {} : { doSTARTTLS: !loopback }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    // It would write out what mails say.
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    connectionTimeout: Math.min(timeoutMs, 15_000),
    greetingTimeout: Math.min(timeoutMs, 15_000),
    socketTimeout: timeoutMs,
    maxLineLength: 4 * 1024 * 1024,
    maxLiteralSize: 2 * MOST_BYTES,
    maxResponseSize: 8 * 1024 * 1024,
    maxResponseTokens: 1_000_000,
  });
}

function mailboxOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.replace(/^\//u, '')) || 'INBOX';
}

/** Their lasting numbers, ascending. */
async function searchUnseen(client: ImapFlow): Promise<number[]> {
  const found = await client.search({ seen: false, deleted: false }, { uid: true });
  if (!Array.isArray(found)) throw new Error('the server refused to search');
  return found.sort((a, b) => a - b);
}

async function fetchBeginning(client: ImapFlow, uid: number): Promise<Buffer | null> {
  const mail = await client.fetchOne(
    String(uid),
    { source: { start: 0, maxLength: MOST_BYTES } },
    { uid: true },
  );
  return mail ? (mail.source ?? null) : null;
}

/** A returned message stays one part, also with “Content-Disposition: inline”: its parts are none of the report's. */
const AS_IT_CAME: SimpleParserOptions & { ignoreEmbedded: boolean } = {
  ignoreEmbedded: true,
  keepDeliveryStatus: true,
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
};

/** Null where the mail is so broken that nothing can be had from it: it must not keep the others from being read. */
export async function takeApart(source: Buffer): Promise<ReceivedMail | null> {
  try {
    const mail = await simpleParser(source.subarray(0, MOST_BYTES), AS_IT_CAME);
    const declared = mail.headers.get('content-type') as
      | { value?: string; params?: Record<string, string> }
      | undefined;
    return {
      headers: mail.headerLines.slice(0, MOST_HEADERS).map(({ key, line }) => [
        key,
        line
          .slice(line.indexOf(':') + 1)
          .replace(/\r?\n/gu, '')
          .trim()
          .slice(0, MOST_HEADER_LENGTH),
      ]),
      contentType: {
        type: (declared?.value ?? 'text/plain').toLowerCase(),
        reportType: declared?.params?.['report-type']?.toLowerCase() ?? null,
      },
      parts: mail.attachments.slice(0, MOST_PARTS).map(({ contentType, content }) => ({
        type: contentType.toLowerCase(),
        text: content.toString('utf8', 0, MOST_PART_LENGTH),
      })),
    };
  } catch {
    return null;
  }
}

/** Says what failed in words of ours; the address of the mailbox holds a password and is not shown. */
async function connecting<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    const { message, authenticationFailed, responseText } = cause as Error & {
      authenticationFailed?: boolean;
      responseText?: string;
    };
    const said = (responseText ?? message).replace(/\s+/gu, ' ').slice(0, 200);
    const login = authenticationFailed === true;
    throw new ElwatchError(
      login ? 'bounce-mailbox-login' : 'bounce-mailbox-unreachable',
      login
        ? `the mailbox for bounces refused our user name or password: ${said}`
        : `the mailbox for bounces cannot be read: ${said}`,
      {
        retry: true,
        hint: 'Check BOUNCE_IMAP_URL and that the server is up; it will be asked again.',
        cause,
      },
    );
  }
}
