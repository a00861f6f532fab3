import { describe, expect, test } from 'vitest';
import { backends } from '../helpers/databases.ts';
import { runSlowTarget } from '../helpers/slow-target.ts';

// Ten thousand take minutes: `npm run slow:target`.
const TARGETS = 500;
/** The one hangs for 20 s. A machine that is busy pauses for seconds by itself; the command holds to one. */
const MOST_MS = 5_000;

describe.each(backends)('hundreds of targets on $name', ({ open }) => {
  test('are told in their order, and none waits for one of them that hangs', {
    timeout: 300_000,
  }, async () => {
    const database = await open();
    try {
      const figures = await runSlowTarget(
        database,
        { postgresPool: database.queuePool },
        { targets: TARGETS, mostSeconds: 250 },
      );
      expect(figures.reached).toBe(TARGETS - 1);
      expect(figures.longestPauseMs).toBeLessThan(MOST_MS);
      expect(figures.mostOvertakenMs).toBeLessThan(MOST_MS);
    } finally {
      await database.close();
    }
  });
});
