import { ElwatchError } from '../errors.ts';

/** Of a refusal that asks to be left alone for longer, the whole site is left alone: RFC 9110 §10.2.3. */
const LONGEST_WAIT_HERE_SECONDS = 30;
/** A header must not blind us for a day: a site that asks for more is looked at so often. */
const LONGEST_SECONDS = 900;
const ASKS_TO_WAIT = new Set(['http-429', 'http-503', 'blocked-by-upstream']);

/** Whether a wait is too long for a request that is under way. */
export const isLongWait = (seconds: number) => seconds > LONGEST_WAIT_HERE_SECONDS;

/**
 * Remembers by origin until when a site asked to be left alone, a quarter of an hour at most. The next look comes on
 * its own schedule, whatever this one was told, so `check` throws `upstream-waits` until then and nothing is asked.
 */
export function createAskedToWait(): { check(url: URL): void; note(url: URL, error: ElwatchError): void } {
  const until = new Map<string, { at: number; code: string }>();
  return {
    check(url) {
      const asked = until.get(url.origin);
      const seconds = Math.ceil(((asked?.at ?? 0) - Date.now()) / 1000);
      if (asked === undefined || seconds <= 0) return;
      const message = `${url.host} asked to be left alone (${asked.code}) for ${seconds} s more`;
      throw new ElwatchError('upstream-waits', message, {
        retry: true,
        hint: 'Nothing to do: it is asked again when that is over.',
        retryAfterSeconds: seconds,
      });
    },
    note(url, { code, retryAfterSeconds }) {
      if (ASKS_TO_WAIT.has(code) && retryAfterSeconds !== null && isLongWait(retryAfterSeconds))
        until.set(url.origin, {
          at: Date.now() + Math.min(retryAfterSeconds, LONGEST_SECONDS) * 1000,
          code,
        });
    },
  };
}
