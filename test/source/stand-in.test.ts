import { describe, expect, test } from 'vitest';
import { makeDocument, openUpstream } from '../helpers/upstream.ts';

async function open(count = 45) {
  const documents = Array.from({ length: count }, (_, index) =>
    makeDocument({ document_number: `2025-${String(index + 1).padStart(5, '0')}` }),
  );
  const standIn = await openUpstream({ documents });
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(standIn.url + path, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      // biome-ignore lint/suspicious/noExplicitAny: answers of many forms, looked at in part.
      body: (text.startsWith('{') ? JSON.parse(text) : text) as any,
    };
  };
  return { standIn, get, search: (query: string) => get(`/api/v1/documents.json?order=oldest&${query}`) };
}

// The quirks of sources §1.2 to §1.9 and §5.1, so that nobody mistakes the stand-in for a kinder site.
describe('the stand-in is as odd as federalregister.gov', () => {
  test.each([
    ['per_page=1', 20],
    ['per_page=2001', 20],
    ['', 20],
    ['per_page=2', 2],
    ['per_page=2000', 45],
  ])('"%s" gives %i documents', async (query, length) => {
    const { search } = await open();
    expect((await search(query)).body.results).toHaveLength(length);
  });

  test.each(['page=0', 'page=51', 'page=11&per_page=1000'])('"%s" is page 1', async (query) => {
    const { search } = await open();
    expect((await search(query)).body.results[0].document_number).toBe('2025-00001');
  });

  test('pages link to each other with its own address, and count at most 50', async () => {
    const { standIn, search } = await open(110);
    const { body } = await search('per_page=2&page=2');
    expect(body).toMatchObject({ count: 110, total_pages: 50 });
    expect(body.next_page_url).toMatch(new RegExp(`^${standIn.url}/api/v1/documents\\.json\\?.*page=3`, 'u'));
    expect(body.previous_page_url).toContain('page=1');
    expect((await search('per_page=1000')).body).not.toHaveProperty('next_page_url');
  });

  test('nothing found has no results', async () => {
    const { search } = await open();
    const { body } = await search('conditions[publication_date][is]=2025-01-01');
    expect(Object.keys(body)).toEqual(['count', 'description']);
  });

  test('an agency that is none is refused, and a blank one is all', async () => {
    const { search } = await open();
    expect(await search('conditions[agencies][]=nobody')).toMatchObject({
      status: 400,
      body: { errors: { agencies: 'invalid value' } },
    });
    expect((await search('conditions[agencies][]=')).body.count).toBe(45);
    expect(await search('conditions[nonsense]=1')).toMatchObject({
      status: 400,
      body: { errors: { nonsense: 'is not a valid field' } },
    });
    expect(await search('fields[]=nonsense')).toMatchObject({
      status: 400,
      body: { status: 400, message: "field 'nonsense' not valid" },
    });
  });

  test('the default fields lack dates and the address of the text', async () => {
    const { search } = await open();
    const [first] = (await search('')).body.results;
    expect(first).not.toHaveProperty('effective_on');
    expect(first).not.toHaveProperty('full_text_xml_url');
  });

  test('records are found by either form of their number, cached for a day, and differ in page views', async () => {
    const { get } = await open();
    const first = await get('/api/v1/documents/2025-1.json');
    const second = await get('/api/v1/documents/2025-00001.json?publication_date=2025-03-28');
    expect(first.headers.get('cache-control')).toBe('max-age=86400, public');
    expect(first.body.page_views.count).not.toBe(second.body.page_views.count);
    expect(await get('/api/v1/documents/2025-00001.json?publication_date=2025-03-27')).toMatchObject({
      status: 404,
      body: { status: 404, message: 'Record Not Found' },
    });
  });

  test('documents are there from their day on', async () => {
    const { standIn, search } = await open();
    standIn.addDocument({
      ...makeDocument({ document_number: '2025-00099' }),
      visibleFrom: '2025-03-28T14:00:00Z',
    });
    for (const [today, count] of [
      ['2025-03-27', 0],
      ['2025-03-28', 45],
      ['2025-03-28T13:59:59Z', 45],
      ['2025-03-28T14:00:00Z', 46],
      [null, 46],
    ] as const) {
      standIn.today = today;
      expect((await search('')).body.count).toBe(count);
    }
  });
});

test('the stand-in is as odd as ecfr.gov: 406 unless gzip and a browser, 404 past its newest day', async () => {
  const { standIn, get } = await open(0);
  standIn.today = '2025-03-28';
  const path = (on: string) => `/api/versioner/v1/full/${on}/title-15.xml?part=744`;
  const browser = { 'user-agent': 'Mozilla/5.0' };
  expect(
    (await get(path('2025-03-28'), { headers: { ...browser, 'accept-encoding': 'identity' } })).status,
  ).toBe(406);
  expect((await get(path('2025-03-28'), { headers: { 'accept-encoding': 'gzip' } })).status).toBe(406);
  const found = await get(path('2025-03-28'), { headers: { ...browser, 'accept-encoding': 'gzip' } });
  expect(found.status).toBe(200);
  expect(found.body).not.toContain('<DIV9');
  expect((await get(path('2025-03-29'), { headers: browser })).status).toBe(404);
});
