import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** A day of the calendar, `YYYY-MM-DD`; 30 February is none. */
export const DaySchema = z.iso.date();

/** Splits a window of days (both ends within) into two halves that meet without overlap; null for a single day. */
export function halveWindow(from: string, to: string): [first: Window, second: Window] | null {
  const start = Temporal.PlainDate.from(from);
  const days = start.until(to, { largestUnit: 'day' }).days;
  if (days < 1) return null;
  const middle = start.add({ days: Math.floor(days / 2) });
  return [
    { from, to: middle.toString() },
    { from: middle.add({ days: 1 }).toString(), to },
  ];
}

/** Days from … to, both within. */
export interface Window {
  from: string;
  to: string;
}
