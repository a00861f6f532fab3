import { Webhook } from 'standardwebhooks';
import { ElwatchError } from '../errors.ts';
import { createGuardedPost, type GuardedPostOptions, type PostAnswer } from './guarded-post.ts';
import { assertWebhookSecret } from './webhook-secret.ts';

/** One message to one target. */
export interface WebhookMessage {
  url: string;
  /** All secrets that are good now, the newest first: while they are rotated each signs. */
  secrets: readonly string[];
  /** The same over all attempts and replays, so that a receiver can tell what it has already. */
  id: string;
  /** The JSON text; what is signed is these very bytes. */
  payload: string;
  /** When this attempt is made. */
  at: string;
}

export interface WebhookChannel {
  /**
   * Signs and posts one message (Standard Webhooks 1.0.0). `outcome` is the status with the beginning of the answer.
   *
   * @throws ElwatchError `webhook-gone` (410: the target wants no more, so the caller disables it),
   *   `webhook-<status>`, `invalid-webhook-message`, `invalid-webhook-secret`, and what `GuardedPost.post` throws
   */
  send(message: WebhookMessage): Promise<{ outcome: string }>;
  close(): Promise<void>;
}

/** The standard asks for payloads below 20 kB. */
export const MOST_PAYLOAD_BYTES = 20_000;
const MOST_SECRETS = 5;

/** Opens the webhook channel. Connects on first use. */
export function createWebhookChannel(options: GuardedPostOptions): WebhookChannel {
  const door = createGuardedPost(options);
  return {
    async send(message) {
      const headers = signWebhook(message);
      const answer = await door.post(message.url, message.payload, headers);
      if (answer.status < 200 || answer.status > 299) throw refusal(answer, new URL(message.url).host);
      return { outcome: answer.outcome };
    },
    close: door.close,
  };
}

/**
 * The three headers of the standard. The timestamp is that of the attempt, in whole seconds.
 *
 * @throws ElwatchError `invalid-webhook-message`, `invalid-webhook-secret`
 */
export function signWebhook({
  secrets,
  id,
  payload,
  at,
}: Omit<WebhookMessage, 'url'>): Record<string, string> {
  const sentAt = new Date(at);
  // A full stop parts the id from the rest in what is signed; in the id it would blur where it ends.
  if (!/^[\w-]{1,200}$/u.test(id)) throw invalidMessage('its id is not of letters, digits, "_" and "-"');
  if (Number.isNaN(sentAt.getTime())) throw invalidMessage('its time is no instant');
  if (secrets.length === 0 || secrets.length > MOST_SECRETS)
    throw invalidMessage(`it has ${secrets.length} secrets, not 1 to ${MOST_SECRETS}`);
  if (Buffer.byteLength(payload) > MOST_PAYLOAD_BYTES)
    throw invalidMessage(`its payload is above ${MOST_PAYLOAD_BYTES} bytes`);
  for (const secret of secrets) assertWebhookSecret(secret);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, payload)).join(' '),
  };
}

/** Everything but "gone" may pass: a receiver that is being mended answers 404 and 401 too. */
function refusal({ status, text, retryAfterSeconds }: PostAnswer, host: string): ElwatchError {
  const said = text === '' ? '' : `: ${text}`;
  if (status === 410)
    return new ElwatchError('webhook-gone', `${host} answered 410, it wants no more messages${said}`, {
      retry: false,
      hint: 'The target is disabled. Enable it again, or make a new one, once it takes messages.',
    });
  return new ElwatchError(`webhook-${status}`, `${host} answered ${status}${said}`, {
    retry: true,
    hint:
      status >= 300 && status < 400
        ? 'Redirects are not followed: change the target to its final address.'
        : 'Answer with a status from 200 to 299; the message will be sent again.',
    retryAfterSeconds,
  });
}

function invalidMessage(reason: string): ElwatchError {
  return new ElwatchError('invalid-webhook-message', `the message cannot be sent: ${reason}`, {
    retry: false,
    hint: 'This is a fault of the program: the message must be made so that a target can take it.',
  });
}
