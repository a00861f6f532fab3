import { mkdirSync, writeFileSync } from 'node:fs';
import { backends, queueBackends } from '../test/helpers/databases.ts';
import { runSlowTarget, type SlowTargetFigures } from '../test/helpers/slow-target.ts';

/*
 * Tells one rule to ten thousand webhooks, one of which takes its message and never answers, and measures what the
 * others wait for it: on every store that answers. Minutes for each.
 */

const TARGETS = 10_000;
/** What the one that hangs may cost any other. */
const MOST_MS = 1_000;
const MOST_SECONDS = 900;

const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
const runs: ({ store: string } & SlowTargetFigures)[] = [];
const redis = queueBackends.find(({ name }) => name === 'redis');
for (const { name, open } of backends) {
  const store = name === 'pglite' ? 'PGlite' : 'PostgreSQL';
  for (const withRedis of name === 'postgres' && redis !== undefined ? [false, true] : [false]) {
    const database = await open();
    const queue = withRedis ? await redis!.open() : null;
    try {
      const opening = queue ?? { postgresPool: database.queuePool };
      const figures = await runSlowTarget(database, opening, TARGETS, MOST_SECONDS);
      runs.push({ store: withRedis ? `${store} and Redis` : store, ...figures });
    } finally {
      await queue?.forget();
      await database.close();
    }
    process.stdout.write(`${JSON.stringify(runs.at(-1))}\n`);
    writeFileSync(
      new URL('slow-target.json', results),
      `${JSON.stringify({ node: process.version, runs }, null, 2)}\n`,
    );
  }
}
process.stdout.write('Written to bench/results/slow-target.json\n');
const isBroken = ({ targets, reached, longestPauseMs, mostOvertakenMs }: SlowTargetFigures) =>
  reached < targets - 1 || Math.max(longestPauseMs, mostOvertakenMs) > MOST_MS;
process.exitCode = runs.some(isBroken) ? 1 : 0;
