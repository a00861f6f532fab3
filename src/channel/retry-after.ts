const LONGEST_SECONDS = 24 * 3600;

/**
 * Seconds that an answer asks to wait: RFC 9110 §10.2.3 in both of its forms, a day at most, so that no target
 * can put off its own failure for ever. Null where it asks nothing readable.
 */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const seconds = /^\s*\d{1,15}\s*$/u.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), LONGEST_SECONDS);
}
