import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { addDays, easternDay } from '../src/days.ts';
import { deliver } from '../src/deliver.ts';
import { type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { gatherDigests } from '../src/digest.ts';
import { type Schedule, WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { addSubscription, setSubscriptionStatus } from '../src/store/subscriptions.ts';
import { store } from './helpers/api.ts';
import { backends } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { sampleChanges } from './helpers/sample-changes.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { startSmtpSink } from './helpers/smtp-sink.ts';
import { type LogLine, startElwatch } from './helpers/start-elwatch.ts';
import { until } from './helpers/until.ts';

const APPLIED = '2031-07101';
const HELD = '2031-07102';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** What became of a document, by the fields of the log and nothing else. */
function follow(lines: readonly LogLine[], number: string) {
  const valuesOf = (field: string, among: readonly LogLine[]) => [
    ...new Set(among.map((line) => line[field]).filter((value) => typeof value === 'string')),
  ];
  const changeSets = valuesOf(
    'changeSet',
    lines.filter(({ document }) => document === number),
  );
  const ofDeliveries = lines.filter(
    ({ delivery, changeSet }) => delivery !== undefined && changeSets.includes(changeSet as string),
  );
  return { changeSets, deliveries: valuesOf('delivery', ofDeliveries).sort(), ofDeliveries };
}

test('a digest names what it tells, and what fails or is not sent leads back to its change set', async () => {
  const database = await backends[0]!.open();
  closers.push(() => database.close());
  const answer: { refuse?: number } = {};
  const sink = await startSmtpSink(answer);
  closers.push(() => sink.close());
  const clock = { now: '2025-03-28T12:45:00.000Z' };
  const lines: LogLine[] = [];
  const parts = {
    ...openParts({
      database,
      // Nothing is asked of it.
      upstream: { url: 'http://127.0.0.1:9' } as StandIn,
      outbox: '/nonexistent',
      smtpUrl: sink.url,
      now: () => clock.now,
    }),
    log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
  };
  closers.push(() => parts.email.close());
  const subscribe = (target: string, schedule?: Schedule) =>
    addSubscription(parts.db, {
      ...{ target, filter: WHOLE_FILTER, createdAt: clock.now },
      ...(schedule === undefined ? {} : { schedule }),
    });
  await subscribe('daily@example.org', { mode: 'daily', at: '18:00', timeZone: 'Europe/Berlin' });
  const { subscriptionId } = await subscribe('soon@example.org');
  const rule = sampleChanges().filter(({ kind }) => kind === 'added');
  await store(
    parts,
    { changeSetId: 'cs_told', knownAt: clock.now },
    rule.map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change),
  );
  const [soon] = await notify(parts, 'cs_told');
  answer.refuse = 451;
  await deliver(parts, soon!);
  delete answer.refuse;
  await setSubscriptionStatus(parts.db, subscriptionId, 'paused', null);
  await deliver(parts, soon!);
  clock.now = '2025-03-28T17:30:00.000Z';
  const [digest] = await gatherDigests(parts);
  await deliver(parts, digest!);
  const told = lines.filter(({ delivery }) => delivery !== undefined);
  expect(told).toEqual([
    expect.objectContaining({ msg: 'delivery failed', delivery: soon, changeSet: 'cs_told', attempts: 1 }),
    expect.objectContaining({
      ...{ msg: 'delivery suppressed', delivery: soon, changeSet: 'cs_told', attempts: 2 },
      reason: 'the subscription is paused',
    }),
    expect.objectContaining({ msg: 'delivered', delivery: digest, changeSets: ['cs_told'] }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('@example.org');
});

test('the log of a service leads from the number of a document to its change set and to each delivery', {
  timeout: 180_000,
}, async () => {
  const today = easternDay(new Date().toISOString());
  const supplement = new URL('../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url);
  const upstream = await startStandIn({
    documents: [
      makeSmallRule({ number: APPLIED, publishedOn: today, startPage: 4_100, adds: ['Logged Optics'] }),
      makeSmallRule({
        ...{ number: HELD, publishedOn: today, startPage: 4_110 },
        ...{ adds: ['Doubtful Optics'], statedAdditions: 2 },
      }),
    ],
    supplements: [{ list: 'entity-list', from: addDays(today, -30), xml: await readFile(supplement) }],
    today,
  });
  closers.push(() => upstream.close());
  const answer: { refuse?: number } = {};
  const sink = await startSmtpSink(answer);
  closers.push(() => sink.close());
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-log-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const env = {
    DATA_DIR: dataDir,
    SMTP_URL: sink.url,
    PORT: '0',
    FEDERAL_REGISTER_URL: upstream.url,
    ECFR_URL: upstream.url,
    GOVINFO_URL: upstream.url,
    CSL_URL: upstream.url,
  };
  const look = async <Found>(see: (app: Awaited<ReturnType<typeof openApp>>) => Promise<Found>) => {
    const app = await openApp(readConfig({ ...env, LOG_LEVEL: 'silent' }));
    try {
      return await see(app);
    } finally {
      await app.close();
    }
  };
  await look(async ({ parts }) => {
    for (const [at, target] of ['one@example.org', 'two@example.org'].entries())
      await addSubscription(parts.db, {
        target,
        filter: WHOLE_FILTER,
        createdAt: parts.now(),
        // The notice that something is held goes to the first alone.
        notices: { held: at === 0, provisional: true, quietDays: false },
      });
  });

  const service = startElwatch(env);
  closers.push(() => service.kill());
  await until('three messages', () => sink.received.length >= 3, 120);
  await until('their lines', () => service.lines.filter(({ msg }) => msg === 'delivered').length >= 3, 60);
  expect(await service.stop()).toBe(0);

  const stored = await look(({ parts }) => listDeliveries(parts.db));
  for (const [number, count] of [
    [APPLIED, 2],
    [HELD, 1],
  ] as const) {
    const { changeSets, deliveries, ofDeliveries } = follow(service.lines, number);
    expect(changeSets, number).toEqual([`${today}.${number}.1`]);
    const wanted = stored.filter(({ changeSetId }) => changeSetId === changeSets[0]);
    expect(wanted).toHaveLength(count);
    expect(deliveries, number).toEqual(wanted.map(({ deliveryId }) => deliveryId).sort());
    for (const line of ofDeliveries)
      expect(line).toMatchObject({ msg: 'delivered', channel: 'email', outcome: 'sent', attempts: 1 });
  }
  expect(service.said()).not.toContain('@example.org');
});
