import { retryWaitSeconds } from '../channel/retry-schedule.ts';
import { ElwatchError } from '../errors.ts';
import type { StoredDelivery } from '../store/deliveries.ts';

/** Waits between tries of a mail; what fails after the last one stays failed and visible. A day and a half in all. */
const MAIL_MINUTES = [1, 5, 15, 60, 180, 360, 720, 960];

/** Milliseconds until the next try of a delivery that failed; null after the last one. */
export function retryWait({ attempts, channel }: StoredDelivery, error: unknown): number | null {
  if (isUntried(error)) return (error.retryAfterSeconds ?? 60) * 1000;
  if (channel !== 'email') {
    const retryAfterSeconds = error instanceof ElwatchError ? error.retryAfterSeconds : null;
    const seconds = retryWaitSeconds(attempts, { retryAfterSeconds, random: Math.random() });
    return seconds === null ? null : seconds * 1000;
  }
  const minutes = MAIL_MINUTES[attempts - 1];
  return minutes === undefined ? null : minutes * 60_000;
}

/** Codes of what keeps us from trying: a domain that asked for a pause, a target that our key does not open. */
const UNTRIED = ['mail-domain-waits', 'sealed-unreadable'];

/** Whether nothing was sent, for no fault of the recipient: that is no try of this delivery. */
export function isUntried(error: unknown): error is ElwatchError {
  return error instanceof ElwatchError && UNTRIED.includes(error.code);
}
