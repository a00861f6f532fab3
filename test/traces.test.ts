import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openApp } from '../src/app.ts';
import { fetchBaseline, loadBaseline } from '../src/baseline.ts';
import { readConfig } from '../src/config.ts';
import { startStandIn } from '../src/demo/stand-in.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { startService } from '../src/service.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { subscribe } from '../src/subscribe.ts';
import { readSubscriptionRequest } from '../src/subscription-request.ts';
import { places } from './helpers/databases.ts';
import { type ReceivedSpan, startOtlpReceiver } from './helpers/otlp-receiver.ts';
import { startReceiver } from './helpers/receiver.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { startSmtpSink } from './helpers/smtp-sink.ts';
import { until } from './helpers/until.ts';

const NUMBER = '2025-05501';
const READER = 'reader@example.org';
const closers: (() => unknown)[] = [];
const later = <Thing>(thing: Thing, close: (thing: Thing) => unknown): Thing => {
  closers.push(() => close(thing));
  return thing;
};
// The packages read it by themselves, in milliseconds: a test need not wait five seconds for each handful of spans.
vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '100');
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A span and what led to it, the nearest first, each by its name. */
function pathOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? [span] : [span, ...pathOf(parent, spans)];
}

describe.each(places)('traces of a service on $name', ({ open }) => {
  test('show a rule as one trace, from the poll that found it to the mail and the webhook, and hold no address', {
    timeout: 180_000,
  }, async () => {
    const collector = later(await startOtlpReceiver(), (receiver) => receiver.close());
    const sink = later(await startSmtpSink(), (smtp) => smtp.close());
    const hook = later(await startReceiver(), (receiver) => receiver.close());
    const supplement = new URL('../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url);
    const upstream = later(
      await startStandIn({
        documents: [],
        supplements: [{ list: 'entity-list', from: '2025-03-24', xml: await readFile(supplement) }],
        today: '2025-03-28',
      }),
      (standIn) => standIn.close(),
    );
    const place = later(await open(), (opened) => opened.forget());
    const dataDir = later(await mkdtemp(join(tmpdir(), 'elwatch-traces-')), (path) =>
      rm(path, { recursive: true, force: true }),
    );
    const config = readConfig({
      DATA_DIR: dataDir,
      ...place.environment,
      SMTP_URL: sink.url,
      WEBHOOK_ALLOW_HOSTS: '127.0.0.1',
      PORT: '0',
      FEDERAL_REGISTER_URL: upstream.url,
      ECFR_URL: upstream.url,
      GOVINFO_URL: upstream.url,
      CSL_URL: upstream.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      LOG_LEVEL: 'silent',
    });
    const app = later(
      await openApp(config, {
        now: () => '2025-03-28T12:45:00.000Z',
        pace: { perSecond: 100, xmlPerSecond: 100 },
      }),
      (opened) => opened.close(),
    );
    await loadBaseline(app.parts, await fetchBaseline(app.parts, 'entity-list', '2025-03-24'));
    await addSubscription(app.parts.db, {
      target: READER,
      filter: WHOLE_FILTER,
      createdAt: app.parts.now(),
    });
    const target = `${hook.origin}/hook-of-a-reader`;
    const request = readSubscriptionRequest({ target, channel: 'webhook' });
    await subscribe(app.parts, request, 'operator', null);
    const service = later(
      await startService(app, {
        role: 'all',
        host: '127.0.0.1',
        everyMs: { poll: 200 },
        // A sweep may find what a job is about to hand on, which is no fault, but another trace.
        unscheduled: ['baseline', 'audit', 'sweep', 'inspect', 'digest', 'quiet', 'bounces'],
        ...(place.redisPrefix === undefined ? {} : { redisPrefix: place.redisPrefix }),
      }),
      (started) => started.close(),
    );
    const received = (name: string) => collector.spans.filter((span) => span.name === name);
    // The sweep that a worker begins with has ended by then.
    await until('the first sweep', () => received('process sweep').length > 0, 90);
    upstream.addDocument(
      makeSmallRule({ number: NUMBER, publishedOn: '2025-03-28', startPage: 4_100, adds: ['Traced Optics'] }),
    );
    await until('mail and post', () => sink.received.length > 0 && hook.received.length > 0, 90);
    await until('the spans of both', () => received('process post').length > 0, 90);
    await service.close();

    const [posted] = received('process post');
    const path = pathOf(posted!, collector.spans);
    expect(path.map(({ name }) => name)).toEqual([
      'process post',
      'add post.post',
      'process deliver',
      'addBulk deliver',
      'process notify',
      'add notify.notify',
      'process ingest',
      'add ingest.ingest',
      'process poll',
    ]);
    expect(path.at(-1)!.parentSpanId).toBeNull();
    expect(new Set(path.map(({ traceId }) => traceId)).size).toBe(1);
    const idsOf = (name: string) =>
      path.filter((span) => span.name === name).map(({ attributes }) => attributes['bullmq.job.id']);
    expect(idsOf('process ingest')).toEqual([`ingest_2025-03-28_${NUMBER}`]);
    expect(idsOf('process notify')).toEqual([`notify_2025-03-28.${NUMBER}.1`]);
    // The mail has a job of its own beside that of the post, under the same notifier.
    const delivered = received('process deliver');
    expect(delivered).toHaveLength(2);
    for (const span of delivered)
      expect(pathOf(span, collector.spans).slice(1)).toContainEqual(
        path.find(({ name }) => name === 'process notify'),
      );
    expect(posted!.resource).toMatchObject({
      'service.name': 'entity-list-watch',
      'service.version': expect.stringMatching(/^\d/u),
    });

    // Each poll begins a trace: the schedule that brings them is none that goes on for ever.
    const polls = received('process poll');
    expect(polls.length).toBeGreaterThan(1);
    expect(new Set(polls.map(({ traceId }) => traceId)).size).toBe(polls.length);
    expect(
      collector.spans.filter(({ name, parentSpanId }) => name === 'getNextJob' && !parentSpanId),
    ).toEqual([]);
    for (const secret of [READER, 'hook-of-a-reader'])
      expect(collector.bodies.join('')).not.toContain(secret);
  });
});
