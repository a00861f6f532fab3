import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { backends, queueBackends } from '../test/helpers/databases.ts';
import { runSlowTarget, type SlowTargetFigures } from '../test/helpers/slow-target.ts';

/*
 * Tells one rule to ten thousand webhooks, once with one that takes its message and never answers and once without,
 * and compares what the others wait: on every store, or on those that are named. Minutes for each; the figures of
 * stores that are not run stay.
 */

const TARGETS = 10_000;
/** What the one that hangs may cost any other. */
const MOST_MS = 1_000;
const MOST_SECONDS = 900;
const STORES = ['PGlite', 'PostgreSQL', 'PostgreSQL and Redis'];

type Run = { store: string } & SlowTargetFigures;

const file = new URL('results/slow-target.json', import.meta.url);
mkdirSync(new URL('.', file), { recursive: true });
const asked = process.argv.slice(2);
const wanted = asked.length > 0 ? asked : STORES;
const runs: Run[] = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8')).runs.filter(({ store }: Run) => !wanted.includes(store))
  : [];

for (const store of wanted) {
  const backend = backends.find(({ name }) => name === (store === 'PGlite' ? 'pglite' : 'postgres'));
  const redis = queueBackends.find(({ name }) => name === 'redis');
  const withRedis = store.endsWith('Redis');
  if (backend === undefined || (withRedis && redis === undefined)) {
    process.stdout.write(`${store} does not answer and is left out\n`);
    process.exitCode = 1;
    continue;
  }
  const pair: Run[] = [];
  for (const hangs of [true, false]) {
    const database = await backend.open();
    const queue = withRedis ? await redis!.open() : null;
    try {
      const opening = queue ?? { postgresPool: database.queuePool };
      const options = { targets: TARGETS, hangs, mostSeconds: MOST_SECONDS };
      pair.push({ store, ...(await runSlowTarget(database, opening, options)) });
    } finally {
      await queue?.forget();
      await database.close();
    }
    process.stdout.write(`${JSON.stringify(pair.at(-1))}\n`);
    writeFileSync(file, `${JSON.stringify({ node: process.version, runs: [...runs, ...pair] }, null, 2)}\n`);
  }
  runs.push(...pair);
  const [one, none] = pair as [Run, Run];
  const isLost = one.reached < TARGETS - 1 || none.reached < TARGETS;
  const costMs = Math.max(one.mostOvertakenMs, one.longestPauseMs - none.longestPauseMs);
  if (isLost || costMs > MOST_MS) process.exitCode = 1;
}
process.stdout.write('Written to bench/results/slow-target.json\n');
