import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_ATTEMPTS, retryWaitSeconds } from '../../src/channel/retry-schedule.ts';

/** Waits of a target that is down all the time, by a clock that only the schedule moves. */
function waitsOfThreeDays(random: () => number): number[] {
  const waits: number[] = [];
  for (let attempt = 1; ; attempt++) {
    const wait = retryWaitSeconds(attempt, { random: random() });
    if (wait === null) return waits;
    waits.push(wait);
  }
}

test('a target that is down for three days is tried ten times in 75.6 hours', () => {
  const waits = waitsOfThreeDays(() => 0.5);
  expect(waits.map(Math.round)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  expect(waits.length + 1).toBe(MOST_ATTEMPTS);
  expect(waits.reduce((sum, wait) => sum + wait, 0) / 3600).toBeCloseTo(75.6, 1);
});

test('the schedule bends by a tenth at most, and differently for each', () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(unit, fc.integer({ min: 1, max: 9 }), (random, attempt) => {
      const plain = retryWaitSeconds(attempt, { random: 0.5 })!;
      const wait = retryWaitSeconds(attempt, { random })!;
      expect(Math.abs(wait - plain)).toBeLessThanOrEqual(plain * 0.1 + 1e-6);
    }),
  );
  expect(retryWaitSeconds(3, { random: 0.1 })).not.toBe(retryWaitSeconds(3, { random: 0.9 }));
});

test('Retry-After lengthens a wait and never shortens one or makes another attempt', () => {
  const wait = (attempt: number, retryAfterSeconds: number | null) =>
    retryWaitSeconds(attempt, { retryAfterSeconds, random: 0.5 });
  expect(wait(1, 120)).toBe(120);
  expect(wait(4, 120)).toBe(7200);
  expect(wait(1, 10 ** 9)).toBe(86_400);
  expect(wait(1, 0)).toBe(5);
  expect(wait(MOST_ATTEMPTS, 120)).toBeNull();
  expect(wait(MOST_ATTEMPTS + 5, null)).toBeNull();
});
