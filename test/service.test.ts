import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type App, openApp } from '../src/app.ts';
import { fetchBaseline, loadBaseline } from '../src/baseline.ts';
import { readConfig } from '../src/config.ts';
import { startStandIn } from '../src/demo/stand-in.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { repeat, startService } from '../src/service.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { currentEntries } from '../src/store/entries.ts';
import { listSourceStates } from '../src/store/source-state.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { places } from './helpers/databases.ts';
import { startSmtpSink } from './helpers/smtp-sink.ts';
import { until } from './helpers/until.ts';

const fixtures = new URL('../fixtures/', import.meta.url);
const closers: (() => unknown)[] = [];
const later = <Thing>(thing: Thing, close: (thing: Thing) => unknown): Thing => {
  closers.push(() => close(thing));
  return thing;
};

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function readRule(number: string) {
  return {
    record: JSON.parse(await readFile(new URL(`rules/${number}/source.json`, fixtures), 'utf8')),
    xml: await readFile(new URL(`rules/${number}/source.xml`, fixtures)),
  };
}

async function startUpstream() {
  const xml = await readFile(new URL('list/supplement-4-2025-03-24.xml.gz', fixtures));
  return later(
    await startStandIn({
      documents: [await readRule('2025-05426'), await readRule('2025-05427')],
      supplements: [{ list: 'entity-list', from: '2025-03-24', xml }],
      today: '2025-03-28',
    }),
    (standIn) => standIn.close(),
  );
}

