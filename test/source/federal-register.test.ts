import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StandIn } from '../../src/demo/stand-in.ts';
import type { HttpOptions } from '../../src/http.ts';
import { createFederalRegister } from '../../src/source/federal-register.ts';
import { failureOf, makeDocument, openHttp, openUpstream } from '../helpers/upstream.ts';

const SEARCH = '/api/v1/documents.json';
const MARCH = { from: '2025-03-01', to: '2025-03-31' };
const pad = (number: number) => String(number).padStart(5, '0');

async function open(documents = [makeDocument({})], options: Partial<HttpOptions> = {}) {
  const standIn = await openUpstream({ documents });
  return {
    standIn,
    client: createFederalRegister({ http: openHttp(standIn, options), baseUrl: standIn.url }),
  };
}

/** Does something to the stand-in just before it answers its nth request. */
function beforeRequest(standIn: StandIn, nth: number, act: () => void): void {
  const push = standIn.requests.push.bind(standIn.requests);
  standIn.requests.push = (...entries) => {
    if (standIn.requests.length === nth - 1) act();
    return push(...entries);
  };
}

/** So many documents, spread over days from 2025-01-01 on. */
function makeMany(count: number, days: number) {
  return Array.from({ length: count }, (_, index) => {
    const on = new Date(Date.UTC(2025, 0, 1 + Math.floor((index * days) / count))).toISOString().slice(0, 10);
    return makeDocument({
      document_number: `2025-${pad(index + 1)}`,
      publication_date: on,
      start_page: index + 1,
    });
  });
}

