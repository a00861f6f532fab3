import { parseSender } from './compose-mail.ts';
import type { EmailChannel, EmailChannelOptions, EmailMessage } from './email-channel.ts';
import { createOutbox } from './outbox.ts';
import { createSmtp } from './smtp.ts';

export type { EmailChannel, EmailMessage };

/**
 * Opens the mail channel: a pool of SMTP connections, or a directory of messages. Connects on first use.
 *
 * @throws ElwatchError `invalid-address`, `invalid-smtp-url`, `dkim-key`
 */
export function createEmailChannel(options: EmailChannelOptions): EmailChannel {
  const from = parseSender(options.mailFrom, options.bounceAddress ?? null);
  return options.smtpUrl === null
    ? createOutbox(from, options.outboxDir, options.now)
    : createSmtp(from, options.smtpUrl, options);
}
