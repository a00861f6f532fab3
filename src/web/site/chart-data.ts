import { countryName } from '../../render/country-name.ts';
import type { CountedChange } from '../../store/figures.ts';

/** How many entries a destination has from a day on. */
export interface CountFrom {
  day: string;
  count: number;
}

export interface PlaceSeries {
  label: string;
  points: CountFrom[];
}

/**
 * Entries of a list over time: one series for each of the destinations with most entries at the end, and one for the
 * others. Each has a point on each day on which it changes; the first day of all is a point of each.
 *
 * @param changes in the order of their effect
 */
export function entriesOverTime(changes: readonly CountedChange[], most: number): PlaceSeries[] {
  const from = changes[0]?.effectiveOn;
  if (from === undefined) return [];
  const placeOf = ({ country, destination }: CountedChange) => countryName(country, destination);
  const ends = new Map<string, number>();
  follow(changes, placeOf, (place, by) => ends.set(place, (ends.get(place) ?? 0) + by));
  const first = [...ends]
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'en'))
    .slice(0, most)
    .map(([place]) => place);
  const own = new Set(first);
  const hasOthers = [...ends.keys()].some((place) => !own.has(place));
  const series = new Map(
    [...first, ...(hasOthers ? ['others'] : [])].map((label): [string, PlaceSeries] => [
      label,
      { label, points: [{ day: from, count: 0 }] },
    ]),
  );
  follow(
    changes,
    (change) => {
      const place = placeOf(change);
      return own.has(place) ? place : 'others';
    },
    (place, by, day) => {
      const { points } = series.get(place)!;
      const last = points.at(-1)!;
      if (last.day === day) last.count += by;
      else points.push({ day, count: last.count + by });
    },
  );
  return [...series.values()];
}

/** Tells where each change puts an entry, or takes one away; an entry that is there is not added twice. */
function follow(
  changes: readonly CountedChange[],
  placeOf: (change: CountedChange) => string,
  count: (place: string, by: 1 | -1, day: string) => void,
): void {
  const places = new Map<string, string>();
  for (const change of changes) {
    const { entryId, kind, effectiveOn } = change;
    const known = places.get(entryId);
    // An addition of what is there, and a move or a removal of what is not, do nothing (list/history.ts).
    if ((kind === 'added') === (known !== undefined)) continue;
    if (known !== undefined) count(known, -1, effectiveOn);
    if (kind === 'removed') {
      places.delete(entryId);
      continue;
    }
    const place = placeOf(change);
    places.set(entryId, place);
    count(place, 1, effectiveOn);
  }
}

/** The count that holds on a day. */
export function countOn(points: readonly CountFrom[], day: string): number {
  return points.findLast((point) => point.day <= day)?.count ?? 0;
}

export interface MonthCounts {
  /** As "2025-03". */
  month: string;
  added: number;
  removed: number;
}

/**
 * Additions and removals by rules in each month from the first day of a list to the present, by their day of effect.
 * What only puts off, resumes or corrects another change would count it twice, and is left out.
 */
export function changesPerMonth(changes: readonly CountedChange[], today: string): MonthCounts[] {
  const from = changes[0]?.effectiveOn;
  if (from === undefined) return [];
  const months = monthsBetween(from, today).map((month): MonthCounts => ({ month, added: 0, removed: 0 }));
  const byMonth = new Map(months.map((one) => [one.month, one]));
  for (const { kind, effectiveOn, isBaseline, isSecondary } of changes) {
    const counts = byMonth.get(effectiveOn.slice(0, 7));
    if (counts === undefined || isBaseline || isSecondary) continue;
    if (kind === 'added') counts.added += 1;
    else if (kind === 'removed') counts.removed += 1;
  }
  return months;
}

/** "2024-12", "2025-01", … */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  let [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7))];
  for (;;) {
    const text = `${year}-${String(month).padStart(2, '0')}`;
    if (text > to.slice(0, 7)) return months;
    months.push(text);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}
