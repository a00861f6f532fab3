import { expect, test } from 'vitest';
import { findTargets, indexEntries } from '../../src/list/resolve.ts';
import type { Entry } from '../../src/model.ts';
import { cpuMs } from '../helpers/cpu-ms.ts';
import { placedEntry } from '../helpers/placed-entry.ts';

const ENTRIES = 2_000;
const WANTED = 500;
/** Looking at each entry for each name takes 500 times what one look takes. */
const MOST_LOOKS = 50;

const entries: Entry[] = Array.from({ length: ENTRIES }, (_, at) => ({
  ...placedEntry(`Blue Lathe Works No. ${at}, Ltd.`),
  entryId: `entry ${at}`,
}));

test.each([
  ['under their destination', entries[0]!.destination],
  ['under none', ''],
])('many names that the list does not have, %s, cost little more than one', (_where, destination) => {
  const find = (count: number) => {
    const index = indexEntries(entries);
    return cpuMs(() => {
      for (let at = 0; at < count; at += 1)
        expect(findTargets(index, { list: 'entity-list', destination, name: `Unknown ${at}` })).toEqual([]);
    });
  };
  find(1);
  const one = Math.min(find(1), find(1), find(1));
  // Some milliseconds are the grain of the clock and of the collector.
  expect(find(WANTED)).toBeLessThan(MOST_LOOKS * one + 50);
});
