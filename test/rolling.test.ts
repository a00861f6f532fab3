import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { openQueue } from '../src/queue.ts';
import type { Role } from '../src/roles.ts';
import { startService } from '../src/service.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { places } from './helpers/databases.ts';
import { openRedisDatabase } from './helpers/redis-database.ts';
import { ELWATCH } from './helpers/run-elwatch.ts';
import { startSmtpSink } from './helpers/smtp-sink.ts';
import { until } from './helpers/until.ts';
import { makeChange, makeChangeSet, makeHead } from './store/facts.ts';

const servers = places.find(({ name }) => name === 'PostgreSQL and Redis');
const SUBSCRIBERS = Array.from({ length: 6 }, (_, at) => `reader-${at}@example.org`);
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A store and a queue on servers, a mail server, and nothing upstream. */
async function prepare(mail: Parameters<typeof startSmtpSink>[0] = {}) {
  const sink = await startSmtpSink(mail);
  closers.push(() => sink.close());
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-rolling-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const { environment, forget } = await servers!.open();
  closers.push(forget);
  const redis = await openRedisDatabase(environment.REDIS_URL!);
  closers.push(redis.forget);
  const nobody = 'http://127.0.0.1:9';
  const settings = {
    ...environment,
    REDIS_URL: redis.url,
    DATA_DIR: dataDir,
    SMTP_URL: sink.url,
    MAIL_FROM: 'alerts@example.org',
    FEDERAL_REGISTER_URL: nobody,
    ECFR_URL: nobody,
    GOVINFO_URL: nobody,
    CSL_URL: nobody,
    LOG_LEVEL: 'info',
  };
  const app = await openApp(readConfig({ ...settings, LOG_LEVEL: 'silent' }));
  closers.push(() => app.close());
  for (const target of SUBSCRIBERS)
    await addSubscription(app.parts.db, { target, filter: WHOLE_FILTER, createdAt: app.parts.now() });
  const queue = await openQueue({
    redisUrl: redis.url,
    postgresPool: app.database.queuePool,
    log: pino({ level: 'silent' }),
  });
  closers.push(() => queue.close());

  async function start(role: Role): Promise<{ child: ChildProcess; log: () => string }> {
    const child = spawn(ELWATCH, ['start', '--role', role], {
      env: { PATH: process.env.PATH ?? '', ...settings, PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    closers.push(() => child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (bytes: Buffer) => {
      log += String(bytes);
    });
    await until(`the ${role}`, () => log.includes(`"role":"${role}"`) || child.exitCode !== null, 60);
    return { child, log: () => log };
  }
  /** A rule is applied, and is to be told. */
  async function tell(number: string): Promise<void> {
    const changeSet = makeChangeSet({
      changeSetId: number,
      document: makeHead({ number }),
      knownAt: app.parts.now(),
    });
    await inTransaction(app.parts.db, (tx) => appendChangeSet(tx, changeSet, [makeChange()]));
    await queue.add('notify', 'notify', { changeSetId: number }, { jobId: `notify_${number}` });
  }
  const allSent = (count: number) =>
    until(
      'every message',
      async () => {
        const deliveries = await listDeliveries(app.parts.db);
        return deliveries.length === count && deliveries.every(({ status }) => status === 'sent');
      },
      60,
    );
  return { app, sink, settings, redisUrl: redis.url, start, tell, allSent };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe.runIf(servers !== undefined)('an upgrade process by process', { timeout: 180_000 }, () => {
  test('lets a worker that is asked to end finish what it sends, and the one after it goes on', async () => {
    let release = () => {};
    const mail: { hold?: Promise<void> } = {
      hold: new Promise((resolve) => {
        release = resolve;
      }),
    };
    const { app, sink, start, tell, allSent } = await prepare(mail);
    const first = await start('worker');
    await tell('2031-00001');
    await until('a mail that waits for its answer', async () =>
      (await listDeliveries(app.parts.db)).some(({ status }) => status === 'sending'),
    );
    first.child.kill('SIGTERM');
    const second = await start('worker');
    // It is asked to end and still there: what it sends is not answered yet.
    expect(first.child.exitCode).toBeNull();
    release();
    expect(await ended(first.child)).toBe(0);
    await allSent(SUBSCRIBERS.length);
    expect(sink.received.flatMap(({ to }) => to).sort()).toEqual(SUBSCRIBERS);
    expect((await listDeliveries(app.parts.db)).some(({ maybeDuplicate }) => maybeDuplicate)).toBe(false);
    second.child.kill('SIGTERM');
    expect(await ended(second.child)).toBe(0);
  });

  test('goes on in processes of the old version on tables of the new one, and starts none of them', async () => {
    const { app, sink, start, tell, allSent } = await prepare();
    const old = await start('worker');
    // What a new version does first: a column more, and a line in the ledger of migrations.
    await sql`alter table subscription add column of_the_next_version text not null default ''`.execute(
      app.parts.db,
    );
    await sql`insert into kysely_migration (name, timestamp) values ('9999-next', ${new Date().toISOString()})`.execute(
      app.parts.db,
    );
    await tell('2031-00002');
    await allSent(SUBSCRIBERS.length);
    expect(sink.received).toHaveLength(SUBSCRIBERS.length);
    const late = await start('worker');
    expect(await ended(late.child)).toBe(1);
    expect(late.log()).toMatch(/written by a newer version.*9999-next/su);
    expect(old.child.exitCode).toBeNull();
  });
});

describe.runIf(servers !== undefined)('two schedulers', { timeout: 60_000 }, () => {
  test('make each tick once, and the one that is left goes on alone', async () => {
    const { app, redisUrl } = await prepare();
    const everyMs = 400;
    const ticks: string[] = [];
    const schedule = async () => {
      const own = await openApp({ ...app.config, redisUrl });
      const service = await startService(own, { role: 'scheduler', everyMs: { canary: everyMs } });
      return async () => {
        await service.close();
        await own.close();
      };
    };
    const closeFirst = await schedule();
    const closeSecond = await schedule();
    closers.push(closeSecond);
    const queue = await openQueue({
      redisUrl,
      postgresPool: app.database.queuePool,
      log: pino({ level: 'silent' }),
    });
    closers.push(() => queue.close());
    queue.worker('canary', async ({ id }) => ticks.push(id), { concurrency: 4 });
    await until('some ticks of both', () => ticks.length >= 5);
    const schedulers = await queue.queue('canary').getJobSchedulers();
    expect(schedulers.map(({ every }) => Number(every))).toEqual([everyMs]);
    await closeFirst();
    const before = ticks.length;
    await until('some ticks of one', () => ticks.length >= before + 5);
    // A tick is named by its time: no time comes twice, and none lies between two others.
    const times = ticks.map((id) => Number(id.split(':').at(-1))).sort((a, b) => a - b);
    expect(new Set(times).size).toBe(times.length);
    const gaps = times.slice(1).map((time, at) => time - times[at]!);
    expect(gaps.filter((gap) => gap % everyMs !== 0)).toEqual([]);
  });
});

test('a migration after those that were released only adds, so that the version before it can go on', async () => {
  const folder = new URL('../src/store/migrations/', import.meta.url);
  const later = (await readdir(folder)).filter((name) => name > '0005');
  expect(later.length).toBeGreaterThan(3);
  for (const name of later) {
    const source = await readFile(new URL(name, folder), 'utf8');
    const up = source.slice(0, source.search(/\bdown\b/u) === -1 ? undefined : source.search(/\bdown\b/u));
    expect(
      up.match(/dropColumn|dropTable|renameColumn|renameTo|setNotNull|setDataType/gu) ?? [],
      name,
    ).toEqual([]);
  }
});