describe.each(places)('the service with its store and queue on $name', ({ open }) => {
  async function startAll() {
    const upstream = await startUpstream();
    const sink = later(await startSmtpSink(), (smtp) => smtp.close());
    const place = later(await open(), (opened) => opened.forget());
    const dataDir = later(await mkdtemp(join(tmpdir(), 'elwatch-test-')), (path) =>
      rm(path, { recursive: true, force: true }),
    );
    const config = readConfig({
      DATA_DIR: dataDir,
      ...place.environment,
      SMTP_URL: sink.url,
      MAIL_FROM: 'Alerts <alerts@example.org>',
      PORT: '0',
      BASE_URL: 'http://elwatch.example.org',
      FEDERAL_REGISTER_URL: upstream.url,
      ECFR_URL: upstream.url,
      GOVINFO_URL: upstream.url,
      CSL_URL: upstream.url,
      LOG_LEVEL: 'silent',
    });
    const app: App = later(
      await openApp(config, {
        now: () => '2025-03-28T12:45:00.000Z',
        pace: { perSecond: 100, xmlPerSecond: 100 },
      }),
      (opened) => opened.close(),
    );
    await loadBaseline(app.parts, await fetchBaseline(app.parts, 'entity-list', '2025-03-24'));
    const start = () =>
      startService(app, {
        role: 'all',
        host: '127.0.0.1',
        everyMs: { poll: 200, inspect: 200, sweep: 200 },
        unscheduled: ['baseline', 'audit'],
        ...(place.redisPrefix === undefined ? {} : { redisPrefix: place.redisPrefix }),
      });
    return { app, upstream, sink, start };
  }

  test('tells a filing on public inspection through its scheduled job, and measures the lead', async () => {
    const { app, upstream, sink, start } = await startAll();
    await addSubscription(app.parts.db, {
      target: 'all@example.org',
      filter: WHOLE_FILTER,
      createdAt: app.parts.now(),
    });
    later(await start(), (started) => started.close());
    // The two rules first, so that nothing else is on its way.
    await until('the rules', () => sink.received.length >= 2);
    const filed = Date.now();
    upstream.addFiling({
      record: {
        document_number: '2025-09999',
        title: 'Additions to the Entity List',
        type: 'Rule',
        agencies: [{ name: 'Industry and Security Bureau', slug: 'industry-and-security-bureau' }],
        filed_at: '2025-03-28T08:45:00.000-04:00',
        filing_type: 'special',
        publication_date: '2025-03-31',
      },
      text: (await readFile(new URL('filings/2025-05427.txt', fixtures), 'utf8')).replaceAll(
        '2025-05427',
        '2025-09999',
      ),
    });
    await until('the provisional notice', () => sink.received.length >= 3);
    const lead = Date.now() - filed;
    console.log(`a filing is handed to the mail server ${lead} ms after it was put up, looks every 200 ms`);
    expect(lead).toBeLessThan(60_000);
    expect(sink.received.at(-1)!.mail.subject).toMatch(
      /^Provisional: BIS filing 2025-09999 says it adds 12 entities/u,
    );
  });

  test('turns two rules at the Federal Register into list changes, mail and feed entries', async () => {
    const { app, sink, start } = await startAll();
    const { db } = app.parts;
    const before = (await currentEntries(db)).length;
    const filter = WHOLE_FILTER;
    await addSubscription(db, { target: 'all@example.org', filter, createdAt: app.parts.now() });
    await addSubscription(db, {
      target: 'taiwan@example.org',
      filter: { ...filter, countries: ['TW'] },
      createdAt: app.parts.now(),
    });
    await addSubscription(db, {
      target: 'many@example.org',
      filter: { ...filter, minimumCount: 50 },
      createdAt: app.parts.now(),
    });
    const service = later(await start(), (started) => started.close());

    await until('four messages', () => sink.received.length >= 4);
    await until('the ledger', async () => (await listDeliveries(db)).every((one) => one.status === 'sent'));

    const subjects = sink.received.map(({ to, mail }) => `${to[0]}: ${mail.subject}`).sort();
    expect(subjects).toEqual([
      'all@example.org: BIS adds 12 entities to the Entity List: China 11, Taiwan 1',
      expect.stringMatching(
        /^all@example\.org: BIS adds 70 entities to the Entity List: China 42, Pakistan 19, /u,
      ),
      expect.stringMatching(/^many@example\.org: BIS adds 70 entities/u),
      'taiwan@example.org: BIS adds 1 entity to the Entity List: Taiwan 1',
    ]);
    const large = sink.received.find(
      ({ to, mail }) => to[0] === 'all@example.org' && mail.subject?.includes('70'),
    )!;
    expect(large.mail.text).toContain('70 of 70 stated additions found');
    expect(large.mail.text).toContain('4 of 4 stated revisions found');
    expect(
      large.mail.attachments[0]?.content.toString('utf8').trim().split('\r\n').length ?? 0,
    ).toBeGreaterThanOrEqual(75);
    expect(large.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/mu);

    expect((await currentEntries(db)).length).toBe(before + 82);
    const feed = (await (await fetch(`${service.url}/feed.json`)).json()) as { items: { title: string }[] };
    expect(feed.items.map((item) => item.title).sort()).toEqual([
      'BIS adds 12 entities to the Entity List: China 11, Taiwan 1',
      expect.stringContaining('BIS adds 70 entities'),
    ]);
    const api = (await (await fetch(`${service.url}/api/v1/changes?after=0&limit=1000`)).json()) as {
      changes: { kind: string; country: string }[];
    };
    expect(api.changes.filter((change) => change.kind === 'added')).toHaveLength(82);
    expect(api.changes.filter((change) => change.kind === 'added' && change.country === 'CN')).toHaveLength(
      53,
    );
    expect(api.changes.filter((change) => change.kind === 'revised')).toHaveLength(4);
  });

  test('sends nothing twice when it is stopped and started again', async () => {
    const { app, sink, start } = await startAll();
    const filter = WHOLE_FILTER;
    await addSubscription(app.parts.db, { target: 'all@example.org', filter, createdAt: app.parts.now() });
    const first = await start();
    await until('two messages', () => sink.received.length >= 2);
    await first.close();
    const second = later(await start(), (started) => started.close());
    await until('another poll', async () => (await fetch(`${second.url}/readyz`)).ok);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(sink.received).toHaveLength(2);
  });
});

