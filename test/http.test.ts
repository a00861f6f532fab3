import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../src/demo/stand-in.ts';
import { createHttp, getJson, type HttpOptions } from '../src/http.ts';
import { failureOf, makeDocument, openHttp, openUpstream } from './helpers/upstream.ts';

const RECORD = '/api/v1/documents/2025-00001.json';
const XML = '/documents/full_text/xml/2025/03/28/2025-00001.xml';
const JSON_OPTIONS = { accept: 'json', maxBytes: 1_000_000, timeoutMs: 5_000 } as const;
const XML_OPTIONS = { ...JSON_OPTIONS, accept: 'xml' } as const;

async function open(options: Partial<HttpOptions> = {}) {
  const standIn = await openUpstream({
    documents: [makeDocument({}, `<RULE>${'text '.repeat(2_000)}</RULE>`)],
  });
  const http = openHttp(standIn, options);
  return {
    standIn,
    http,
    getRecord: () => http.get(standIn.url + RECORD, JSON_OPTIONS),
    getXml: () => http.get(standIn.url + XML, XML_OPTIONS),
  };
}

/** A server of one answer, for what the stand-in is too well-behaved to send. */
async function serveRaw(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, http: openHttp({ url }) };
}

describe('a good answer', () => {
  test('comes decoded, with its type and address', async () => {
    const { standIn, getRecord, getXml } = await open();
    const record = await getRecord();
    expect(record).toMatchObject({
      status: 200,
      contentType: 'application/json; charset=utf-8',
      url: standIn.url + RECORD,
    });
    expect(JSON.parse(record.bytes.toString())).toMatchObject({ document_number: '2025-00001' });
    const xml = await getXml();
    expect(xml.headers['content-encoding']).toBe('gzip');
    expect(xml.bytes.toString()).toMatch(/^<RULE>text .*<\/RULE>$/u);
  });

  test('is asked for with a name and a way to reach us, for gzip, and without cookies', async () => {
    const { standIn, getRecord, http } = await open();
    await getRecord();
    expect(http.userAgent).toBe('entity-list-watch/0.0.1 (+https://elwatch.example)');
    expect(standIn.requests[0]!.headers).toMatchObject({
      'user-agent': http.userAgent,
      accept: 'application/json',
      'accept-encoding': 'gzip',
    });
    expect(standIn.requests[0]!.headers).not.toHaveProperty('cookie');
  });

  test('may be of brotli, and of no stated type where it looks right', async () => {
    const brotli = await serveRaw((_, response) =>
      response
        .writeHead(200, { 'content-encoding': 'br', 'content-type': 'text/xml' })
        .end(brotliCompressSync('<RULE/>')),
    );
    expect((await brotli.http.get(brotli.url, XML_OPTIONS)).bytes.toString()).toBe('<RULE/>');
    const plain = await serveRaw((_, response) => response.writeHead(200).end('{"count":0}'));
    expect((await plain.http.get(plain.url, JSON_OPTIONS)).bytes.toString()).toBe('{"count":0}');
  });
});

