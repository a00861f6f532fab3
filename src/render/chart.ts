import { addDays } from '../days.ts';

/** The geometry of charts, in units of the drawing. Nothing here knows of colours or markup. */

export interface Tick {
  at: number;
  label: string;
}

/** Where the axes stand; `top` is less than `bottom`. */
export interface Plot {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A drawing for a window with room beside the lines, or for a phone, where it is about as wide as its units. */
export type Size = 'wide' | 'narrow';

/** A line of steps: what is counted stays until the next point. */
export interface LineShape {
  label: string;
  path: string;
  labelX: number;
  labelY: number;
}

export interface BarShape {
  x: number;
  y: number;
  width: number;
  height: number;
}

const WIDTHS = { wide: 760, narrow: 300 };
/** Days and months below an axis that do not touch each other. */
const MOST_LABELS = { wide: { lines: 6, columns: 9 }, narrow: { lines: 3, columns: 3 } };
/** Half of a label that stands in the middle below the end of an axis. */
const HALF_LABEL = 28;
/** Below this two lines of text touch each other. */
const LINE_HEIGHT = 15;

/** Maps a domain onto a range; a domain of one value onto where the range begins. */
export function linearScale(
  [first, last]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  if (first === last) return () => start;
  return (value) => start + ((value - first) / (last - first)) * (end - start);
}

/** Round whole numbers from 0 to at least `highest`, evenly apart, at most `most` above 0. */
export function roundTicks(highest: number, most = 5): number[] {
  const top = Math.max(1, Math.ceil(highest));
  let step = 1;
  for (let power = 1; Math.ceil(top / step) > most; power *= 10)
    for (const factor of [1, 2, 5]) {
      step = factor * power;
      if (Math.ceil(top / step) <= most) break;
    }
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, at) => at * step);
}

const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
const DAY_STEPS = [1, 2, 7, 14];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** First days of months from `from` to `to`, evenly apart and at most `most`; of a short time, days. */
export function dayTicks(from: string, to: string, most = 8): { day: string; label: string }[] {
  const first = monthNumber(from) + (from.endsWith('-01') ? 0 : 1);
  const last = monthNumber(to);
  if (last - first >= 2)
    for (const step of MONTH_STEPS) {
      const begin = Math.ceil(first / step) * step;
      const count = Math.floor((last - begin) / step) + 1;
      if (count > most) continue;
      return Array.from({ length: Math.max(0, count) }, (_, at) => {
        const month = begin + at * step;
        const [year, of] = [Math.floor(month / 12), month % 12];
        return {
          day: `${String(year).padStart(4, '0')}-${String(of + 1).padStart(2, '0')}-01`,
          label: `${MONTHS[of]} ${year}`,
        };
      });
    }
  const days = dayNumber(to) - dayNumber(from);
  const step = DAY_STEPS.find((size) => Math.floor(days / size) + 1 <= most) ?? Math.ceil((days + 1) / most);
  return Array.from({ length: Math.floor(days / step) + 1 }, (_, at) => {
    const day = addDays(from, at * step);
    return { day, label: `${MONTHS[Number(day.slice(5, 7)) - 1]} ${Number(day.slice(8))}` };
  });
}

/** Days since 1970. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / 86_400_000);
}

/** Months since the year 0. */
function monthNumber(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

/**
 * Moves labels apart that would touch each other, as little as that takes, and keeps them between two bounds where
 * there is room for all. Answers places in the order of what was wanted.
 */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  [least, most]: readonly [number, number],
): number[] {
  const order = [...wanted.keys()].sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const places: number[] = [];
  let next = least;
  for (const at of order) {
    places.push(Math.max(next, wanted[at]!));
    next = places.at(-1)! + gap;
  }
  let limit = Math.max(most, least + gap * (order.length - 1));
  for (let at = places.length - 1; at >= 0; at -= 1) {
    places[at] = Math.min(places[at]!, limit);
    limit = places[at]! - gap;
  }
  const spread: number[] = [];
  for (const [place, at] of order.entries()) spread[at] = places[place]!;
  return spread;
}

/**
 * Counts over time, one line each. Days ascend; the last count holds until `to`. The wide drawing has room for a name
 * where each line ends; the narrow one has not, and its names stand beside it.
 */
export function layoutLines(
  series: readonly { label: string; points: readonly { day: string; count: number }[] }[],
  { from, to }: { from: string; to: string },
  size: Size = 'wide',
): { plot: Plot; x: Tick[]; y: Tick[]; lines: LineShape[] } {
  const width = WIDTHS[size];
  const plot: Plot =
    size === 'wide'
      ? { width, height: 340, left: 52, right: width - 178, top: 14, bottom: 306 }
      : { width, height: 220, left: 46, right: width - HALF_LABEL, top: 10, bottom: 192 };
  const ticks = roundTicks(Math.max(0, ...series.flatMap(({ points }) => points.map(({ count }) => count))));
  const x = linearScale([dayNumber(from), dayNumber(to)], [plot.left, plot.right]);
  const y = linearScale([0, ticks.at(-1)!], [plot.bottom, plot.top]);
  const ends = series.map(({ points }) => round(y(points.at(-1)?.count ?? 0)));
  const labels = spreadLabels(ends, LINE_HEIGHT, [plot.top, plot.bottom]);
  return {
    plot,
    x: dayTicks(from, to, MOST_LABELS[size].lines).map(({ day, label }) => ({
      at: round(x(dayNumber(day))),
      label,
    })),
    y: ticks.map((count) => ({ at: round(y(count)), label: count.toLocaleString('en-US') })),
    lines: series.map(({ label, points }, at) => {
      const steps = points.map(({ day, count }, place) => {
        const [h, v] = [round(x(dayNumber(day))), round(y(count))];
        return place === 0 ? `M${h} ${v}` : `H${h}V${v}`;
      });
      return {
        label,
        path: steps.length === 0 ? '' : `${steps.join('')}H${plot.right}`,
        labelX: plot.right + 8,
        labelY: round(labels[at]!),
      };
    }),
  };
}