describe('a process with pages alone', () => {
  const ADMIN = 'an-admin-token-that-is-long-enough';

  async function startPages(environment: Record<string, string>, redisPrefix?: string) {
    const dataDir = later(await mkdtemp(join(tmpdir(), 'elwatch-test-')), (path) =>
      rm(path, { recursive: true, force: true }),
    );
    const unreachable = 'http://127.0.0.1:9';
    const config = readConfig({
      ...{ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent', ADMIN_TOKEN: ADMIN, ...environment },
      ...{ FEDERAL_REGISTER_URL: unreachable, ECFR_URL: unreachable },
      ...{ GOVINFO_URL: unreachable, CSL_URL: unreachable },
    });
    const app = later(await openApp(config), (opened) => opened.close());
    const prefix = redisPrefix === undefined ? {} : { redisPrefix };
    const web = later(await startService(app, { role: 'web', host: '127.0.0.1', ...prefix }), (started) =>
      started.close(),
    );
    const signedIn = await fetch(`${web.url}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token: ADMIN }),
      redirect: 'manual',
    });
    const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
    const ask = (path: string, form?: URLSearchParams) =>
      fetch(`${web.url}${path}`, {
        ...(form === undefined ? {} : { method: 'POST', body: form }),
        headers: { cookie },
      });
    return { app, prefix, ask };
  }

  test.each(places)('shows the queues on $name and can have the sources checked', async ({ open }) => {
    const place = later(await open(), (opened) => opened.forget());
    const { app, prefix, ask } = await startPages(place.environment, place.redisPrefix);
    await until('the queues', async () =>
      (await (await ask('/operator/queues/api/queues')).text()).includes('"name":"poll"'),
    );
    const csrf = /name="csrf" value="([^"]+)"/u.exec(await (await ask('/operator/sources')).text())![1]!;
    expect(await (await ask('/operator/sources/check', new URLSearchParams({ csrf }))).text()).toContain(
      'are being asked',
    );
    // It has put them into the queue, and a worker takes them from there.
    const asked = async () => (await listSourceStates(app.parts.db)).some(({ failure }) => failure !== null);
    expect(await asked()).toBe(false);
    later(await startService(app, { role: 'worker', ...prefix }), (started) => started.close());
    await until('a source that was asked', asked);
  });

  test('begins while Redis is away, and says so where the queues would be', async () => {
    const { ask } = await startPages({ REDIS_URL: 'redis://127.0.0.1:9' });
    const queues = await ask('/operator/queues');
    expect(queues.status).toBe(404);
    expect(await queues.text()).toContain('does not see the queue yet');
    expect(await (await ask('/operator/sources')).text()).toContain('does not see the queue yet');
  });
});

test('a role does its part and no other', async () => {
  const dataDir = later(await mkdtemp(join(tmpdir(), 'elwatch-test-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const unreachable = 'http://127.0.0.1:9';
  const config = readConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'silent',
    FEDERAL_REGISTER_URL: unreachable,
    ECFR_URL: unreachable,
    GOVINFO_URL: unreachable,
    CSL_URL: unreachable,
  });
  const app = later(await openApp(config), (opened) => opened.close());
  const web = await startService(app, { role: 'web', host: '127.0.0.1' });
  expect(web.queue).toBeNull();
  expect((await fetch(`${web.url}/livez`)).status).toBe(200);
  await web.close();
  const scheduler = await startService(app, { role: 'scheduler' });
  expect(scheduler.url).toBeNull();
  expect((await scheduler.queue!.queue('poll').getJobSchedulers()).map((one) => one.key)).toEqual([
    'every-poll',
  ]);
  await scheduler.close();
  const worker = await startService(app, { role: 'worker' });
  expect(worker.url).toBeNull();
  // The poll that the scheduler left in the queue is run by the worker, and its failure is on record.
  await until('the failed poll', async () =>
    (await listSourceStates(app.parts.db)).some((state) => state.failure?.includes('network-error')),
  );
  await worker.close();
});

describe('what a process looks after by its own clock', () => {
  test('is waited for at the end where it is under way, and not for long where it hangs', async () => {
    let looks = 0;
    let finish!: () => void;
    const stop = repeat(
      5,
      () => {
        looks += 1;
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
      () => {},
      60_000,
    );
    await until('a look', () => looks === 1);
    let isStopped = false;
    const stopping = stop().then(() => {
      isStopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isStopped).toBe(false);
    finish();
    await stopping;
    expect(looks).toBe(1);

    const stopHanging = repeat(
      5,
      () => {
        looks += 1;
        return new Promise<void>(() => {});
      },
      () => {},
      20,
    );
    await until('another look', () => looks === 2);
    await stopHanging();
  });
});
