import { describe, expect, test } from 'vitest';
import { createChaos } from '../bench/soak/chaos.ts';
import { createRuleWriter } from '../bench/soak/rules.ts';
import { runSoak } from '../bench/soak/run-soak.ts';
import { slopeOf } from '../bench/soak/samples.ts';
import { places } from './helpers/databases.ts';

/** `npm run soak` goes on for minutes. */
const SECONDS = 25;
const SEED = 744;

test('the service whose upstream, mail server and webhooks fail at random ends as one that nobody disturbed', {
  timeout: 900_000,
}, async () => {
  const soak = await runSoak({
    ...{ place: places[0]!, seconds: SECONDS, seed: SEED, kills: 1 },
    ...{ mailReaders: 4, hooks: 1, hangsLong: false },
  });
  expect(soak.problems).toEqual([]);
  expect(soak.kills).toBe(1);
  expect(soak.rules).toBeGreaterThan(1);
  expect(soak.changes).toBeGreaterThanOrEqual(soak.rules);
  expect(soak.messages).toMatchObject({ due: 5 * soak.rules, came: 5 * soak.rules });
  expect(Object.keys(soak.faults.upstream ?? {}).length).toBeGreaterThan(1);
});

describe('what goes wrong in a soak', () => {
  const chances = { reset: 30, slow: 20 };
  const drawn = (seed: number) => {
    const chaos = createChaos(seed);
    return Array.from({ length: 200 }, () => chaos.draw('upstream', chances));
  };

  test('follows from its seed, as often as it is to happen, and ends', () => {
    expect(drawn(5)).toEqual(drawn(5));
    expect(drawn(6)).not.toEqual(drawn(5));
    const chaos = createChaos(5);
    for (let at = 0; at < 1_000; at += 1) chaos.draw('upstream', chances);
    expect(Math.abs(chaos.counts.upstream!.reset! - 300)).toBeLessThan(60);
    expect(Math.abs(chaos.counts.upstream!.slow! - 200)).toBeLessThan(60);
    chaos.end();
    expect(
      Array.from({ length: 50 }, () => chaos.draw('upstream', chances)).every((one) => one === null),
    ).toBe(true);
  });

  test('is done to the same rules under the same seed', () => {
    const written = (seed: number) => {
      const next = createRuleWriter(seed, '2031-03-04');
      return Array.from({ length: 5 }, () => next().xml.toString());
    };
    expect(written(5)).toEqual(written(5));
    expect(written(6)).not.toEqual(written(5));
  });

  test('costs memory by the line through all samples', () => {
    expect(
      slopeOf([
        [0, 100],
        [1, 130],
        [2, 120],
        [3, 150],
      ]),
    ).toBeCloseTo(14);
  });
});
