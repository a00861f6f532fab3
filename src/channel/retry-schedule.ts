const MINUTE = 60;
const HOUR = 3600;

/** Seconds before each attempt after the first one, as Standard Webhooks 1.0.0 recommends: 75.6 hours in all. */
const WAITS = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** How often a message is sent at most, the first attempt included. */
export const MOST_ATTEMPTS = WAITS.length + 1;

/** A tenth more or less, so that what failed together does not come back together. */
const JITTER = 0.1;
const LONGEST_ASKED = 24 * HOUR;

/**
 * Seconds to wait after attempt number `attempt` (from 1) failed, or null after the last one.
 *
 * @param options.retryAfterSeconds what the other side asked for; it only ever lengthens the wait, by a day at most
 * @param options.random in [0, 1)
 */
export function retryWaitSeconds(
  attempt: number,
  { retryAfterSeconds = null, random }: { retryAfterSeconds?: number | null; random: number },
): number | null {
  const wait = WAITS[Math.max(1, attempt) - 1];
  if (wait === undefined) return null;
  const jittered = wait * (1 - JITTER + 2 * JITTER * random);
  return Math.max(jittered, Math.min(retryAfterSeconds ?? 0, LONGEST_ASKED));
}
