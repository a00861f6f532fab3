import { Temporal } from 'temporal-polyfill';

/** Offices close by the clock of Washington. */
const EASTERN = 'America/New_York';
/** The importer runs each minute from 8 to 19 h, Monday to Friday (sources, §2.3). */
const OPENS_AT = 8;
const CLOSES_AT = 19;
/** First year in which a holiday is one: 5 U.S.C. 6103, amended in 1983 and on June 17, 2021. */
const KING_SINCE = 1986;
const JUNETEENTH_SINCE = 2021;

/** The n-th weekday (1 is Monday) of a month; the last one where n is negative. */
function weekdayOf(year: number, month: number, weekday: number, n: number): Temporal.PlainDate {
  const first = Temporal.PlainDate.from({ year, month, day: 1 });
  if (n > 0) return first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + 7 * (n - 1) });
  const last = first.add({ months: 1 }).subtract({ days: 1 });
  return last.subtract({ days: (last.dayOfWeek - weekday + 7) % 7 });
}

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(day: Temporal.PlainDate): Temporal.PlainDate {
  if (day.dayOfWeek === 6) return day.subtract({ days: 1 });
  return day.dayOfWeek === 7 ? day.add({ days: 1 }) : day;
}

function fixedHolidays(year: number): Temporal.PlainDate[] {
  const on = (month: number, day: number) => observed(Temporal.PlainDate.from({ year, month, day }));
  return [on(1, 1), ...(year >= JUNETEENTH_SINCE ? [on(6, 19)] : []), on(7, 4), on(11, 11), on(12, 25)];
}

/** Every four years, in and around Washington only; on a Sunday it is kept on Monday, on a Saturday not at all. */
function inaugurationOf(year: number): Temporal.PlainDate[] {
  const day = Temporal.PlainDate.from({ year, month: 1, day: 20 });
  if (year < 1965 || year % 4 !== 1 || day.dayOfWeek === 6) return [];
  return [day.dayOfWeek === 7 ? day.add({ days: 1 }) : day];
}

/**
 * The federal holidays as Washington keeps them in a year, ascending, each once. New Year's Day of the next
 * year is among them where it is kept on December 31. Days that an executive order closes are not known.
 */
export function holidaysOf(year: number): string[] {
  const days = [
    ...fixedHolidays(year),
    ...fixedHolidays(year + 1),
    ...inaugurationOf(year),
    ...(year >= KING_SINCE ? [weekdayOf(year, 1, 1, 3)] : []),
    weekdayOf(year, 2, 1, 3),
    weekdayOf(year, 5, 1, -1),
    weekdayOf(year, 9, 1, 1),
    weekdayOf(year, 10, 1, 2),
    weekdayOf(year, 11, 4, 4),
  ];
  return [...new Set(days.filter((day) => day.year === year).map(String))].sort();
}

const known = new Map<number, ReadonlySet<string>>();

function isHoliday(day: Temporal.PlainDate): boolean {
  const days = known.get(day.year) ?? new Set(holidaysOf(day.year));
  known.set(day.year, days);
  return days.has(day.toString());
}

const isOpen = (day: Temporal.PlainDate) => day.dayOfWeek <= 5 && !isHoliday(day);

/** Whether the Office of the Federal Register works on a day (`YYYY-MM-DD`). */
export function isBusinessDay(day: string): boolean {
  return isOpen(Temporal.PlainDate.from(day));
}

/** The day so many business days later. */
export function addBusinessDays(day: string, count: number): string {
  let at = Temporal.PlainDate.from(day);
  for (let left = count; left > 0; ) {
    at = at.add({ days: 1 });
    if (isOpen(at)) left -= 1;
  }
  return at.toString();
}

/** How many business days have begun after one day, up to another; 0 where that is not later. */
export function countBusinessDays(after: string, upTo: string): number {
  const end = Temporal.PlainDate.from(upTo);
  let count = 0;
  for (
    let at = Temporal.PlainDate.from(after).add({ days: 1 });
    Temporal.PlainDate.compare(at, end) <= 0;
    at = at.add({ days: 1 })
  )
    if (isOpen(at)) count += 1;
  return count;
}

/** Whether filings are posted at an instant (ISO 8601): 8 to 19 h in Washington on a business day. */
export function isFilingHour(instant: string): boolean {
  const there = Temporal.Instant.from(instant).toZonedDateTimeISO(EASTERN);
  return there.hour >= OPENS_AT && there.hour < CLOSES_AT && isOpen(there.toPlainDate());
}