describe('a search for rules', () => {
  test('finds those of BIS and those on part 744, each once, in the order of print', async () => {
    const { client } = await open([
      makeDocument({ document_number: '2025-00009', start_page: 300 }),
      makeDocument({ document_number: '2025-00007', start_page: 300 }),
      makeDocument({ document_number: '2025-00008', start_page: null }),
      makeDocument({ document_number: '2025-00006', start_page: 200, agencies: [{ raw_name: 'OFR' }] }),
      makeDocument({
        document_number: '2025-00005',
        publication_date: '2025-03-27',
        start_page: 999,
        cfr_references: [],
      }),
      makeDocument({ document_number: '2025-00004', type: 'Notice' }),
      makeDocument({
        document_number: '2025-00003',
        agencies: [],
        cfr_references: [{ title: 15, part: 740 }],
      }),
      makeDocument({ document_number: '2025-00002', publication_date: '2025-02-28' }),
      makeDocument({ document_number: '2025-00001', publication_date: '2025-04-01' }),
    ]);
    const found = await client.searchRules(MARCH);
    expect(found.map(({ number }) => number)).toEqual([
      '2025-00005',
      '2025-00006',
      '2025-00007',
      '2025-00009',
      '2025-00008',
    ]);
  });

  test('finds corrections of part 744 by the Office of the Federal Register, and a document without a title', async () => {
    const { client } = await open([
      makeDocument({ document_number: 'C1-2025-00001', type: 'Correction', agencies: [], start_page: 1 }),
      makeDocument({ document_number: '2025-00002', title: null, start_page: 2 }),
      makeDocument({ document_number: '2025-00003', type: 'Proposed Rule' }),
      makeDocument({ document_number: '2025-00004', type: 'Notice', agencies: [] }),
    ]);
    const found = await client.searchRules(MARCH);
    expect(found.map(({ number, title }) => [number, title])).toEqual([
      ['C1-2025-00001', 'Additions to the Entity List'],
      ['2025-00002', '[No title available]'],
    ]);
  });

  test('gives each document with its fields, and the record without page views', async () => {
    const { standIn, client } = await open([
      makeDocument({ document_number: 'E8–19102', effective_on: '2025-03-25' }),
      makeDocument({ document_number: '2025-00002' }, null),
    ]);
    const [late, early] = await client.searchRules(MARCH);
    expect(late).toMatchObject({ number: '2025-00002', xmlUrl: null, effectiveOn: null });
    expect(early).toMatchObject({
      number: 'E8-19102',
      publishedOn: '2025-03-28',
      title: 'Additions to the Entity List',
      type: 'Rule',
      effectiveOn: '2025-03-25',
      startPage: 100,
    });
    expect(early!.xmlUrl).toMatch(new RegExp(`^${standIn.url}/documents/full_text/xml/2025/03/28/`, 'u'));
    expect(early!.record).toMatchObject({ document_number: 'E8–19102' });
    expect(early!.record).not.toHaveProperty('page_views');
  });

  test('asks in a fixed order, for named fields, past proxies, and never by term', async () => {
    const { standIn, client } = await open();
    await client.searchRules(MARCH);
    expect(standIn.requests).toHaveLength(2);
    const conditions = standIn.requests.map(({ path }) =>
      [...new URL(path, standIn.url).searchParams]
        .filter(([key]) => /^conditions\[(?!pub)/u.test(key))
        .map(([, value]) => value),
    );
    expect(conditions).toEqual([
      ['industry-and-security-bureau', 'RULE'],
      ['15', '744'],
    ]);
    for (const { path, headers } of standIn.requests) {
      const query = new URL(path, standIn.url).searchParams;
      expect(query.get('order')).toBe('oldest');
      expect(query.get('per_page')).toBe('1000');
      expect(query.getAll('fields[]')).toContain('full_text_xml_url');
      expect(path).not.toContain('term');
      expect(headers['cache-control']).toBe('no-cache');
    }
  });

  test('finds nothing where there is nothing, and asks nothing for a window that ends before it begins', async () => {
    const { standIn, client } = await open([]);
    expect(await client.searchRules(MARCH)).toEqual([]);
    expect(standIn.requests).toHaveLength(2);
    expect(await client.searchRules({ from: '2025-03-02', to: '2025-03-01' })).toEqual([]);
    expect(standIn.requests).toHaveLength(2);
  });

  test.each(['2025-02-30', '2025-3-1', 'today', ''])('refuses the day "%s"', async (from) => {
    const { client } = await open();
    expect(await failureOf(client.searchRules({ from, to: '2025-03-31' }))).toMatchObject({
      code: 'bad-argument',
      retry: false,
    });
  });
});

describe('a large window', () => {
  test('of 2,300 documents is halved until each part is below 1,000', async () => {
    const { standIn, client } = await open(makeMany(2_300, 90));
    const found = await client.searchRules({ from: '2025-01-01', to: '2025-03-31' });
    expect(found).toHaveLength(2_300);
    expect(new Set(found.map(({ number }) => number)).size).toBe(2_300);
    expect(found.map(({ startPage }) => startPage)).toEqual(
      Array.from({ length: 2_300 }, (_, index) => index + 1),
    );
    expect(
      standIn.requests.every(({ path }) => new URL(path, standIn.url).searchParams.get('page') === '1'),
    ).toBe(true);
  });

  test('of 2,300 documents on one day is paged', async () => {
    const { standIn, client } = await open(makeMany(2_300, 1));
    expect(await client.searchRules({ from: '2025-01-01', to: '2025-01-01' })).toHaveLength(2_300);
    expect(standIn.requests).toHaveLength(6);
  });

  test('is whole also where the server silently gives pages of 20', async () => {
    const { standIn, client } = await open(makeMany(130, 3));
    standIn.mostPerPage = 500;
    expect(await client.searchRules({ from: '2025-01-01', to: '2025-01-31' })).toHaveLength(130);
    expect(standIn.requests).toHaveLength(14);
  });

  test('is an error where a single day is out of reach', async () => {
    const { standIn, client } = await open(makeMany(1_100, 1));
    standIn.mostPerPage = 500;
    expect(await failureOf(client.searchRules({ from: '2025-01-01', to: '2025-01-02' }))).toMatchObject({
      code: 'window-too-large',
      retry: false,
    });
    expect(standIn.requests.length).toBeLessThan(5);
  });
});

describe('a bad answer is never a short list', () => {
  test.each([
    ['no-results-key', 'unexpected-answer'],
    ['invalid-json', 'invalid-json'],
    ['empty', 'body-empty'],
    ['truncate', 'body-truncated'],
    ['truncate-gzip', 'body-truncated'],
    ['request-access-html', 'blocked-by-upstream'],
    [503, 'http-503'],
    [429, 'http-429'],
  ] as const)('%s becomes %s', async (fault, code) => {
    const { standIn, client } = await open();
    standIn.failNext(SEARCH, fault);
    expect(await failureOf(client.searchRules(MARCH))).toMatchObject({ code, retry: true });
  });

  test('a 404 of the search is an error too', async () => {
    const { standIn, client } = await open();
    standIn.failNext(SEARCH, 404);
    expect(await failureOf(client.searchRules(MARCH))).toMatchObject({ code: 'http-404' });
  });

  test('a page that is page 1 again stops the paging', async () => {
    const { standIn, client } = await open(makeMany(100, 1));
    standIn.mostPerPage = 500;
    beforeRequest(standIn, 2, () => standIn.failNext(SEARCH, 'paging-reset', 100));
    expect(await failureOf(client.searchRules({ from: '2025-01-01', to: '2025-01-01' }))).toMatchObject({
      code: 'paging-reset',
      retry: true,
    });
    expect(standIn.requests).toHaveLength(2);
  });

  test('a last page that brings less than was promised is noticed', async () => {
    const { standIn, client } = await open();
    const rows = (await client.searchRules(MARCH)).map(({ record }) => record);
    const server = createServer((request, response) => {
      const page = new URL(request.url!, standIn.url).searchParams.get('page');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ count: 2, results: page === '1' ? rows : [] }));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const short = createFederalRegister({ http: openHttp({ url }), baseUrl: url });
    expect(await failureOf(short.searchRules(MARCH))).toMatchObject({ code: 'paging-reset', retry: true });
  });

  test.each(['goes', 'comes'])('a document that %s while pages are read is noticed', async (change) => {
    const { standIn, client } = await open(makeMany(100, 1));
    standIn.mostPerPage = 500;
    beforeRequest(standIn, 3, () => {
      if (change === 'goes') standIn.removeDocument('2025-00003');
      else
        standIn.addDocument(makeDocument({ document_number: '2025-00000', publication_date: '2025-01-01' }));
    });
    expect(await failureOf(client.searchRules({ from: '2025-01-01', to: '2025-01-01' }))).toMatchObject({
      code: 'paging-reset',
      retry: true,
    });
  });

  test.each([
    ['title', 'x'.repeat(5_001)],
    ['effective_on', '2025-02-30'],
    ['effective_on', '25 March'],
    ['start_page', '14032'],
    ['start_page', -1],
    ['document_number', '2025-00001/../../x'],
  ])('a result whose %s is %j names the document', async (field, value) => {
    const { client } = await open([
      makeDocument({}),
      makeDocument({ document_number: '2025-00002', [field]: value }),
    ]);
    const error = await failureOf(client.searchRules(MARCH));
    expect(error).toMatchObject({ code: 'unexpected-answer', retry: true });
    expect(error.message).toContain(field === 'document_number' ? String(value) : '2025-00002');
    expect(error.message).toContain(field);
  });
});

