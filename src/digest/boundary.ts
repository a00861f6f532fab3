import { Temporal } from 'temporal-polyfill';
import type { Schedule } from '../model.ts';

/**
 * The last instant (ISO 8601, UTC) at which a schedule closes a digest, not after `now`. A local time that summer time
 * leaves out counts as the time so much later, and one that it repeats as the first of the two: each day has one.
 * Who is told at once has a boundary at any time, for what was gathered before the schedule was changed.
 */
export function lastBoundary(schedule: Schedule, now: string): string {
  if (schedule.mode === 'immediate') return now;
  const { at, timeZone } = schedule;
  const instant = Temporal.Instant.from(now);
  let day = instant.toZonedDateTimeISO(timeZone).toPlainDate();
  if (schedule.mode === 'weekly') day = day.subtract({ days: (day.dayOfWeek - schedule.weekday + 7) % 7 });
  const closes = (on: Temporal.PlainDate) =>
    on.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(at) }).toInstant();
  if (Temporal.Instant.compare(closes(day), instant) > 0)
    day = day.subtract({ days: schedule.mode === 'weekly' ? 7 : 1 });
  return closes(day).toString({ fractionalSecondDigits: 3 });
}
