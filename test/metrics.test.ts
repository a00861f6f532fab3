import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deliver } from '../src/deliver.ts';
import type { StandIn } from '../src/demo/stand-in.ts';
import { CHANNELS, WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import { startMetricsServer } from '../src/observe/metrics-server.ts';
import type { Parts } from '../src/parts.ts';
import { openQueue, type QueueConnection } from '../src/queue.ts';
import { openIssue } from '../src/store/issues.ts';
import { recordFailure, recordSuccess } from '../src/store/source-state.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { store } from './helpers/api.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { sampleChanges } from './helpers/sample-changes.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.each(backends)('metrics on $name', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  const mail: { refuse?: number } = {};
  const clock = { now: '' };
  beforeAll(async () => {
    database = await open();
    sink = await startSmtpSink(mail);
  });
  afterAll(async () => {
    await sink.close();
    await database.close();
  });
  beforeEach(async () => {
    await database.empty();
    clock.now = '2025-03-28T12:45:00.000Z';
    delete mail.refuse;
  });

  async function setUp(queue: QueueConnection | null = null) {
    const parts = openParts({
      database,
      // Nothing is asked of it.
      upstream: { url: 'http://127.0.0.1:9' } as StandIn,
      outbox: '/nonexistent',
      smtpUrl: sink.url,
      now: () => clock.now,
    });
    closers.push(() => parts.email.close());
    return { parts, ...(await serve(parts, queue)) };
  }

  async function serve(parts: Parts, queue: QueueConnection | null = null) {
    const server = await startMetricsServer({
      ...{ metrics: parts.metrics, db: parts.db, now: parts.now, log: parts.log },
      version: '1.2.3',
      host: '127.0.0.1',
      port: 0,
      queues: () => (queue === null ? null : { connection: queue, names: ['poll', 'deliver'] }),
    });
    closers.push(() => server.close());
    const scrape = async () => readSamples(await (await fetch(server.url)).text());
    return { server, scrape };
  }

  const later = (seconds: number) => {
    clock.now = new Date(Date.parse(clock.now) + seconds * 1000).toISOString();
  };
  const rule = (parts: Parts, changeSetId: string) =>
    store(
      parts,
      { changeSetId, knownAt: clock.now },
      sampleChanges()
        .filter(({ kind }) => kind === 'added')
        .map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change),
    );

  test('answer in the text format, about the process too, and nothing else on that port', async () => {
    const { server } = await setUp();
    const answer = await fetch(server.url);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    expect(text).toContain('# TYPE elwatch_delivery_latency_seconds histogram');
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.e+-]+$/mu);
    expect(text).toContain('elwatch_build_info{version="1.2.3"} 1');
    expect((await fetch(server.url.replace('/metrics', '/'))).status).toBe(404);
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(404);
  });

  test('tell when each source answered last, and how long it may be silent', async () => {
    const { parts, scrape } = await setUp();
    await recordSuccess(parts.db, 'federal-register', clock.now);
    await recordFailure(parts.db, 'csl', clock.now, 'http-503: busy');
    const samples = await scrape();
    const at = Date.parse(clock.now) / 1000;
    expect(samples.get('elwatch_source_last_success_timestamp_seconds{source="federal-register"}')).toBe(at);
    expect(samples.get('elwatch_source_last_success_timestamp_seconds{source="public-inspection"}')).toBe(0);
    expect(samples.get('elwatch_source_patience_seconds{source="federal-register"}')).toBe(3600);
    expect(samples.get('elwatch_source_failing{source="csl"}')).toBe(1);
    expect(samples.get('elwatch_source_failing{source="federal-register"}')).toBe(0);
    expect([...samples.keys()].filter((name) => name.includes('bounce-mailbox'))).toEqual([]);
  });

  test('tell when each source was asked last, whatever it answered, and how often it is asked at that hour', async () => {
    const { parts, scrape } = await setUp();
    const at = Date.parse(clock.now) / 1000;
    await recordSuccess(parts.db, 'federal-register', clock.now);
    await recordSuccess(parts.db, 'csl', clock.now);
    later(120);
    await recordFailure(parts.db, 'federal-register', clock.now, 'http-503: busy');
    const samples = await scrape();
    expect(samples.get('elwatch_source_last_success_timestamp_seconds{source="federal-register"}')).toBe(at);
    expect(samples.get('elwatch_source_last_asked_timestamp_seconds{source="federal-register"}')).toBe(
      at + 120,
    );
    expect(samples.get('elwatch_source_last_asked_timestamp_seconds{source="public-inspection"}')).toBe(0);
    // 8:47 in Washington on a Friday, and 23:00 of the same day.
    const ofInspection = 'elwatch_source_window_seconds{source="public-inspection"}';
    expect(samples.get(ofInspection)).toBe(10 * 60);
    clock.now = '2025-03-29T03:00:00.000Z';
    expect((await scrape()).get(ofInspection)).toBe(45 * 60);
    expect(samples.has('elwatch_source_window_seconds{source="csl"}')).toBe(false);
  });

  test('begin every count at nought, so that the first event is an increase', async () => {
    const { scrape } = await setUp();
    const samples = await scrape();
    for (const channel of CHANNELS) {
      for (const outcome of ['sent', 'due', 'failed', 'suppressed'])
        expect(samples.get(`elwatch_delivery_tries_total{channel="${channel}",outcome="${outcome}"}`)).toBe(
          0,
        );
      expect(samples.get(`elwatch_delivery_latency_seconds_count{channel="${channel}"}`)).toBe(0);
    }
    for (const since of ['filed', 'published'])
      expect(samples.get(`elwatch_detection_lag_seconds_count{since="${since}"}`)).toBe(0);
    for (const cause of ['rule', 'upload', 'demand'])
      expect(samples.get(`elwatch_screening_duration_seconds_count{cause="${cause}"}`)).toBe(0);
  });

  test('follow a rule from its print to the mail server', async () => {
    const { parts, scrape } = await setUp();
    await addSubscription(parts.db, { target: 'a@example.org', filter: WHOLE_FILTER, createdAt: clock.now });
    await rule(parts, 'cs_observed');
    expect((await scrape()).get('elwatch_change_sets_untold')).toBe(1);
    const [deliveryId] = await notify(parts, 'cs_observed');
    await notify(parts, 'cs_observed');
    later(90);
    const before = await scrape();
    expect(before.get('elwatch_change_sets_untold')).toBe(0);
    expect(before.get('elwatch_change_sets_unscreened')).toBe(1);
    expect(before.get('elwatch_deliveries_waiting{status="due"}')).toBe(1);
    expect(before.get('elwatch_delivery_overdue_seconds')).toBe(90);
    // Printed on the day that began at 0:00 in Washington, 4:00 UTC; told once, however often it is notified.
    expect(before.get('elwatch_detection_lag_seconds_count{since="published"}')).toBe(1);
    expect(before.get('elwatch_detection_lag_seconds_sum{since="published"}')).toBeCloseTo(8.75 * 3600, 0);

    mail.refuse = 451;
    expect(await deliver(parts, deliveryId!)).toBe('due');
    delete mail.refuse;
    later(3600);
    expect(await deliver(parts, deliveryId!)).toBe('sent');
    expect(sink.received).toHaveLength(1);
    const after = await scrape();
    expect(after.get('elwatch_delivery_tries_total{channel="email",outcome="due"}')).toBe(1);
    expect(after.get('elwatch_delivery_tries_total{channel="email",outcome="sent"}')).toBe(1);
    expect(after.get('elwatch_delivery_latency_seconds_sum{channel="email"}')).toBe(3690);
    expect(after.get('elwatch_delivery_latency_seconds_count{channel="email"}')).toBe(1);
    expect(after.get('elwatch_deliveries_waiting{status="due"}')).toBe(0);
    expect(after.get('elwatch_delivery_overdue_seconds')).toBe(0);
    expect(after.get('elwatch_list_entries{list="entity-list"}')).toBe(
      sampleChanges().filter(({ kind, list }) => kind === 'added' && list === 'entity-list').length,
    );
  });

  test('count open issues by code', async () => {
    const { parts, scrape } = await setUp();
    await openIssue(parts.db, {
      ...{ number: '2025-1', publishedOn: '2025-03-28', code: 'unknown-word', holds: true },
      ...{ message: 'a word', excerpt: null, locator: null, openedAt: clock.now },
    });
    expect((await scrape()).get('elwatch_issues_open{code="unknown-word"}')).toBe(1);
  });

  test('show the depth of the queues of the process', async () => {
    const queue = await openQueue({
      postgresPool: database.queuePool,
      log: { info() {}, warn() {}, error() {} },
    });
    closers.push(() => queue.close());
    await queue.add('deliver', 'deliver', {}, { jobId: 'deliver_metrics' });
    await queue.add('poll', 'poll', {}, { jobId: 'poll_metrics', delayMs: 60_000 });
    const { scrape } = await setUp(queue);
    const samples = await scrape();
    expect(samples.get('elwatch_queue_jobs{queue="deliver",state="waiting"}')).toBe(1);
    expect(samples.get('elwatch_queue_jobs{queue="poll",state="delayed"}')).toBe(1);
    expect(samples.get('elwatch_queue_jobs{queue="poll",state="waiting"}')).toBe(0);
  });
});

