import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulate, slope } from '../bench/scale/simulate.ts';

const COSTS = { fanOutMs: 0.05, enqueueMs: 0.1, mailMs: 2, screenMs: 0.02 };

test('a slope leaves out what does not grow with the size', () => {
  const points = [1_000, 2_000, 8_000].map((size) => ({ size, value: 400 + 0.25 * size }));
  expect(slope(points)).toBeCloseTo(0.25);
});

test('the simulation of a rule is bound by the mail server, or by the processors, whichever is slower', () => {
  const setting = { subscriptions: 100_000, names: 0, workers: 2, mailsPerSecond: 100 };
  expect(simulate(COSTS, setting).lastMail).toBeGreaterThanOrEqual(1_000);
  expect(simulate(COSTS, setting).lastMail).toBeLessThan(1_100);
  const quick = { ...setting, mailsPerSecond: 1_000_000 };
  // Two processes that send 500 mails a second each, one of which makes the deliveries first.
  expect(simulate(COSTS, quick).lastMail).toBeGreaterThanOrEqual(100);
  expect(simulate(COSTS, quick).lastMail).toBeLessThan(130);
});

test('nobody is told later for one more worker, and everybody in the end', () => {
  const settings = fc.record({
    subscriptions: fc.integer({ min: 1, max: 200_000 }),
    names: fc.integer({ min: 0, max: 2_000_000 }),
    workers: fc.integer({ min: 1, max: 40 }),
    mailsPerSecond: fc.integer({ min: 50, max: 10_000 }),
  });
  fc.assert(
    fc.property(settings, (setting) => {
      const course = simulate(COSTS, setting);
      expect(course.fannedOut).toBeLessThanOrEqual(course.firstMail);
      expect(course.firstMail).toBeLessThanOrEqual(course.halfOfMails);
      expect(course.halfOfMails).toBeLessThanOrEqual(course.lastMail);
      expect(course.mostWaiting).toBeLessThanOrEqual(setting.subscriptions);
      const more = simulate(COSTS, { ...setting, workers: setting.workers + 1 });
      expect(more.lastMail).toBeLessThanOrEqual(course.lastMail);
    }),
  );
});
