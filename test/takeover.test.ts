import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { deliver } from '../src/deliver.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import type { Parts } from '../src/parts.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { sweep } from '../src/sweep.ts';
import { places } from './helpers/databases.ts';
import { openRedisDatabase } from './helpers/redis-database.ts';
import { until } from './helpers/until.ts';
import { makeChange, makeChangeSet } from './store/facts.ts';

const ELWATCH = fileURLToPath(new URL('../bin/elwatch', import.meta.url));
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A mail server that reads each message to its end and answers only when it is told to. */
async function startSlowMailServer() {
  const waiting: (() => void)[] = [];
  const slow = { port: 0, messages: 0, answer: () => waiting.splice(0).forEach((done) => void done()) };
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, _session, done) {
      stream.resume();
      stream.on('end', () => {
        slow.messages += 1;
        waiting.push(() => done(null, 'kept by the test'));
      });
    },
  });
  // A client that was killed.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  slow.port = ((server.server as Server).address() as AddressInfo).port;
  closers.push(() => new Promise<void>((resolve) => void server.close(resolve)));
  return slow;
}

/** A store with a rule that one address is to be told by mail, and a way to start the service on it. */
async function prepare(place: (typeof places)[number]) {
  const mail = await startSlowMailServer();
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-takeover-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const { environment, forget } = await place.open();
  closers.push(forget);
  const redis = environment.REDIS_URL === undefined ? null : await openRedisDatabase(environment.REDIS_URL);
  if (redis !== null) closers.push(redis.forget);
  const nowhere = 'http://127.0.0.1:9';
  const settings = {
    ...environment,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    DATA_DIR: dataDir,
    PORT: '0',
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    MAIL_FROM: 'alerts@example.org',
    FEDERAL_REGISTER_URL: nowhere,
    ECFR_URL: nowhere,
    GOVINFO_URL: nowhere,
    CSL_URL: nowhere,
  };
  const open = () => openApp(readConfig({ ...settings, LOG_LEVEL: 'silent' }));
  const { parts, close } = await open();
  const createdAt = parts.now();
  await addSubscription(parts.db, { target: 'ana@example.org', filter: WHOLE_FILTER, createdAt });
  await inTransaction(parts.db, (tx) =>
    appendChangeSet(tx, makeChangeSet({ knownAt: createdAt }), [makeChange()]),
  );
  await close();
  const start = (): { child: ChildProcess; isOpen(): boolean } => {
    const child = spawn(ELWATCH, ['start'], {
      env: { PATH: process.env.PATH ?? '', ...settings },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    closers.push(() => child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (chunk) => {
      log += String(chunk);
    });
    return { child, isOpen: () => log.includes('listens on') };
  };
  return { mail, open, start };
}

const server = places.find(({ name }) => name === 'PostgreSQL');

/** How many processes are present, this one among them. */
async function countPresent({ db }: Parts): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_locks
    where locktype = 'advisory' and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())`.execute(db);
  return rows[0]!.count;
}

test.each(places.filter(({ name }) => name !== 'PGlite and Redis'))(
  'on $name what a killed process was sending goes out within five seconds of the next start',
  async (place) => {
    const { mail, open, start } = await prepare(place);
    const { child: first } = start();
    await until('the mail', () => mail.messages === 1, 60);
    const isEnded = new Promise((resolve) => first.once('exit', resolve));
    first.kill('SIGKILL');
    await isEnded;

    const { child: second, isOpen } = start();
    await until('the service', isOpen, 60);
    const openAt = Date.now();
    await until('the mail again', () => mail.messages === 2);
    const seconds = (Date.now() - openAt) / 1000;
    mail.answer();
    second.kill('SIGTERM');
    await new Promise((resolve) => second.once('exit', resolve));
    const app = await open();
    closers.push(() => app.close());
    expect(await listDeliveries(app.parts.db)).toMatchObject([
      { status: 'sent', attempts: 2, maybeDuplicate: true },
    ]);
    expect(seconds).toBeLessThan(5);
  },
);

test.runIf(server !== undefined)(
  'on PostgreSQL what a process is sending slowly is not taken over by another',
  async () => {
    const { mail, open, start } = await prepare(server!);
    start();
    await until('the mail', () => mail.messages === 1, 60);
    const app = await open();
    closers.push(() => app.close());
    const { parts } = app;
    const later = { ...parts, now: () => new Date(Date.now() + 20 * 60_000).toISOString() };
    const [{ deliveryId } = { deliveryId: '' }] = await listDeliveries(parts.db, { status: 'sending' });
    expect((await sweep(later)).deliveryIds).toEqual([]);
    expect(await deliver(later, deliveryId)).toBe('taken');
    // One that begins takes over what it can.
    start();
    await until('it has begun', async () => (await countPresent(parts)) === 3, 60);
    // Time enough to do what it must not.
    await sleep(1_000);
    mail.answer();
    await until('the answer', async () => (await listDeliveries(parts.db, { status: 'sent' })).length === 1);
    expect(mail.messages).toBe(1);
    expect(await listDeliveries(parts.db)).toMatchObject([{ attempts: 1, maybeDuplicate: false }]);
  },
);