test('a store that does not answer is told as such, and nothing old is shown of it', async () => {
  const database = await backends[0]!.open();
  const parts = openParts({
    database,
    upstream: { url: 'http://127.0.0.1:9' } as StandIn,
    outbox: '/nonexistent',
    now: () => '2025-03-28T12:45:00.000Z',
  });
  await recordSuccess(parts.db, 'federal-register', parts.now());
  const server = await startMetricsServer({
    ...{ metrics: parts.metrics, db: parts.db, now: parts.now, log: parts.log },
    ...{ version: '1.2.3', host: '127.0.0.1', port: 0, queues: () => null },
  });
  closers.push(() => server.close());
  const scrape = async () => readSamples(await (await fetch(server.url)).text());
  expect((await scrape()).get('elwatch_store_up')).toBe(1);
  await database.close();
  const samples = await scrape();
  expect(samples.get('elwatch_store_up')).toBe(0);
  expect(samples.get('elwatch_documents_held')).toBeNaN();
  expect([...samples.keys()].filter((name) => name.includes('federal-register'))).toEqual([]);
  expect(samples.get('process_start_time_seconds')).toBeGreaterThan(0);
});

test('a port that is taken is told with what to do', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => other.close(resolve)));
  const database = await backends[0]!.open();
  closers.push(() => database.close());
  const parts = openParts({
    database,
    upstream: { url: 'http://127.0.0.1:9' } as StandIn,
    outbox: '/nonexistent',
    now: () => '2025-03-28T12:45:00.000Z',
  });
  const { port } = other.address() as AddressInfo;
  await expect(
    startMetricsServer({
      ...{ metrics: parts.metrics, db: parts.db, now: parts.now, log: parts.log },
      ...{ version: '1.2.3', host: '127.0.0.1', port, queues: () => null },
    }),
  ).rejects.toMatchObject({ code: 'port-in-use', hint: expect.stringContaining('METRICS_PORT') });
});

/** Samples by their name with labels. */
function readSamples(text: string): Map<string, number> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        const value = line.slice(at + 1);
        return [line.slice(0, at), value === 'Nan' || value === 'NaN' ? Number.NaN : Number(value)];
      }),
  );
}
