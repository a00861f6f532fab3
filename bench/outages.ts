// What readers are told while PostgreSQL or Redis is away for long, and how soon all goes on when it is back.
// Seconds of the outages may be given: npm run outages -- 10 60. Goals are those of row 29 of docs/faults.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  hasPrivatePostgres,
  hasPrivateRedis,
  type PrivateServer,
  startPrivatePostgres,
  startPrivateRedis,
} from '../test/helpers/faults/private-servers.ts';
import { type RunningService, startRunningService } from '../test/helpers/faults/running-service.ts';
import { until } from '../test/helpers/until.ts';

const RESULT = new URL('results/outages.json', import.meta.url);
const READ = '/api/v1/changes?after=0';
const WAKE_UPS = 12;
const GOALS = { answerMs: 2_000, resumeSeconds: 30, wakeUpMs: 50 };

interface Outage {
  server: 'PostgreSQL' | 'Redis';
  seconds: number;
  /** What readers got while it was away: answers by status, and the slowest. */
  answers: Record<string, number>;
  slowestAnswerMs: number;
  /** From the moment at which the server answers again until a message about a rule of then has arrived. */
  resumeSeconds: number;
  /** From the add of a job to the start of an idle worker on it, afterwards. */
  wakeUpMs: { median: number; worst: number };
  /** Every rule was told, each one once. */
  isEachToldOnce: boolean;
  isReached: boolean;
}

/** Resolves with how long it took until the worker of this service began. */
function watchWakeUps({ service }: RunningService) {
  let woken = () => {};
  const queue = service.queue!;
  queue.worker('wake-up', async () => woken(), { concurrency: 1 });
  return async (nth: number): Promise<number> => {
    await sleep(400);
    const isWoken = new Promise<void>((resolve) => {
      woken = resolve;
    });
    const begun = performance.now();
    await queue.add('wake-up', 'wake', {}, { jobId: `round-${nth}` });
    await isWoken;
    return performance.now() - begun;
  };
}

async function measure(server: Outage['server'], seconds: number): Promise<Outage> {
  const closers: (() => unknown)[] = [];
  try {
    const postgres = await startPrivatePostgres();
    closers.push(() => postgres.close());
    let redis: PrivateServer | null = null;
    if (server === 'Redis') {
      const started = await startPrivateRedis();
      closers.push(() => started.close());
      redis = started;
    }
    const running = await startRunningService(
      { DATABASE_URL: postgres.url, ...(redis === null ? {} : { REDIS_URL: redis.url }) },
      closers,
    );
    const wake = watchWakeUps(running);
    await wake(0);
    await running.apply('2025-00001');
    await until('the first message', () => running.told().length === 1, 60);

    const lost = redis ?? postgres;
    await lost.kill();
    const answers: Record<string, number> = {};
    let slowestAnswerMs = 0;
    for (const end = Date.now() + seconds * 1_000; Date.now() < end; await sleep(1_000)) {
      const begun = performance.now();
      const status = await fetch(running.url + READ, { signal: AbortSignal.timeout(20_000) }).then(
        async (answer) => {
          await answer.text();
          return answer.status;
        },
        () => 'none',
      );
      slowestAnswerMs = Math.max(slowestAnswerMs, performance.now() - begun);
      answers[status] = (answers[status] ?? 0) + 1;
    }
    await lost.start();
    const backAt = performance.now();
    await running.apply('2025-00002');
    await until('the message', () => running.told().length > 1, 300);
    const resumeSeconds = (performance.now() - backAt) / 1_000;
    const times: number[] = [];
    // The first two wake what slept longest; the worker may still be on its way to its connection.
    for (let nth = -2; nth < WAKE_UPS; nth += 1) {
      const time = await wake(nth + 10);
      if (nth >= 0) times.push(time);
    }
    times.sort((a, b) => a - b);
    const wakeUpMs = { median: times[WAKE_UPS / 2]!, worst: times.at(-1)! };
    const isEachToldOnce = running.told().join() === '2025-00001,2025-00002';
    const isServed = Object.keys(answers).every((status) => status === '200' || status === '503');
    return {
      ...{ server, seconds, answers, resumeSeconds, isEachToldOnce, wakeUpMs },
      slowestAnswerMs,
      isReached:
        isServed &&
        isEachToldOnce &&
        slowestAnswerMs <= GOALS.answerMs &&
        resumeSeconds <= GOALS.resumeSeconds &&
        wakeUpMs.median <= GOALS.wakeUpMs,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

if (!hasPrivatePostgres || !hasPrivateRedis) {
  process.stderr.write(
    'Not run: it starts servers of its own, and the programs of PostgreSQL or Redis are not here.\n',
  );
  process.exit(75);
}
const given = process.argv.slice(2).map(Number);
for (const seconds of given.length > 0 ? given : [10, 60, 600]) {
  // Each has a service and servers of its own, and most of the time nothing happens.
  const measured = await Promise.all([measure('PostgreSQL', seconds), measure('Redis', seconds)]);
  for (const outage of measured) process.stdout.write(`${JSON.stringify(outage)}\n`);
  if (measured.some(({ isReached }) => !isReached)) process.exitCode = 1;
  // Results of other lengths stay as they were.
  const before: Outage[] = existsSync(RESULT) ? JSON.parse(readFileSync(RESULT, 'utf8')).outages : [];
  const outages = [...before.filter((one) => one.seconds !== seconds), ...measured].sort(
    (a, b) => a.seconds - b.seconds,
  );
  writeFileSync(RESULT, `${JSON.stringify({ goals: GOALS, outages }, null, 2)}\n`);
}
