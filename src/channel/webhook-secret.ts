import { randomBytes } from 'node:crypto';
import { ElwatchError } from '../errors.ts';

/** Standard Webhooks 1.0.0: base64 of 24 to 64 random bytes behind this prefix. */
const PREFIX = 'whsec_';
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;
/** 256 bits: as many as the HMAC puts out. */
const NEW_BYTES = 32;

/** Makes a secret for one target. It is shown once and stored sealed. */
export function makeWebhookSecret(): string {
  return PREFIX + randomBytes(NEW_BYTES).toString('base64');
}

/** Whether a text is a secret of the standard's form. Base64 must be canonical, or two texts were one secret. */
export function isWebhookSecret(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  const encoded = text.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length >= FEWEST_BYTES && bytes.length <= MOST_BYTES && bytes.toString('base64') === encoded;
}

/** @throws ElwatchError `invalid-webhook-secret`, without the text */
export function assertWebhookSecret(text: string): void {
  if (isWebhookSecret(text)) return;
  throw new ElwatchError('invalid-webhook-secret', 'this is no secret of the form whsec_ and base64', {
    retry: false,
    hint: `Leave it out to get a new one, or write ${PREFIX} and the base64 of ${FEWEST_BYTES} to ${MOST_BYTES} random bytes.`,
  });
}