describe('a record', () => {
  test('is fetched by number and day, with the bytes as they came', async () => {
    const { standIn, client } = await open([
      makeDocument({ document_number: '97-2503', publication_date: '2025-03-27', title: 'Old' }),
      makeDocument({ document_number: '97-2503', title: 'New' }),
    ]);
    const { bytes, record, contentType } = await client.fetchRecord('97–02503', '2025-03-28');
    expect(record).toMatchObject({ title: 'New' });
    expect(JSON.parse(bytes.toString())).toEqual(record);
    expect(contentType).toContain('json');
    expect(standIn.requests[0]!.path).toBe('/api/v1/documents/97-02503.json?publication_date=2025-03-28');
    expect((await client.fetchRecord('97-2503', null)).record).toMatchObject({ title: 'Old' });
  });

  test('that the API does not have is http-404', async () => {
    const { client } = await open();
    expect(await failureOf(client.fetchRecord('2025-00001', '2025-03-27'))).toMatchObject({
      code: 'http-404',
      retry: false,
    });
  });

  test("is not taken for gone where the 404 is not the API's own", async () => {
    const { standIn, client } = await open();
    standIn.failNext('/', { status: 404, html: true });
    expect(await failureOf(client.fetchRecord('2025-00001', '2025-03-28'))).toMatchObject({
      code: 'unexpected-answer',
      retry: true,
    });
  });

  test('of another document, or of none, is an unexpected answer', async () => {
    const { standIn, client } = await open([
      makeDocument({}),
      makeDocument({ document_number: '2025-00002' }),
    ]);
    standIn.failNext('/', 'redirect:/api/v1/documents/2025-00002.json');
    expect(await failureOf(client.fetchRecord('2025-00001', '2025-03-28'))).toMatchObject({
      code: 'unexpected-answer',
    });
    standIn.failNext('/', 'no-results-key');
    expect(await failureOf(client.fetchRecord('2025-00001', '2025-03-28'))).toMatchObject({
      code: 'unexpected-answer',
    });
  });

  test.each(['', '../../etc', '2025-00001?x=', 'a'.repeat(100), '2025', '2025-00001,2025-00002'])(
    'is not asked for by "%s"',
    async (number) => {
      const { standIn, client } = await open();
      expect(await failureOf(client.fetchRecord(number, '2025-03-28'))).toMatchObject({
        code: 'bad-argument',
        retry: false,
      });
      expect(standIn.requests).toHaveLength(0);
    },
  );
});

describe('a full text', () => {
  test('comes from the address that the record gave, once it is there', async () => {
    const { standIn, client } = await open([makeDocument({}, null)]);
    expect((await client.fetchRecord('2025-00001', '2025-03-28')).record).toMatchObject({
      full_text_xml_url: null,
    });
    standIn.replaceDocument('2025-00001', { xml: Buffer.from('<RULE>late</RULE>') });
    const [found] = await client.searchRules(MARCH);
    const text = await client.fetchFullText(found!.xmlUrl!);
    expect(text).toMatchObject({ contentType: 'text/xml', url: found!.xmlUrl });
    expect(text.bytes.toString()).toBe('<RULE>late</RULE>');
  });

  test.each([
    'http://169.254.169.254/latest/',
    'file:///etc/passwd',
    'https://federalregister.gov@evil.example/',
    '/documents/x.xml',
  ])('is not fetched from %s', async (address) => {
    const { standIn, client } = await open();
    expect(await failureOf(client.fetchFullText(address))).toMatchObject({
      code: 'host-not-allowed',
      retry: false,
    });
    expect(standIn.requests).toHaveLength(0);
  });

  test('of more than 32 MB is refused', async () => {
    const { standIn, client } = await open();
    standIn.failNext('/documents/full_text/', 'huge');
    const url = `${standIn.url}/documents/full_text/xml/2025/03/28/2025-00001.xml`;
    expect(await failureOf(client.fetchFullText(url))).toMatchObject({
      code: 'body-too-large',
      retry: false,
    });
  });
});
