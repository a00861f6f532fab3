import { createServer } from 'node:net';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { loadBaseline } from '../../src/baseline.ts';
import { type Fault, type StandIn, startStandIn } from '../../src/demo/stand-in.ts';
import { createHttp } from '../../src/http.ts';
import { ingest } from '../../src/ingest.ts';
import { admitXml } from '../../src/parse/xml.ts';
import type { Parts } from '../../src/parts.ts';
import { poll } from '../../src/poll.ts';
import { createFederalRegister } from '../../src/source/federal-register.ts';
import { changeSetsOf } from '../../src/store/change-sets.ts';
import { currentEntries } from '../../src/store/entries.ts';
import { listSourceStates } from '../../src/store/source-state.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { openParts } from '../helpers/parts.ts';
import { placedEntry } from '../helpers/placed-entry.ts';
import { makeSmallRule } from '../helpers/small-rule.ts';
import { failureOf, openHttp } from '../helpers/upstream.ts';

const NUMBER = '2031-00001';
const ON = '2031-03-04';

describe.each(backends)('what comes in place of a document, on $name', ({ open }) => {
  let database: TestDatabase;
  let upstream: StandIn;
  let parts: Parts;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    upstream = await startStandIn({ documents: [], supplements: [], today: ON });
    upstream.addDocument(makeSmallRule());
    parts = openParts({
      ...{ database, upstream, outbox: '/nonexistent' },
      now: () => '2031-03-04T14:00:00.000Z',
    });
    await loadBaseline(parts, {
      list: 'entity-list',
      on: '2031-01-01',
      entries: [placedEntry('Old Lathe Works')],
      issues: [],
    });
  });
  afterEach(() => upstream.close());

  const bad: [Fault, code: string][] = [
    ['request-access-html', 'blocked-by-upstream'],
    ['empty', 'body-empty'],
    ['wrong-type', 'wrong-content-type'],
    ['truncate', 'body-truncated'],
    ['truncate-gzip', 'body-truncated'],
    [429, 'http-429'],
    [503, 'http-503'],
    ['reset', 'network-error'],
  ];
  const places = [
    ['record', `/api/v1/documents/${NUMBER}`],
    ['text', '/documents/full_text'],
  ] as const;
  test.each(places.flatMap(([what, path]) => bad.map(([fault, code]) => ({ what, path, fault, code }))))(
    '$fault in place of the $what changes nothing, and the document is read the next time',
    async ({ path, fault, code }) => {
      upstream.failNext(path, fault);
      expect(await failureOf(ingest(parts, NUMBER, ON))).toMatchObject({ code, retry: true });
      expect(await currentEntries(parts.db)).toHaveLength(1);
      expect(await changeSetsOf(parts.db, NUMBER, ON)).toEqual([]);
      expect(await poll(parts)).toMatchObject([{ number: NUMBER }]);
      expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
      expect(await currentEntries(parts.db)).toHaveLength(2);
    },
  );

  const inSearch: [Fault, code: RegExp][] = [
    [404, /404/u],
    [400, /400/u],
    [429, /429/u],
    [503, /503/u],
    ['stall', /timeout|answer/u],
    ['no-results-key', /unexpected-answer/u],
  ];
  test('a poll that fails is on record by its name each time, and the one after it finds what came', async () => {
    const http = createHttp({
      ...{ bases: [upstream.url], version: '0.0.0', contact: 'test', retry: { attempts: 1 } },
      ...{ pace: { perSecond: 1000, xmlPerSecond: 1000 }, timeouts: { headersMs: 200 } },
    });
    onTestFinished(() => http.close());
    const impatient = { ...parts, federalRegister: createFederalRegister({ http, baseUrl: upstream.url }) };
    const stateOf = async () =>
      (await listSourceStates(parts.db)).find(({ source }) => source === 'federal-register');
    for (const [fault, failure] of inSearch) {
      upstream.failNext('/api/v1/documents', fault);
      await failureOf(poll(impatient));
      expect((await stateOf())?.failure, String(fault)).toMatch(failure);
    }
    const nobody = createFederalRegister({ http, baseUrl: upstream.url.replace(/\d+$/u, '9') });
    await failureOf(poll({ ...parts, federalRegister: nobody }));
    expect(await poll(impatient)).toMatchObject([{ number: NUMBER, why: 'new' }]);
    expect(await stateOf()).toMatchObject({ failure: null });
  });
});

describe('a site that asks to be left alone', () => {
  const options = { accept: 'json', maxBytes: 1_000_000, timeoutMs: 5_000 } as const;
  afterEach(() => vi.useRealTimers());

  test.each([429, 503])('for ten minutes by a %i is not asked before that', async (status) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const upstream = await startStandIn({ documents: [makeSmallRule()], supplements: [], today: ON });
    onTestFinished(() => upstream.close());
    const get = () => http.get(`${upstream.url}/api/v1/documents/${NUMBER}.json`, options);
    const http = openHttp(upstream);
    upstream.failNext('/', { status, retryAfter: 600 });
    await failureOf(get());
    vi.setSystemTime(Date.now() + 500_000);
    expect(await failureOf(get())).toMatchObject({
      ...{ code: 'upstream-waits', retry: true, retryAfterSeconds: 100 },
    });
    expect(upstream.requests).toHaveLength(1);
    vi.setSystemTime(Date.now() + 101_000);
    expect((await get()).status).toBe(200);
  });
});

test('a site that asks to be left alone for a day is looked at after a quarter of an hour', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const upstream = await startStandIn({ documents: [makeSmallRule()], supplements: [], today: ON });
  onTestFinished(() => upstream.close());
  const http = openHttp(upstream);
  const options = { accept: 'json', maxBytes: 1_000_000, timeoutMs: 5_000 } as const;
  const get = () => http.get(`${upstream.url}/api/v1/documents/${NUMBER}.json`, options);
  upstream.failNext('/', { status: 503, retryAfter: 86_400 });
  await failureOf(get());
  vi.setSystemTime(Date.now() + 890_000);
  expect(await failureOf(get())).toMatchObject({ code: 'upstream-waits' });
  vi.setSystemTime(Date.now() + 11_000);
  expect((await get()).status).toBe(200);
});

describe('a length that is not the one of the body', () => {
  /** A server that sends these bytes to whoever asks, and ends the connection. */
  async function serveBytes(bytes: string): Promise<string> {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }
  const xml = '<RULE><P>text</P></RULE>';
  const answer = (length: number) =>
    `HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: ${length}\r\n\r\n${xml}`;
  const options = { accept: 'xml', maxBytes: 1_000_000, timeoutMs: 5_000 } as const;

  test('is refused where it says more than comes', async () => {
    const url = await serveBytes(answer(xml.length + 10));
    expect(await failureOf(openHttp({ url }).get(url, options))).toMatchObject({
      ...{ code: 'body-truncated', retry: true },
    });
  });

  test('leaves a text that is refused as cut where it says less', async () => {
    const url = await serveBytes(answer(xml.length - 3));
    const read = openHttp({ url })
      .get(url, options)
      .then(({ bytes }) => admitXml(bytes));
    expect(await failureOf(read)).toMatchObject({ code: 'not-well-formed', retry: true });
  });
});
