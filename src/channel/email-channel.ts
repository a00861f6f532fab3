import type { DkimOptions } from './dkim.ts';

/** One message to one recipient. `headers` holds Message-ID and all others that are not made from the rest. */
export interface EmailMessage {
  to: string;
  /** Names the message in the address that its bounces go to; without it they go to the sender. */
  deliveryId?: string;
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
  /** Mailbox that takes bounces under "name+anything@domain"; null where they go to the sender. */
  bounceAddress?: string | null;
  /** Most messages a second; null for as many as the server takes. */
  perSecond?: number | null;
  dkim?: DkimOptions | null;
  log?: { debug(fields: object, message: string): void };
  /** How long a silent server is waited for; RFC 5321 4.5.3.2 allows minutes, a worker's slot does not. */
  timeoutSeconds?: number;
  /** Milliseconds, by which messages are dated and the waits of domains are told. */
  now?: () => number;
}
