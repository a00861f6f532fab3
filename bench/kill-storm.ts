import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { type Place, places } from '../test/helpers/databases.ts';
import { openRedisDatabase } from '../test/helpers/redis-database.ts';
import { ELWATCH } from '../test/helpers/run-elwatch.ts';
import { makeChange, makeChangeSet } from '../test/store/facts.ts';

const KILLS = 30;
const READERS = 2_000;
/** A mail server that is slow enough for the storm to be over before the messages are. */
const ANSWER_MS = 80;
/** A process is killed at most so long after it began to work; each third one while it begins. */
const LONGEST_LIFE_MS = 1_500;

interface Storm {
  store: string;
  kills: number;
  stormSeconds: number;
  /** Messages that were had when the last process was killed. */
  cameInStorm: number;
  /** From the start of a process to the last message, where nobody is killed; and after the last kill. */
  undisturbedSeconds: number;
  finishSeconds: number;
  lost: number;
  /** Deliveries that the ledger does not call sent at the end. */
  stuck: number;
  /** Messages that came once more under the same id, and those of them that the ledger denies. */
  repeats: number;
  denied: number;
}

async function startSink() {
  const copies = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, _session, done) {
      let head = '';
      stream.on('data', (chunk: Buffer) => {
        if (head.length < 16_384) head += chunk.toString('latin1');
      });
      stream.on('end', () => {
        const id = /^message-id:\s*(<[^>]+>)/imu.exec(head)?.[1] ?? 'none';
        copies.set(id, (copies.get(id) ?? 0) + 1);
        setTimeout(() => done(null, 'kept'), ANSWER_MS);
      });
    },
  });
  // A client that was killed.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server as Server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, copies, close: () => server.close(() => {}) };
}

/** A store with a rule that thousands are to be told, and how to run the service on it. */
async function open(place: Place) {
  const sink = await startSink();
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-storm-'));
  const { environment, forget } = await place.open();
  const redis = environment.REDIS_URL === undefined ? null : await openRedisDatabase(environment.REDIS_URL);
  const nowhere = 'http://127.0.0.1:9';
  const settings = {
    ...environment,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    ...{ DATA_DIR: dataDir, PORT: '0', SMTP_URL: sink.url, MAIL_FROM: 'alerts@example.org' },
    ...{ FEDERAL_REGISTER_URL: nowhere, ECFR_URL: nowhere, GOVINFO_URL: nowhere, CSL_URL: nowhere },
  };
  const withApp = async <T>(work: (app: Awaited<ReturnType<typeof openApp>>) => Promise<T>): Promise<T> => {
    const app = await openApp(readConfig({ ...settings, LOG_LEVEL: 'silent' }));
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  };
  await withApp(async ({ parts }) => {
    const knownAt = parts.now();
    for (let reader = 0; reader < READERS; reader += 1)
      await addSubscription(parts.db, {
        target: `reader-${reader}@example.org`,
        filter: WHOLE_FILTER,
        createdAt: knownAt,
      });
    await inTransaction(parts.db, (tx) =>
      appendChangeSet(tx, makeChangeSet({ changeSetId: 'storm', knownAt }), [makeChange()]),
    );
    // Making them is one transaction, which no process that lives so short would end.
    await notify(parts, 'storm');
  });
  return {
    copies: sink.copies,
    start: () => {
      const child = spawn(ELWATCH, ['start'], {
        env: { PATH: process.env.PATH ?? '', ...settings },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let log = '';
      child.stderr.on('data', (chunk) => {
        log += String(chunk);
      });
      const isOver = once(child, 'exit');
      return { child, isOver, isOpen: () => log.includes('listens on'), said: () => log };
    },
    ledger: () => withApp(({ parts }) => listDeliveries(parts.db, { limit: 100_000 })),
    close: async () => {
      sink.close();
      await forget();
      await redis?.forget();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

type Setting = Awaited<ReturnType<typeof open>>;

/** Runs one process until every message came; answers how long that took. */
async function finish({ start, copies }: Setting): Promise<number> {
  const begun = performance.now();
  const { child, isOver } = start();
  while (copies.size < READERS) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    if (performance.now() - begun > 600_000) break;
    await sleep(50);
  }
  const seconds = (performance.now() - begun) / 1000;
  // What is had and not in the ledger yet.
  await sleep(2_000);
  child.kill('SIGTERM');
  await isOver;
  return seconds;
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

async function storm(place: Place): Promise<Storm> {
  const calm = await open(place);
  const undisturbedSeconds = await finish(calm).finally(calm.close);
  const setting = await open(place);
  try {
    const begun = performance.now();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, isOver, isOpen, said } = setting.start();
      if (kill % 3 !== 2) while (!isOpen() && isRunning(child)) await sleep(10);
      // Spread over that time, in an order that has no pattern.
      await sleep((LONGEST_LIFE_MS * ((kill * 17) % KILLS)) / KILLS);
      if (!isRunning(child)) throw new Error(`the service ended by itself: ${said()}`);
      child.kill('SIGKILL');
      await isOver;
    }
    const stormSeconds = (performance.now() - begun) / 1000;
    const cameInStorm = setting.copies.size;
    const finishSeconds = await finish(setting);
    const ledger = await setting.ledger();
    const timesOf = (id: string) => setting.copies.get(id) ?? 0;
    return {
      ...{ store: place.name, kills: KILLS, stormSeconds, cameInStorm, undisturbedSeconds, finishSeconds },
      lost: READERS - ledger.filter(({ messageId }) => timesOf(messageId) > 0).length,
      stuck: ledger.filter(({ status }) => status !== 'sent').length,
      repeats: [...setting.copies.values()].reduce((sum, times) => sum + times - 1, 0),
      denied: ledger.filter(({ messageId, maybeDuplicate }) => timesOf(messageId) > 1 && !maybeDuplicate)
        .length,
    };
  } finally {
    await setting.close();
  }
}

const results = new URL('results/', import.meta.url);
const written = new URL('kill-storm.json', results);
mkdirSync(results, { recursive: true });
const storms: Storm[] = [];
/** Stores by name from the command line, or all of them; what is written of the others stays. */
const wanted = process.argv.slice(2);
for (const place of places.filter(({ name }) =>
  wanted.length > 0 ? wanted.includes(name) : name !== 'PGlite and Redis',
)) {
  const figures = await storm(place);
  storms.push(figures);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  const before: Storm[] = existsSync(written) ? JSON.parse(readFileSync(written, 'utf8')).storms : [];
  const others = before.filter(({ store }) => store !== place.name);
  writeFileSync(
    written,
    `${JSON.stringify({ node: process.version, readers: READERS, storms: [...others, figures] }, null, 2)}\n`,
  );
}
const isBroken = (one: Storm) =>
  one.lost + one.stuck + one.denied > 0 || one.finishSeconds > 2 * one.undisturbedSeconds;
process.stdout.write('Written to bench/results/kill-storm.json\n');
process.exitCode = storms.some(isBroken) ? 1 : 0;
