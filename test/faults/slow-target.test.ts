import { describe, expect, test } from 'vitest';
import { backends } from '../helpers/databases.ts';
import { runSlowTarget } from '../helpers/slow-target.ts';

// Ten thousand take minutes: `npm run slow:target`.
const TARGETS = 500;

describe.each(backends)('hundreds of targets on $name', ({ open }) => {
  test('are told in their order and without a pause of a second, while one of them hangs', {
    timeout: 120_000,
  }, async () => {
    const database = await open();
    try {
      const figures = await runSlowTarget(
        database,
        { postgresPool: database.queuePool },
        { targets: TARGETS, mostSeconds: 90 },
      );
      expect(figures.reached).toBe(TARGETS - 1);
      expect(figures.longestPauseMs).toBeLessThan(1_000);
      expect(figures.mostOvertakenMs).toBeLessThan(1_000);
    } finally {
      await database.close();
    }
  });
});
