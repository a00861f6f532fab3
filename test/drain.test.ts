import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { easternDay } from '../src/days.ts';
import { startStandIn } from '../src/demo/stand-in.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { openQueue } from '../src/queue.ts';
import { latestChangeSets } from '../src/store/change-sets.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { places } from './helpers/databases.ts';
import { openRedisDatabase } from './helpers/redis-database.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { startSmtpSink } from './helpers/smtp-sink.ts';
import { startElwatch } from './helpers/start-elwatch.ts';
import { until } from './helpers/until.ts';
import { makeBaseline, makeChange, makeChangeSet } from './store/facts.ts';

/** What an orchestrator is told to wait (compose.yaml waits five seconds more). */
const LONGEST_MS = 25_000;
const NUMBER = '2031-07001';
const servers = places.filter(({ name }) => name.startsWith('PostgreSQL'));
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A promise and who resolves it. */
function openGate() {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { gate, open };
}

/** A store with a mail that is due, a rule upstream, and a mail server that answers once it is let. */
async function prepare(place: (typeof places)[number]) {
  const today = easternDay(new Date().toISOString());
  const mailGate = openGate();
  const sink = await startSmtpSink({ hold: mailGate.gate });
  closers.push(() => sink.close(), mailGate.open);
  const upstream = await startStandIn({
    documents: [makeSmallRule({ number: NUMBER, publishedOn: today })],
    supplements: [],
    today,
  });
  closers.push(() => upstream.close());
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-drain-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const { environment, forget } = await place.open();
  closers.push(forget);
  const redis = environment.REDIS_URL === undefined ? null : await openRedisDatabase(environment.REDIS_URL);
  if (redis !== null) closers.push(redis.forget);
  const settings = {
    ...environment,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    DATA_DIR: dataDir,
    SMTP_URL: sink.url,
    MAIL_FROM: 'alerts@example.org',
    FEDERAL_REGISTER_URL: upstream.url,
    ECFR_URL: upstream.url,
    GOVINFO_URL: upstream.url,
    CSL_URL: upstream.url,
  };
  const app = await openApp(readConfig({ ...settings, LOG_LEVEL: 'silent' }));
  closers.push(() => app.close());
  const { db } = app.parts;
  const createdAt = app.parts.now();
  await addSubscription(db, { target: 'ana@example.org', filter: WHOLE_FILTER, createdAt });
  await inTransaction(db, async (tx) => {
    await appendChangeSet(tx, makeBaseline(), [makeChange({ entryId: 'of the baseline' })]);
    await appendChangeSet(tx, makeChangeSet({ knownAt: createdAt }), [makeChange()]);
  });
  const queue = await openQueue({
    redisUrl: redis?.url ?? null,
    postgresPool: app.database.queuePool,
    log: pino({ level: 'silent' }),
  });
  closers.push(() => queue.close());
  const start = () => {
    const worker = startElwatch(settings, '--role', 'worker');
    closers.push(() => worker.kill());
    return worker;
  };
  const sending = () =>
    until('the mail under way', async () => (await listDeliveries(db, { status: 'sending' })).length > 0, 60);
  return { db, queue, today, mailGate, sink, start, sending };
}

/** How many wait for the lock of the lists, as whoever is about to apply a rule that was read. */
const countWaiting = async (db: Awaited<ReturnType<typeof prepare>>['db']) =>
  (
    await sql<{ count: number }>`select count(*)::int as count from pg_locks where not granted
      and locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`.execute(db)
  ).rows[0]!.count;

describe.runIf(servers.length > 0).each(servers)('a worker on $name that is told to stop', (place) => {
  test('ends the mail and the rule that are under way, and exits 0 within 25 s', {
    timeout: 120_000,
  }, async () => {
    const { db, queue, today, mailGate, sink, start, sending } = await prepare(place);
    const listsGate = openGate();
    closers.push(listsGate.open);
    // Whoever applies a rule waits for this.
    const isHeld = openGate();
    const holding = inTransaction(db, async () => {
      isHeld.open();
      await listsGate.gate;
    });
    await isHeld.gate;
    const worker = start();
    await worker.started();
    await sending();
    await queue.add(
      'ingest',
      'ingest',
      { number: NUMBER, publishedOn: today },
      { jobId: 'ingest_of_the_test', attempts: 1 },
    );
    await until('the rule under way', async () => (await countWaiting(db)) > 0, 60);

    const toldAt = Date.now();
    const ended = worker.stop();
    // Both take three seconds more.
    setTimeout(() => {
      mailGate.open();
      listsGate.open();
    }, 3_000);
    expect(await ended).toBe(0);
    expect(Date.now() - toldAt).toBeGreaterThanOrEqual(2_900);
    expect(Date.now() - toldAt).toBeLessThan(LONGEST_MS);
    await holding;
    // No other process was there to do it.
    expect(await latestChangeSets(db, { limit: 1, document: NUMBER })).toMatchObject([
      { outcome: 'applied' },
    ]);
    expect(sink.received).toHaveLength(1);
    const [first] = await listDeliveries(db, { status: 'sent' });
    expect(first).toMatchObject({ attempts: 1, maybeDuplicate: false });
  });

  test('ends within 25 s though the mail server never answers, and another takes the mail over', {
    timeout: 180_000,
  }, async () => {
    const { db, mailGate, sink, start, sending } = await prepare(place);
    const first = start();
    await first.started();
    await sending();
    // The whole message is there, and nobody but the mail server can know whether it is kept.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const toldAt = Date.now();
    const code = await first.stop();
    expect(Date.now() - toldAt).toBeLessThan(LONGEST_MS);
    expect(code).toBe(0);

    mailGate.open();
    start();
    await until('the mail', async () => (await listDeliveries(db, { status: 'sent' })).length > 0, 60);
    expect(await listDeliveries(db)).toMatchObject([{ status: 'sent', attempts: 2, maybeDuplicate: true }]);
    const ids = sink.received.map(({ mail }) => mail.messageId);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(1);
  });
});
