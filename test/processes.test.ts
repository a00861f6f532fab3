import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { easternDay } from '../src/days.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { openQueue, type QueueConnection } from '../src/queue.ts';
import type { Role } from '../src/roles.ts';
import { latestChangeSets } from '../src/store/change-sets.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { currentEntries, earliestDay } from '../src/store/entries.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { places } from './helpers/databases.ts';
import { freePort } from './helpers/free-port.ts';
import { openRedisDatabase } from './helpers/redis-database.ts';
import { ELWATCH } from './helpers/run-elwatch.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { startSmtpSink } from './helpers/smtp-sink.ts';
import { readOutcome, runUndisturbed, startListUpstream, upstreamAddresses } from './helpers/undisturbed.ts';
import { until } from './helpers/until.ts';

const servers = places.find(({ name }) => name === 'PostgreSQL and Redis');
const SUBSCRIBERS = Array.from({ length: 12 }, (_, at) => `reader-${at}@example.org`);
/** One process of each is killed as a rule comes. */
const ROUNDS: Role[] = ['worker', 'scheduler', 'web', 'worker'];
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const today = easternDay(new Date().toISOString());
const numberOf = (round: number) => `2031-0${7_100 + round}`;
const ruleOf = (round: number) =>
  makeSmallRule({
    number: numberOf(round),
    publishedOn: today,
    startPage: 4_100 + 10 * round,
    adds: [`Round ${round} Optics`],
  });

async function startUpstream() {
  const upstream = await startListUpstream(today);
  closers.push(() => upstream.close());
  return upstream;
}

interface Running {
  role: Role;
  child: ChildProcess;
  /** Whether it said that it has begun. */
  isReady: boolean;
}

describe.runIf(servers !== undefined)('two workers, a scheduler and a web process', () => {
  test('killed each in turn, end with the list, the changes and each message once', {
    timeout: 240_000,
  }, async () => {
    const undisturbed = await runUndisturbed([...ROUNDS.keys()].map(ruleOf), today);
    const upstream = await startUpstream();
    const sink = await startSmtpSink();
    closers.push(() => sink.close());
    const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-processes-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    const { environment, forget } = await servers!.open();
    closers.push(forget);
    const redis = await openRedisDatabase(environment.REDIS_URL!);
    closers.push(redis.forget);
    const redisUrl = redis.url;
    const port = await freePort();
    const settings = {
      ...environment,
      REDIS_URL: redisUrl,
      DATA_DIR: dataDir,
      SMTP_URL: sink.url,
      MAIL_FROM: 'alerts@example.org',
      ...upstreamAddresses(upstream),
      LOG_LEVEL: 'info',
    };
    const app = await openApp(readConfig({ ...settings, LOG_LEVEL: 'silent' }));
    closers.push(() => app.close());
    const { db } = app.parts;
    for (const target of SUBSCRIBERS)
      await addSubscription(db, { target, filter: WHOLE_FILTER, createdAt: app.parts.now() });

    const running: Running[] = [];
    const start = (role: Role) => {
      const env = { PATH: process.env.PATH ?? '', ...settings, PORT: String(role === 'web' ? port : 0) };
      const child = spawn(ELWATCH, ['start', '--role', role], { env, stdio: ['ignore', 'ignore', 'pipe'] });
      const one: Running = { role, child, isReady: false };
      child.stderr.on('data', (bytes: Buffer) => {
        one.isReady ||= String(bytes).includes(`"role":"${role}"`);
      });
      running.push(one);
      closers.push(() => child.kill('SIGKILL'));
    };
    for (const role of ['web', 'worker', 'worker', 'scheduler'] as const) start(role);
    await until('the list', async () => (await earliestDay(db, 'entity-list')) !== null, 90);
    const before = (await currentEntries(db)).length;

    // A schedule of two minutes is too slow for a test: the test puts the same job into the same queue.
    const queue: QueueConnection = await openQueue({
      redisUrl,
      postgresPool: app.database.queuePool,
      log: pino({ level: 'silent' }),
    });
    closers.push(() => queue.close());
    for (const [round, role] of ROUNDS.entries()) {
      const number = numberOf(round);
      upstream.addDocument(ruleOf(round));
      const id = `of_the_test_${round}`;
      await queue.add('poll', 'poll', {}, { jobId: id, attempts: 1, backoffMs: 1_000 });
      // While the rule is on its way.
      const at = running.findIndex((one) => one.role === role);
      const [{ child }] = running.splice(at, 1) as [Running];
      await new Promise((resolve) => setTimeout(resolve, 150 * round));
      child.kill('SIGKILL');
      await once(child, 'exit');
      start(role);
      await until(
        `rule ${number}`,
        async () => {
          // A poll that was under way in what was killed is one that failed: the next one looks at the same days.
          await queue.add(
            'poll',
            'poll',
            {},
            { jobId: `${id}_${Date.now()}`, attempts: 1, backoffMs: 1_000 },
          );
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          return (await latestChangeSets(db, { limit: 1, document: number })).length > 0;
        },
        60,
      );
    }
    const wanted = ROUNDS.length * SUBSCRIBERS.length;
    await until(
      'every message',
      async () => {
        const deliveries = await listDeliveries(db);
        return deliveries.length === wanted && deliveries.every(({ status }) => status === 'sent');
      },
      60,
    );

    const entries = await currentEntries(db);
    expect(entries).toHaveLength(before + ROUNDS.length);
    expect(entries.filter(({ name }) => name.startsWith('Round '))).toHaveLength(ROUNDS.length);
    const ended = await readOutcome(db);
    expect(ended.changeSets.map(({ outcome }) => outcome)).toEqual(ROUNDS.map(() => 'applied'));
    expect(ended.changes).toHaveLength(ROUNDS.length);
    expect(ended).toEqual(undisturbed);
    // One message to each reader about each rule, and no other.
    const told = (await listDeliveries(db)).map((one) => `${one.changeSetId} ${one.recipient}`);
    expect(new Set(told).size).toBe(wanted);
    expect(new Set(sink.received.map(({ mail }) => mail.messageId)).size).toBe(wanted);
    for (const { messageId, maybeDuplicate, recipient } of await listDeliveries(db)) {
      const copies = sink.received.filter(({ mail }) => mail.messageId === messageId);
      expect(copies.length).toBeGreaterThanOrEqual(1);
      expect(copies.length).toBeLessThanOrEqual(maybeDuplicate ? 2 : 1);
      expect(copies[0]!.to).toEqual([recipient]);
    }
    // The web process that was started anew answers with the same.
    await until(
      'the pages',
      async () => (await fetch(`http://127.0.0.1:${port}/livez`).catch(() => null))?.ok === true,
    );
    const page = await (await fetch(`http://127.0.0.1:${port}/changes`)).text();
    expect(page).toContain(`${ROUNDS.length} rules and notices`);

    // Asked to end, each is gone in time.
    await until('all processes', () => running.every(({ isReady }) => isReady));
    for (const { child } of running) child.kill('SIGTERM');
    const codes = await Promise.all(
      running.map(async ({ child }) =>
        child.exitCode === null ? ((await once(child, 'exit'))[0] as number) : child.exitCode,
      ),
    );
    expect(codes).toEqual(running.map(() => 0));
  });
});
