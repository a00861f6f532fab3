import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/days.ts';
import {
  type BarShape,
  dayNumber,
  dayTicks,
  layoutColumns,
  layoutLines,
  layoutRows,
  linearScale,
  type Plot,
  roundTicks,
  type Size,
  spreadLabels,
} from '../../src/render/chart.ts';

const count = fc.integer({ min: 0, max: 20_000 });
const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1997-01-01', days));
const size = fc.constantFrom<Size>('wide', 'narrow');
const period = fc
  .tuple(day, fc.integer({ min: 0, max: 12_000 }))
  .map(([from, days]) => ({ from, to: addDays(from, days) }));

describe('ticks', () => {
  test('are round, from nought to the highest value, and few', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 2, max: 10 }),
        (highest, most) => {
          const ticks = roundTicks(highest, most);
          const step = ticks[1]! - ticks[0]!;
          expect(ticks[0]).toBe(0);
          expect(String(step)).toMatch(/^[125]0*$/u);
          expect(ticks).toEqual(ticks.map((_, at) => at * step));
          expect(ticks.at(-1)!).toBeGreaterThanOrEqual(highest);
          expect(ticks.at(-1)! - step).toBeLessThan(Math.max(1, highest));
          expect(ticks.length - 1).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  test.each([
    [0, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [3_415, [0, 1_000, 2_000, 3_000, 4_000]],
  ])('for %i are %j', (highest, ticks) => {
    expect(roundTicks(highest)).toEqual(ticks);
  });

  test('of days lie within the time, in order, and never too many', () => {
    fc.assert(
      fc.property(period, fc.integer({ min: 2, max: 12 }), ({ from, to }, most) => {
        const days = dayTicks(from, to, most).map((tick) => tick.day);
        expect(days.length).toBeGreaterThan(0);
        expect(days.length).toBeLessThanOrEqual(most);
        expect(days).toEqual([...new Set(days)].sort());
        expect(days[0]! >= from && days.at(-1)! <= to).toBe(true);
      }),
    );
  });

  test.each([
    ['2025-03-24', '2025-03-31', 'Mar 24'],
    ['2022-01-03', '2025-03-31', 'Jul 2022'],
    ['2025-01-01', '2025-06-15', 'Jan 2025'],
  ])('from %s to %s begin with %s', (from, to, label) => {
    expect(dayTicks(from, to, 7)[0]!.label).toBe(label);
  });
});

test('a scale keeps order and proportion, and stands a domain of one value', () => {
  const scale = linearScale([0, 10], [100, 0]);
  expect([0, 5, 10].map(scale)).toEqual([100, 50, 0]);
  expect(linearScale([4, 4], [7, 9])(4)).toBe(7);
});

test('labels do not touch, keep their order, and stay in bounds where there is room', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 15 }), (wanted) => {
      const places = spreadLabels(wanted, 15, [0, 300]);
      expect(places).toHaveLength(wanted.length);
      const sorted = [...places].sort((a, b) => a - b);
      for (const [at, place] of sorted.entries())
        if (at > 0) expect(place - sorted[at - 1]!).toBeGreaterThanOrEqual(15);
      for (const place of places) expect(place >= 0 && place <= 300).toBe(true);
      for (const [a, one] of wanted.entries())
        for (const [b, other] of wanted.entries())
          if (one < other) expect(places[a]!).toBeLessThan(places[b]!);
    }),
  );
  expect(spreadLabels([10, 100, 200], 15, [0, 300])).toEqual([10, 100, 200]);
});

const isInside = ({ x, y, width, height }: BarShape, plot: Plot) =>
  x >= plot.left - 0.2 &&
  x + width <= plot.right + 0.2 &&
  y >= plot.top - 0.2 &&
  y + height <= plot.bottom + 0.2 &&
  width >= 0 &&
  height >= 0;

test('lines stay within the axes, go forward in time, and end at the last day', () => {
  const series = fc.array(
    fc.record({ label: fc.string(), counts: fc.array(count, { minLength: 1, maxLength: 20 }) }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(period, series, size, ({ from, to }, given, of) => {
      const days = dayNumber(to) - dayNumber(from);
      const layout = layoutLines(
        given.map(({ label, counts }) => ({
          label,
          points: counts.map((value, at) => ({
            day: addDays(from, Math.floor((days * at) / counts.length)),
            count: value,
          })),
        })),
        { from, to },
        of,
      );
      const { plot, lines } = layout;
      expect(lines).toHaveLength(given.length);
      for (const { path, labelY } of lines) {
        const across = [...path.matchAll(/[MH]([\d.-]+)/gu)].map(([, at]) => Number(at));
        const down = [...path.matchAll(/(?:V|M[\d.-]+ )([\d.-]+)/gu)].map(([, at]) => Number(at));
        expect(across).toEqual([...across].sort((a, b) => a - b));
        expect(across.at(-1)).toBe(plot.right);
        expect(across[0]).toBeGreaterThanOrEqual(plot.left);
        for (const at of [...down, labelY]) expect(at >= plot.top && at <= plot.bottom).toBe(true);
      }
      for (const { at } of layout.x) expect(at >= plot.left && at <= plot.right).toBe(true);
      for (const { at } of layout.y) expect(at >= plot.top && at <= plot.bottom).toBe(true);
    }),
  );
});

test('columns stay within the axes, beside each other, and as high as their values', () => {
  const groups = fc.array(fc.record({ label: fc.string(), values: fc.tuple(count, count) }), {
    minLength: 1,
    maxLength: 80,
  });
  fc.assert(
    fc.property(groups, size, (given, of) => {
      const { plot, columns, x, y } = layoutColumns(given, of);
      const all = columns.flat();
      for (const bar of all) expect(isInside(bar, plot)).toBe(true);
      for (const [at, bar] of all.entries())
        if (at > 0) expect(bar.x + 0.2).toBeGreaterThanOrEqual(all[at - 1]!.x + all[at - 1]!.width - 0.2);
      const highest = Number(y.at(-1)!.label.replaceAll(',', ''));
      for (const [at, value] of given.flatMap(({ values }) => values).entries())
        expect(all[at]!.height).toBeCloseTo(((plot.bottom - plot.top) * value) / highest, 0);
      expect(x.length).toBeLessThanOrEqual(of === 'wide' ? 9 : 3);
    }),
  );
});

test('rows stand below each other, and what is not known has no bar', () => {
  const rows = fc.array(
    fc.record({ values: fc.tuple(fc.option(fc.integer({ min: 0, max: 60 })), fc.option(count)) }),
    { minLength: 1, maxLength: 25 },
  );
  fc.assert(
    fc.property(rows, size, (given, of) => {
      const { plot, rows: shapes } = layoutRows(given, of);
      const bars = shapes.flatMap((shape) => shape.bars);
      expect(bars.map((bar) => bar === null)).toEqual(
        given.flatMap(({ values }) => values.map((value) => value === null)),
      );
      const drawn = bars.filter((bar) => bar !== null);
      for (const bar of drawn) expect(isInside(bar, plot) && bar.width >= 2).toBe(true);
      for (const [at, bar] of drawn.entries())
        if (at > 0) expect(bar.y).toBeGreaterThanOrEqual(drawn[at - 1]!.y + drawn[at - 1]!.height);
    }),
  );
});
