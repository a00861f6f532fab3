import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import type Mail from 'nodemailer/lib/mailer/index.js';
import { ElwatchError } from '../errors.ts';
import { parseAddress } from './address.ts';
import { toSmtpError } from './smtp-error.ts';

/** One message to one recipient. `headers` holds Message-ID and all others that are not made from the rest. */
export interface EmailMessage {
  to: string;
  subject: string;
  text: string;
  html: string;
  csv: { filename: string; content: string } | null;
  headers: Record<string, string>;
}

/** A way to send mail. `outcome` is the last answer of the server, or the path of the `.eml` file. */
export interface EmailChannel {
  kind: 'smtp' | 'outbox';
  send(message: EmailMessage): Promise<{ outcome: string }>;
  /** Throws an ElwatchError if mail could not be sent now. */
  verify(): Promise<void>;
  close(): Promise<void>;
}

export interface EmailChannelOptions {
  /** smtp://user:password@host:587 or smtps://…; null writes files instead. */
  smtpUrl: string | null;
  /** "alerts@example.org" or "Entity List Watch <alerts@example.org>". */
  mailFrom: string;
  outboxDir: string;
  log?: { debug(fields: object, message: string): void };
  /** How long a silent server is waited for; RFC 5321 4.5.3.2 allows minutes, a worker's slot does not. */
  timeoutSeconds?: number;
}

/** Opens the mail channel: a pool of SMTP connections, or a directory of messages. Connects on first use. */
export function createEmailChannel(options: EmailChannelOptions): EmailChannel {
  const from = parseSender(options.mailFrom);
  return options.smtpUrl === null
    ? createOutbox(from, options.outboxDir)
    : createSmtp(from, options.smtpUrl, options);
}

interface Sender {
  name: string;
  address: string;
}

function createSmtp(from: Sender, smtpUrl: string, options: EmailChannelOptions): EmailChannel {
  const url = parseSmtpUrl(smtpUrl);
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const loopback = host === 'localhost' || host === '::1' || /^127\./u.test(host);
  const secure = url.protocol === 'smtps:';
  const timeout = (options.timeoutSeconds ?? 60) * 1000;
  const transport = nodemailer.createTransport({
    pool: true,
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    // A stripped STARTTLS must not fall back to clear text; on loopback there is no wire to read.
    requireTLS: !secure && !loopback,
    ignoreTLS: !secure && loopback,
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    maxConnections: 4,
    maxMessages: 200,
    // The pool would send again by itself after a dropped connection; whether to do so is the ledger's choice.
    maxRequeues: 0,
    connectionTimeout: Math.min(timeout, 15_000),
    greetingTimeout: Math.min(timeout, 15_000),
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof nodemailer.createTransport>[0]);
  return {
    kind: 'smtp',
    async send(message) {
      const mail = composeMail(from, message);
      try {
        const info = await transport.sendMail(mail);
        options.log?.debug({ messageId: mail.messageId, response: info.response }, 'mail accepted');
        return { outcome: String(info.response).replace(/\s+/gu, ' ').slice(0, 300) };
      } catch (error) {
        throw toSmtpError(error);
      }
    },
    async verify() {
      try {
        await transport.verify();
      } catch (error) {
        throw toSmtpError(error);
      }
    },
    async close() {
      transport.close();
    },
  };
}

function createOutbox(from: Sender, directory: string): EmailChannel {
  const transport = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    kind: 'outbox',
    async send(message) {
      const mail = composeMail(from, message);
      const info = await transport.sendMail(mail);
      const path = join(directory, `${safeFileName(String(mail.messageId))}.eml`);
      await writeWhole(path, info.message as Buffer);
      return { outcome: path };
    },
    async verify() {
      const probe = join(directory, `.probe-${randomUUID()}`);
      await writeWhole(probe, Buffer.alloc(0));
      await rm(probe, { force: true });
    },
    async close() {
      transport.close();
    },
  };
}

/** Writes beside the target and renames, so that nobody ever reads half a message. */
async function writeWhole(path: string, content: Buffer): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ElwatchError('outbox-write', `cannot write ${path}: ${String(cause)}`, {
      retry: true,
      hint: 'Check that the data directory is writable and has space.',
      cause,
    });
  }
}

function composeMail(from: Sender, message: EmailMessage): Mail.Options {
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
    envelope: { from: from.address, to: [to] },
    from,
    to: { name: '', address: to },
    subject: message.subject,
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

function refuseHeader(name: string, reason: string): never {
  throw new ElwatchError('invalid-header', `mail header ${JSON.stringify(name.slice(0, 60))} ${reason}`, {
    retry: false,
    hint: 'This is a fault of the program: text from outside must be cleaned before it becomes a header.',
  });
}

function parseSender(mailFrom: string): Sender {
  const match = /^([^<>]*)<([^<>]+)>\s*$/u.exec(mailFrom);
  const name = (match?.[1] ?? '').replace(/["\p{Cc}]/gu, '').trim();
  return { name, address: parseAddress((match?.[2] ?? mailFrom).trim()) };
}

function parseSmtpUrl(smtpUrl: string): URL {
  const url = URL.canParse(smtpUrl) ? new URL(smtpUrl) : null;
  if (url !== null && (url.protocol === 'smtp:' || url.protocol === 'smtps:') && url.hostname !== '')
    return url;
  // The address may hold a password, so it is not shown.
  throw new ElwatchError('invalid-smtp-url', 'SMTP_URL is not an smtp:// or smtps:// address', {
    retry: false,
    hint: 'Write it as smtp://user:password@mail.example.org:587',
  });
}

/** A file name that no Message-ID can turn into a path; different ids stay different. */
function safeFileName(messageId: string): string {
  const id = messageId.replace(/^<|>$/gu, '');
  const plain = id
    .replace(/[^A-Za-z0-9@._-]/gu, '_')
    .replace(/^\.+/u, '_')
    .slice(0, 150);
  return plain === id ? plain : `${plain}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}