describe('a fault', () => {
  const faults: [Fault, string, retry: boolean][] = [
    [400, 'http-400', false],
    [403, 'http-403', false],
    [404, 'http-404', false],
    [406, 'http-406', false],
    [429, 'http-429', true],
    [500, 'http-500', true],
    [502, 'http-502', true],
    [503, 'http-503', true],
    [204, 'http-204', true],
    ['request-access-html', 'blocked-by-upstream', true],
    ['wrong-type', 'wrong-content-type', true],
    ['empty', 'body-empty', true],
    ['truncate', 'body-truncated', true],
    ['truncate-gzip', 'body-truncated', true],
    ['huge', 'body-too-large', false],
    ['gzip-bomb', 'body-too-large', false],
    ['reset', 'network-error', true],
    ['redirect:http://169.254.169.254/latest/meta-data/', 'host-not-allowed', false],
    ['redirect:http://www.federalregister.gov/', 'host-not-allowed', false],
    ['redirect:file:///etc/passwd', 'host-not-allowed', false],
    ['redirect:https://federalregister.gov.example.com/', 'host-not-allowed', false],
    ['redirect:https://www.federalregister.gov:8443/', 'host-not-allowed', false],
    ['redirect:https://user:pass@www.ecfr.gov/', 'host-not-allowed', false],
    ['redirect:http://[::1]/', 'host-not-allowed', false],
  ];
  test.each(faults)('%s becomes %s (retry %s)', async (fault, code, retry) => {
    const { standIn, getRecord } = await open();
    standIn.failNext('/', fault);
    const error = await failureOf(getRecord());
    expect(error).toMatchObject({ code, retry });
    expect(error.hint).not.toBe('');
    expect(standIn.requests).toHaveLength(1);
    expect((await getRecord()).status).toBe(200);
  });

  test.each([
    ['before the answer', 'stall'],
    ['in its body', 'stall-body'],
  ] as const)('of standing still %s becomes timeout', async (_, fault) => {
    const { standIn, http } = await open();
    standIn.failNext('/', fault);
    expect(
      await failureOf(http.get(standIn.url + RECORD, { ...JSON_OPTIONS, timeoutMs: 100 })),
    ).toMatchObject({ code: 'timeout', retry: true });
  });

  test('of a drip of bytes ends at the deadline too', async () => {
    const { url, http } = await serveRaw((_, response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    expect(await failureOf(http.get(url, { ...JSON_OPTIONS, timeoutMs: 300 }))).toMatchObject({
      code: 'timeout',
    });
  });

  test.each([
    [{ status: 400, message: "field 'x' not valid" }, "field 'x' not valid"],
    [{ errors: { agencies: 'invalid value' } }, 'agencies: invalid value'],
  ])('400 tells the message of %j', async (body, message) => {
    const { url, http } = await serveRaw((_, response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
    expect((await failureOf(http.get(url, JSON_OPTIONS))).message).toContain(message);
  });

  test('of a page for people is a block also where its status is 403', async () => {
    const page = '<html><head><title>Federal Register :: Request Access</title></head></html>';
    const { url, http } = await serveRaw((_, response) =>
      response.writeHead(403, { 'content-type': 'text/html' }).end(page),
    );
    expect(await failureOf(http.get(url, XML_OPTIONS))).toMatchObject({
      code: 'blocked-by-upstream',
      retry: true,
    });
  });

  test('of a page for people is a block also where it calls itself XML', async () => {
    const page = '<?xml version="1.0"?><x><title>Federal Register :: Request Access</title></x>';
    const { url, http } = await serveRaw((_, response) =>
      response.writeHead(200, { 'content-type': 'application/xml' }).end(page),
    );
    expect(await failureOf(http.get(url, XML_OPTIONS))).toMatchObject({ code: 'blocked-by-upstream' });
  });

  test('of bytes that are no gzip, or of stacked encodings, is body-corrupt', async () => {
    const answers = [
      { encoding: 'gzip', body: Buffer.from('not gzip at all') },
      { encoding: 'gzip, gzip', body: gzipSync(gzipSync('{}')) },
    ];
    for (const { encoding, body } of answers) {
      const { url, http } = await serveRaw((_, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding })
          .end(body),
      );
      expect(await failureOf(http.get(url, JSON_OPTIONS))).toMatchObject({ code: 'body-corrupt' });
    }
  });

  test('of a port where nobody listens is a network-error with its code', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((resolve) => server.close(resolve));
    expect(await failureOf(openHttp({ url }).get(url, JSON_OPTIONS))).toMatchObject({
      code: 'network-error',
      retry: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('of a name that does not resolve is a network-error', async () => {
    const url = 'http://elwatch.invalid';
    expect(await failureOf(openHttp({ url }).get(url, JSON_OPTIONS))).toMatchObject({
      code: 'network-error',
      retry: true,
    });
  });

  test('of half a JSON is invalid-json', async () => {
    const { standIn, http } = await open();
    standIn.failNext('/', 'invalid-json');
    expect(await failureOf(getJson(http, standIn.url + RECORD, JSON_OPTIONS))).toMatchObject({
      code: 'invalid-json',
      retry: true,
    });
  });
});

test.each([
  'https://example.org/',
  'http://127.0.0.1:1/',
  'http://www.federalregister.gov/',
  'https://notfederalregister.gov/',
  'https://ecfr.gov./',
  'ftp://www.ecfr.gov/',
  'javascript:alert(1)',
  'nonsense',
  '',
])('%s is never asked', async (address) => {
  const { standIn, http } = await open();
  expect(await failureOf(http.get(address, XML_OPTIONS))).toMatchObject({
    code: 'host-not-allowed',
    retry: false,
  });
  expect(standIn.requests).toHaveLength(0);
});

describe('redirects', () => {
  test('are followed within the sites, five times', async () => {
    const { standIn, http, getXml } = await open();
    standIn.failNext('/old', `redirect:${XML}`);
    expect((await http.get(`${standIn.url}/old`, XML_OPTIONS)).url).toBe(standIn.url + XML);
    standIn.failNext(XML, `redirect:${XML}`, 5);
    expect((await getXml()).status).toBe(200);
  });

  test('that go in a circle end, and are not tried again at once', async () => {
    const { standIn, getXml } = await open({ retry: { attempts: 3 } });
    standIn.failNext(XML, `redirect:${XML}`, 100);
    expect(await failureOf(getXml())).toMatchObject({ code: 'redirect-loop' });
    expect(standIn.requests).toHaveLength(6);
  });
});

test('redirects and refusals whose bodies never end hold no connection', async () => {
  const endless: RequestListener = (request, response) => {
    if (request.url === '/end')
      return void response.writeHead(200, { 'content-type': 'text/xml' }).end('<RULE/>');
    response.writeHead(request.url === '/redirect' ? 302 : 404, { location: '/end' });
    response.write('x'.repeat(100_000));
  };
  const { url, http } = await serveRaw(endless);
  for (let time = 0; time < 8; time++) {
    expect((await http.get(`${url}/redirect`, XML_OPTIONS)).bytes.toString()).toBe('<RULE/>');
    expect(await failureOf(http.get(`${url}/gone`, XML_OPTIONS))).toMatchObject({ code: 'http-404' });
  }
});

describe('the cap', () => {
  test.each(['huge', 'gzip-bomb'] as const)(
    'stops %s of 1 GB early, by bytes and by memory',
    async (fault) => {
      const { standIn, http } = await open();
      standIn.failNext('/', fault);
      const before = process.memoryUsage().rss;
      expect(
        await failureOf(
          http.get(standIn.url + XML, { ...XML_OPTIONS, maxBytes: 32 * 2 ** 20, timeoutMs: 20_000 }),
        ),
      ).toMatchObject({ code: 'body-too-large' });
      expect(standIn.requests[0]!.sentBytes).toBeLessThan(64 * 2 ** 20);
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
    },
  );

  test('refuses an announced size without reading it', async () => {
    let sent = 0;
    const { url, http } = await serveRaw((_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': 100 * 2 ** 20 });
      response.write('<', () => {
        sent += 1;
      });
    });
    expect(await failureOf(http.get(url, XML_OPTIONS))).toMatchObject({ code: 'body-too-large' });
    expect(sent).toBeLessThanOrEqual(1);
  });
});

describe('tries', () => {
  test('are three for what may pass, with a pause that grows', async () => {
    const pauses: number[] = [];
    const { standIn, getRecord } = await open({
      retry: { attempts: 3, delayMs: (tried) => tried * 10, sleep: async (ms) => void pauses.push(ms) },
    });
    standIn.failNext('/', 503, 2);
    expect((await getRecord()).status).toBe(200);
    expect(pauses).toEqual([10, 20]);
    standIn.failNext('/', 503, 3);
    expect(await failureOf(getRecord())).toMatchObject({ code: 'http-503' });
    expect(standIn.requests).toHaveLength(6);
  });

  test.each([404, 400, 403, 'request-access-html', 'huge'] as const)('are one for %s', async (fault) => {
    const { standIn, getRecord } = await open({ retry: { attempts: 3 } });
    standIn.failNext('/', fault, 3);
    await failureOf(getRecord());
    expect(standIn.requests).toHaveLength(1);
  });

  test('wait as long as a short Retry-After says, and leave a long one to the queue', async () => {
    const pauses: number[] = [];
    const { standIn, getRecord } = await open({
      retry: { attempts: 3, sleep: async (ms) => void pauses.push(ms) },
    });
    standIn.failNext('/', { status: 429, retryAfter: 7 });
    await getRecord();
    expect(pauses).toEqual([7_000]);
    standIn.failNext('/', { status: 503, retryAfter: 31 });
    expect(await failureOf(getRecord())).toMatchObject({
      code: 'http-503',
      retry: true,
      retryAfterSeconds: 31,
    });
    expect(pauses).toHaveLength(1);
  });

  test.each([
    ['120', 120],
    ['999999999', 3600],
    [new Date(Date.now() + 7_200_000).toUTCString(), 3600],
    [new Date(Date.now() - 60_000).toUTCString(), 0],
    ['soon', null],
  ])('read Retry-After: %s', async (retryAfter, seconds) => {
    const { standIn, getRecord } = await open();
    standIn.failNext('/', { status: 429, retryAfter });
    expect((await failureOf(getRecord())).retryAfterSeconds).toBe(seconds);
  });

  test('read the HTTP-date of a Retry-After to the second', async () => {
    const { standIn, getRecord } = await open();
    standIn.failNext('/', { status: 503, retryAfter: new Date(Date.now() + 90_000).toUTCString() });
    const { retryAfterSeconds } = await failureOf(getRecord());
    expect(retryAfterSeconds).toBeGreaterThan(85);
    expect(retryAfterSeconds).toBeLessThanOrEqual(90);
  });
});

describe('the pace', () => {
  const gapsOf = (times: number[]) => times.slice(1).map((at, index) => at - times[index]!);

  test('spaces requests of many callers evenly, tries included', async () => {
    const { standIn, getRecord } = await open({ pace: { perSecond: 20 }, retry: { attempts: 2 } });
    standIn.failNext('/', 500);
    await Promise.all(Array.from({ length: 8 }, getRecord));
    const gaps = gapsOf(standIn.requests.map(({ at }) => at));
    expect(gaps).toHaveLength(8);
    // 50 ms apart as they leave; what the network and two busy cores add or take is not ours.
    expect(Math.min(...gaps)).toBeGreaterThan(20);
    expect(standIn.requests.at(-1)!.at - standIn.requests[0]!.at).toBeGreaterThan(350);
  });

  test('holds XML to its own, slower rate', async () => {
    const { standIn, getRecord, getXml } = await open({ pace: { perSecond: 1_000, xmlPerSecond: 5 } });
    await Promise.all([getXml(), getXml(), getXml(), getRecord(), getRecord()]);
    const xml = standIn.requests.filter(({ path }) => path === XML).map(({ at }) => at);
    expect(Math.min(...gapsOf(xml))).toBeGreaterThan(150);
    const others = standIn.requests.filter(({ path }) => path === RECORD);
    expect(Math.max(...others.map(({ at }) => at))).toBeLessThan(xml[1]!);
  });
});

test('closing gives up what is under way and what waits', async () => {
  const { standIn, http, getRecord } = await open({ pace: { perSecond: 0.1 } });
  standIn.failNext('/', 'stall');
  const calls = [failureOf(getRecord()), failureOf(getRecord())];
  await expect.poll(() => standIn.requests.length).toBe(1);
  await http.close();
  expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(['closing', 'closing']);
  expect(await failureOf(getRecord())).toMatchObject({ code: 'closing' });
});

test('making a client asks nobody and refuses a base that is no address', () => {
  expect(() => createHttp({ bases: ['nonsense'], version: '1', contact: 'x' })).toThrow();
});
