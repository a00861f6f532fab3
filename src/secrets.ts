import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { ElwatchError } from './errors.ts';

/** What a signed link may be used for: a link of one purpose opens nothing of another. */
export type LinkPurpose =
  | 'confirm'
  | 'preferences'
  | 'acknowledge'
  | 'watchlist-feed'
  | 'watchlist-page'
  /** No link, but the value of the cookie of who signed in, and the mark of forms that were made for them. */
  | 'session'
  | 'session-form';

/** Signs links and seals what lies in the database, with keys derived from one secret. */
export interface Secrets {
  /**
   * A token for a link, safe in a URL: it names its subject and its last instant.
   *
   * @param salt a secret of the subject (its `token`), so that changing that one voids every link
   * @param lifetimeDays how long it is good
   */
  signLink(purpose: LinkPurpose, subject: string, salt: string, now: string, lifetimeDays: number): string;
  /** Whom a token speaks of, not checked yet: for finding the salt. Null where it is no token at all. */
  readLink(token: string): string | null;
  /** Whether a token is ours, for this purpose, and still good. Compares in constant time. */
  checkLink(purpose: LinkPurpose, token: string, salt: string, now: string): boolean;
  /** Encrypts with AES-256-GCM under a fresh nonce. */
  seal(text: string): string;
  /** @throws ElwatchError `sealed-unreadable` where it was sealed with another key, or changed */
  unseal(sealed: string): string;
}

const DAY_MS = 86_400_000;
/** The form of a sealed text; another cipher would bring another number. */
const SEAL_VERSION = 's1';

/** @param secretKey at least 32 characters */
export function createSecrets(secretKey: string): Secrets {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secretKey, 'entity-list-watch', purpose, 32));
  const linkKey = derive('links');
  const sealKey = derive('seal');

  const signatureOf = (purpose: LinkPurpose, head: string, salt: string) =>
    createHmac('sha256', linkKey)
      .update([purpose, head, salt].map((part) => `${part.length}:${part}`).join())
      .digest('base64url')
      .slice(0, 32);

  return {
    signLink(purpose, subject, salt, now, lifetimeDays) {
      const until = Math.floor((Date.parse(now) + lifetimeDays * DAY_MS) / 1000).toString(36);
      const head = `${Buffer.from(subject).toString('base64url')}.${until}`;
      return `${head}.${signatureOf(purpose, head, salt)}`;
    },
    readLink(token) {
      const match = /^([\w-]{1,120})\.[0-9a-z]{1,10}\.[\w-]{32}$/u.exec(token);
      return match === null ? null : Buffer.from(match[1]!, 'base64url').toString();
    },
    checkLink(purpose, token, salt, now) {
      const match = /^([\w-]{1,120}\.([0-9a-z]{1,10}))\.([\w-]{32})$/u.exec(token);
      if (match === null) return false;
      const [, head, until, signature] = match;
      const expected = Buffer.from(signatureOf(purpose, head!, salt));
      return (
        timingSafeEqual(expected, Buffer.from(signature!)) &&
        Number.parseInt(until!, 36) * 1000 >= Date.parse(now)
      );
    },
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${SEAL_VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    unseal(sealed) {
      try {
        const [version, encoded] = sealed.split('.');
        if (version !== SEAL_VERSION || encoded === undefined) throw new Error('unknown form');
        const bytes = Buffer.from(encoded, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new ElwatchError('sealed-unreadable', 'a stored secret cannot be opened with this SECRET_KEY', {
          retry: false,
          hint: 'Set SECRET_KEY to the value that it had when the subscription was made, or make it anew.',
          cause,
        });
      }
    },
  };
}
