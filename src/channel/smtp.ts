import nodemailer from 'nodemailer';
import { ElwatchError } from '../errors.ts';
import { composeMail, type Sender } from './compose-mail.ts';
import { readDkim } from './dkim.ts';
import { createDomainBackoff } from './domain-backoff.ts';
import type { EmailChannel, EmailChannelOptions } from './email-channel.ts';
import { isDomainBusy, toSmtpError } from './smtp-error.ts';

/**
 * Sends through a pool of SMTP connections, at most so many messages a second, and lets mail wait for a domain
 * that asked for it. A send throws what `toSmtpError` makes, or `mail-domain-waits` where nothing was tried.
 *
 * @throws ElwatchError `invalid-smtp-url`, `dkim-key`
 */
export function createSmtp(
  from: Sender,
  smtpUrl: string,
  { log, timeoutSeconds = 60, perSecond = null, dkim = null, now = Date.now }: EmailChannelOptions,
): EmailChannel {
  const url = parseSmtpUrl(smtpUrl);
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const loopback = host === 'localhost' || host === '::1' || /^127\./u.test(host);
  const secure = url.protocol === 'smtps:';
  const timeout = timeoutSeconds * 1000;
  const backoff = createDomainBackoff(now);
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
    // A kept connection that the server closed meanwhile: the pool takes another one, once, and only while not
    // a byte of the message was sent. Whether to send again after that is the ledger's choice.
    maxRequeues: 1,
    ...(perSecond === null ? {} : paceOf(perSecond)),
    ...(dkim === null ? {} : { dkim: readDkim(dkim) }),
    connectionTimeout: Math.min(timeout, 15_000),
    greetingTimeout: Math.min(timeout, 15_000),
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof nodemailer.createTransport>[0]);
  return {
    kind: 'smtp',
    async send(message) {
      const mail = composeMail(from, message, now());
      const domain = domainOf(message.to);
      const wait = backoff.secondsLeft(domain);
      if (wait > 0) throw waitsFor(domain, wait);
      try {
        const info = await transport.sendMail(mail);
        backoff.accept(domain);
        log?.debug({ messageId: mail.messageId, response: info.response }, 'mail accepted');
        return { outcome: String(info.response).replace(/\s+/gu, ' ').slice(0, 300) };
      } catch (cause) {
        if (isDomainBusy(cause)) backoff.defer(domain);
        throw toSmtpError(cause);
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

/** So many whole messages in so many milliseconds: nodemailer counts in these. */
function paceOf(perSecond: number): { rateLimit: number; rateDelta: number } {
  const rateLimit = Math.ceil(perSecond);
  return { rateLimit, rateDelta: Math.round((1000 * rateLimit) / perSecond) };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function waitsFor(domain: string, seconds: number): ElwatchError {
  return new ElwatchError('mail-domain-waits', `mail to ${domain} waits, because it asked to try later`, {
    retry: true,
    hint: 'Nothing to do: the message will be tried when the wait is over, and this was no try.',
    retryAfterSeconds: seconds,
  });
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
