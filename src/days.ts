import { Temporal } from 'temporal-polyfill';

/** The Federal Register lives by the clock of Washington. */
const EASTERN = 'America/New_York';

/** The day in Washington at an instant (ISO 8601). */
export function easternDay(at: string): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(EASTERN).toPlainDate().toString();
}

/** The time of day in Washington at an instant: `HH:MM`. */
export function easternTime(at: string): string {
  return Temporal.Instant.from(at)
    .toZonedDateTimeISO(EASTERN)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' });
}

/** A day so many days later, or earlier where negative. Days never meet a time zone. */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** The later of two days. */
export function laterOf(a: string, b: string): string {
  return [a, b].sort()[1]!;
}

/** Whether text is a day of the calendar, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

/** The last instant of a day in Washington, ISO 8601 in UTC. */
export function endOfDay(day: string): string {
  const next = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(EASTERN);
  return next.subtract({ milliseconds: 1 }).toInstant().toString({ fractionalSecondDigits: 3 });
}