/** Counts per month or the like: for each group a column for each of its values, side by side. */
export function layoutColumns(
  groups: readonly { label: string; values: readonly number[] }[],
  size: Size = 'wide',
): {
  plot: Plot;
  x: Tick[];
  y: Tick[];
  columns: BarShape[][];
} {
  const all = WIDTHS[size];
  const plot: Plot =
    size === 'wide'
      ? { width: all, height: 280, left: 52, right: all - 14, top: 14, bottom: 246 }
      : { width: all, height: 200, left: 46, right: all - HALF_LABEL, top: 10, bottom: 172 };
  const ticks = roundTicks(Math.max(0, ...groups.flatMap(({ values }) => values)));
  const y = linearScale([0, ticks.at(-1)!], [plot.bottom, plot.top]);
  const room = (plot.right - plot.left) / Math.max(1, groups.length);
  // A third of the room stands between groups; few groups are not drawn as walls.
  const inside = Math.min(room * 0.7, 72);
  const every = Math.max(1, Math.ceil(groups.length / MOST_LABELS[size].columns));
  const middle = (at: number) => plot.left + room * (at + 0.5);
  return {
    plot,
    x: groups.flatMap(({ label }, at) => (at % every === 0 ? [{ at: round(middle(at)), label }] : [])),
    y: ticks.map((count) => ({ at: round(y(count)), label: count.toLocaleString('en-US') })),
    columns: groups.map(({ values }, at) => {
      const width = inside / Math.max(1, values.length);
      return values.map((value, place) => {
        const top = round(y(value));
        return {
          x: round(middle(at) - inside / 2 + width * place),
          y: top,
          width: round(width * 0.92),
          height: round(plot.bottom - top),
        };
      });
    }),
  };
}

/** One row of bars: where its name stands, its bars, and where the words about each value begin. */
interface RowShape {
  label: { x: number; y: number; anchor: 'start' | 'end' };
  bars: (BarShape | null)[];
  ends: { x: number; y: number }[];
}

/**
 * A bar for each value, row below row, as of documents that have names and no order in time. The name of a row stands
 * beside its bars, or above them where that would take half of the width.
 */
export function layoutRows(
  rows: readonly { values: readonly (number | null)[] }[],
  size: Size = 'wide',
): {
  plot: Plot;
  x: Tick[];
  rows: RowShape[];
} {
  const bar = 14;
  const gap = 12;
  const isWide = size === 'wide';
  const head = isWide ? 0 : 16;
  const heights = rows.map(({ values }) => head + Math.max(1, values.length) * bar + gap);
  const bottom = 10 + heights.reduce((sum, height) => sum + height, 0);
  const width = WIDTHS[size];
  // What stands behind the longest bar is about as wide in both: "not there by day 12".
  const [left, right] = isWide ? [110, width - 110] : [8, width - 118];
  const plot: Plot = { width, height: bottom + 28, left, right, top: 10, bottom };
  const ticks = roundTicks(
    Math.max(0, ...rows.flatMap(({ values }) => values.map((value) => value ?? 0))),
    isWide ? 5 : 4,
  );
  const x = linearScale([0, ticks.at(-1)!], [plot.left, plot.right]);
  let top = plot.top;
  return {
    plot,
    x: ticks.map((count) => ({ at: round(x(count)), label: count.toLocaleString('en-US') })),
    rows: rows.map(({ values }, at) => {
      const y = top + gap / 2;
      top += heights[at]!;
      const bars = values.map((value, place) =>
        value === null
          ? null
          : {
              x: plot.left,
              y: round(y + head + place * bar + 1),
              // Nought is a value too, and must be seen.
              width: Math.max(2, round(x(value) - plot.left)),
              height: bar - 2,
            },
      );
      const middle = round(y + (Math.max(1, values.length) * bar) / 2 + 4);
      return {
        label: isWide
          ? { x: plot.left - 8, y: middle, anchor: 'end' }
          : { x: plot.left, y: round(y + head - 4), anchor: 'start' },
        bars,
        ends: bars.map((one, place) => ({
          x: round((one === null ? plot.left : one.x + one.width) + 6),
          y: round(y + head + place * bar + 11),
        })),
      };
    }),
  };
}

/** A tenth of a unit is finer than any screen. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
