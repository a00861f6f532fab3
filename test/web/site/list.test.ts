import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import readWorkbook from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApiActions } from '../../../src/api-actions.ts';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, store, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { hostileChanges, sampleAddition, sampleEntry } from '../../helpers/sample-changes.ts';

/** Names of the rows, in their order, without marks. */
const namesIn = (html: string) =>
  [...html.matchAll(/<th scope="row"><a [^>]*>(.*?)<\/a>/gsu)].map(([, name]) =>
    name!.replace(/<\/?mark>/gu, '').replaceAll('&#39;', "'"),
  );

describe.each(backends)('the list on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const clock = { now: '' };
  const page = async (url: string) => (await server.inject(url)).body;
  /** Adds entries by a rule; `on` is the day of effect. */
  const add = (changeSetId: string, entries: ReturnType<typeof sampleEntry>[], on = '2025-03-30') =>
    store(
      parts,
      { changeSetId, knownAt: '2025-03-30T12:00:00.000Z', effectiveOn: on },
      entries.map((entry, at) => {
        const { seq: _, changeSetId: __, knownAt: ___, ...change } = sampleAddition(0, 'CN', 'CHINA', entry);
        return { ...change, entryId: `${changeSetId}-${at}`, effectiveOn: on };
      }),
    );

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database, { clock });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    clock.now = '2025-03-31T15:00:00.000Z';
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
  });

  test('shows every entry of today, and says how many', async () => {
    const html = await page('/list');
    expect(html).toContain('7 entries on the Entity List today.');
    expect(namesIn(html)).toHaveLength(7);
    expect(html).toContain('href="/entries/e101"');
    expect(html).not.toContain('Gone Trading');
  });

  test.each([
    ['q=beijing', ['Beijing Example Institute']],
    ['q=BEI', ['Beijing Example Institute']],
    ['q=%E7%A4%BA%E4%BE%8B', ['Beijing Example Institute']],
    ['q=rue+neuve', ['Aerotechnic France']],
    ['q=toulouse+aerotechnic', ['Aerotechnic France']],
    ['destination=PK', ['Brave Tech', 'Rachna Supplies']],
    ['destination=PK&q=brave', ['Brave Tech']],
    ['footnote=4', ['Inspur Sample']],
    ['terms=case-by-case', ['Aerotechnic France']],
    ['list=&destination=&q=&terms=&footnote=&on=&q2=x', null],
  ])('%s finds what it names', async (query, names) => {
    const found = namesIn(await page(`/list?${query}`));
    if (names === null) expect(found).toHaveLength(7);
    else expect(found).toEqual(names);
  });

  test.each([
    ['北京', 'Beijing Example Institute'],
    ['上海市', 'Lathes'],
    ['西安', "Xi'an Gears"],
    ['山西', 'Shanxi Coal'],
    ['Москва', 'Octava Bureau'],
    ['Санкт-Петербург', 'Neva Bureau'],
    ['Ростех', 'Rostekh Bureau'],
    ['طهران', 'Alborz Trading'],
    ['تهران', 'Alborz Trading'],
    ['أبو ظبي', 'Falcon FZE'],
    ['شيراز', 'Zand Trading'],
  ])('“%s” finds a part of a name or an address in Latin letters', async (q, name) => {
    await add('cs_scripts', [
      sampleEntry('Lathes', { aliases: ['Shanghai Lathes'] }),
      sampleEntry("Xi'an Gears"),
      sampleEntry('Shanxi Coal'),
      sampleEntry('Octava Bureau', { addresses: ['4 Sadovaya, Moscow, Russia'] }),
      sampleEntry('Neva Bureau', { addresses: ['4 Sadovaya, Saint Petersburg, Russia'] }),
      sampleEntry('Rostekh Bureau'),
      sampleEntry('Alborz Trading', { addresses: ['7 Azadi, Tehran, Iran'] }),
      sampleEntry('Falcon FZE', { addresses: ['Tower 3, Abu Dhabi'] }),
      sampleEntry('Zand Trading', { addresses: ['7 Azadi, Shiraz, Iran'] }),
    ]);
    const html = await page(`/list?q=${encodeURIComponent(q)}`);
    expect(namesIn(html)[0]).toBe(name);
    expect(html).toMatch(new RegExp(`\\b1 of the 16 entries [^<]*“${q}”, read as “`, 'u'));
    expect(html).toContain('<mark>');
  });

  test('says how characters were read, and what to write where nothing is found', async () => {
    const html = await page(`/list?q=${encodeURIComponent('Владивосток')}`);
    expect(html).toContain('with “Владивосток”, read as “Vladivostok”');
    expect(html).toContain('Write the name in Latin letters as its owner does, or less of it');
    expect(await page('/list?q=qqqqqqqq')).toContain('Write less of the name');
    expect(await page('/list?q=qqq')).toContain('write more of the name');
    expect(await page('/list?footnote=3')).toContain('No entry meets these filters. Take a filter away');
  });

  test('does not guess at what is written without vowels, and says so', async () => {
    const html = await page(`/list?q=${encodeURIComponent('شركة الفجر')}`);
    expect(namesIn(html)).toEqual([]);
    expect(html).toContain('leaves vowels out');
    expect(html).toContain('Write the name in Latin letters');
  });

  test('finds a short word where a word begins, and a longer one inside others', async () => {
    await add('cs_short', [
      sampleEntry('Baoxiang Optics'),
      sampleEntry("Xi'an Gears"),
      sampleEntry('Xian Lathes'),
      sampleEntry('Xing Works', { addresses: ['3 Anhui Road'] }),
      sampleEntry('L’Air Liquefied'),
      sampleEntry('Repair Works'),
    ]);
    for (const q of ['xian', "xi'an", 'Xi’an'])
      expect(namesIn(await page(`/list?q=${encodeURIComponent(q)}`)).slice(0, 2), q).toEqual([
        "Xi'an Gears",
        'Xian Lathes',
      ]);
    for (const q of ['xian', "xi'an"])
      expect(await page(`/list?q=${q}`), q).toMatch(/\b2 of the 13 entries/u);
    expect(await page('/list?q=air')).toMatch(/\b1 of the 13 entries/u);
    expect(await page('/list?q=optics+xia')).not.toContain('Baoxiang');
    expect(namesIn(await page('/list?q=oxiang'))[0]).toBe('Baoxiang Optics');
  });

  test('ranks names before aliases before addresses, and whole words before parts', async () => {
    await add('cs_rank', [
      sampleEntry('Other A', { addresses: ['1 Zenith Road'] }),
      sampleEntry('Other B', { aliases: ['Zenithal'] }),
      sampleEntry('Other C', { aliases: ['The Zenith'] }),
      sampleEntry('Zenithal Works'),
      sampleEntry('The Zenith Works'),
      sampleEntry('Other D', { addresses: ['1 Zenithal Road'] }),
    ]);
    expect(namesIn(await page('/list?q=zenith'))).toEqual([
      'The Zenith Works',
      'Zenithal Works',
      'Other C',
      'Other B',
      'Other A',
      'Other D',
    ]);
  });

  test('marks the words that were found, in the name or whichever alias has them', async () => {
    await add('cs_marks', [sampleEntry('Many', { aliases: ['One', 'Two', 'Three', 'Four', 'Fünf Sterne'] })]);
    expect(await page('/list?q=example')).toContain('Beijing <mark>Example</mark> Institute');
    const html = await page('/list?q=funf');
    expect(html).toContain('<mark>Fünf</mark> Sterne');
    expect(html).toContain('and 2 more');
  });

  test.each([
    ['beijng exampel institute', /differ by/u],
    ['北京示例研究院', /reads/u],
    ['Pekin Example Institute', /Similar: [^<]+/u],
  ])('“%s” finds the entry though it is spelt otherwise, and says why', async (q, why) => {
    const html = await page(`/list?q=${encodeURIComponent(q)}`);
    expect(namesIn(html)[0]).toBe('Beijing Example Institute');
    expect(html).toMatch(/None of the 7 entries on the Entity List today with “.+”; \d (?:is|are) similar/u);
    expect(html).toMatch(why);
  });

  test('speaks of a search where the matcher speaks of a counterparty', async () => {
    await add('cs_form', [sampleEntry('Huaxing Optics Co., Ltd.')]);
    const html = await page('/list?q=huaxin+opticks+weihai');
    expect(html).toContain('in your search');
    expect(html).not.toMatch(/theirs|without legal form/u);
  });

  test('similar names too meet the filters and the day', async () => {
    const q = encodeURIComponent('beijng exampel institute');
    expect(namesIn(await page(`/list?q=${q}&destination=PK`))).toEqual([]);
    expect(namesIn(await page(`/list?q=${q}&on=2025-03-24`))).toEqual([]);
  });

  test('on an earlier day it is as it was then', async () => {
    const html = await page('/list?on=2025-03-24');
    expect(namesIn(html)).toEqual(['Aerotechnic France', 'Gone Trading GmbH']);
    expect(html).toContain('2 entries on the Entity List on March 24, 2025.');
    expect(html).toMatch(/href="\/entries\/[^"?]+\?on=2025-03-24"/u);
  });

  test.each([
    ['on=2025-02-28', 'is known here from March 1, 2025 on'],
    ['on=2025-04-01', 'is still to come'],
    ['list=unverified-list', 'The Unverified List is not loaded here yet'],
  ])('%s has no answer, and a sentence says what to do', async (query, sentence) => {
    const answer = await server.inject(`/list?${query}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain(sentence);
    expect(namesIn(answer.body)).toEqual([]);
  });

  test('says so where nothing is loaded at all', async () => {
    await database.empty();
    expect(await page('/list')).toContain('The lists are not loaded here yet');
  });

  test('refuses what cannot be a day or a country, in a sentence', async () => {
    for (const query of ['on=2025-02-30', 'destination=china', 'page=0', 'footnote=x', 'list=mine'])
      expect((await server.inject(`/list?${query}`)).statusCode, query).toBe(400);
  });

  test('shows today what is ordered and not in effect yet, and from when on it is', async () => {
    await add('cs_pending', [sampleEntry('Later Works')], '2025-04-15');
    const html = await page('/list?q=later');
    expect(namesIn(html)).toEqual(['Later Works']);
    expect(html).toContain('from April 15, 2025');
    expect(await page('/list')).toContain('8 entries');
    expect(namesIn(await page('/list?q=later&on=2025-03-30'))).toEqual([]);
    clock.now = '2025-04-15T15:00:00.000Z';
    expect(await page('/list?q=later')).not.toContain('from April 15');
  });

  test('goes on page by page, and none is lost or twice', async () => {
    await add(
      'cs_many',
      Array.from({ length: 120 }, (_, at) => sampleEntry(`Works ${String(at).padStart(3, '0')}`)),
    );
    const seen: string[] = [];
    for (let url: string | null = '/list?q=works'; url !== null; ) {
      const html: string = await page(url);
      seen.push(...namesIn(html));
      url = /href="([^"]+)">Next</u.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null;
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
    expect(namesIn(await page('/list?q=works&page=9'))).toHaveLength(20);
  });

  test('files hold exactly what is filtered, in every format', async () => {
    await add('cs_pending', [sampleEntry('=Later Works')], '2025-04-15');
    const query = 'destination=CN&q=works';
    const csv = await server.inject(`/list/entries.csv?${query}`);
    expect(csv.headers['content-disposition']).toContain('entity-list-2025-03-31.csv');
    const rows = parse(csv.body, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows.map((row) => [row.name, row['not in effect before']])).toEqual([
      ["'=Later Works", '2025-04-15'],
    ]);
    const json = (await server.inject(`/list/entries.json?${query}`)).json();
    expect(json).toMatchObject({ asOf: '2025-03-31', count: 1 });
    expect(json.entries[0]).toMatchObject({ name: '=Later Works', notInEffectBefore: '2025-04-15' });
    const book = await server.inject(`/list/entries.xlsx?${query}`);
    expect((await readWorkbook(book.rawPayload))[0]!.data).toHaveLength(2);
    const whole = parse((await server.inject('/list/entries.csv')).body, { bom: true, columns: true });
    expect(whole).toHaveLength(8);
    const again = await server.inject({
      url: `/list/entries.xlsx?${query}`,
      headers: { 'if-none-match': String(book.headers.etag) },
    });
    expect(again.statusCode).toBe(304);
  });

  test('hostile names are text, and so is a hostile search', async () => {
    const changes = hostileChanges().map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change);
    await store(parts, { changeSetId: 'cs_hostile', knownAt: '2025-03-31T14:00:00.000Z' }, changes);
    const attack = encodeURIComponent('<script>alert(1)</script>"><img src=x onerror=alert(1)>');
    for (const url of [
      '/list',
      '/list?q=alert',
      `/list?q=${attack}`,
      `/list?terms=${attack}`,
      '/list?q=xxx',
    ]) {
      const answer = await server.inject(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toMatch(/<script(?! src="\/assets\/)|<img|[\u202A-\u202E\u2066-\u2069\0]/u);
      expect(answer.body).not.toMatch(/ style=| on[a-z]+="/u);
    }
    expect(namesIn(await page('/list?q=alert')).length).toBeGreaterThan(0);
    expect(namesIn(await page('/list?q=%2E%2E'))).toEqual([]);
  });

  test('makes ready for a search when it is opened, and finds what holds the words where that fails', async () => {
    const asked: unknown[] = [];
    const actions = createApiActions(parts);
    server = openApi(parts, {
      actions: {
        ...actions,
        screen: (queries) => {
          asked.push(queries);
          return Promise.reject(new Error('no memory'));
        },
      },
    });
    expect((await server.inject('/list')).statusCode).toBe(200);
    expect(asked).toEqual([[]]);
    const answer = await server.inject('/list?q=beijing');
    expect(answer.statusCode).toBe(200);
    expect(namesIn(answer.body)).toEqual(['Beijing Example Institute']);
    expect(answer.body).toContain('similar names could not be looked for just now');
    expect(answer.body).not.toContain('no memory');
    expect(asked).toHaveLength(2);
    expect((await server.inject('/list/entries.csv?q=beijing')).statusCode).toBe(500);
  });

  test('what is known already is not sent again, and answers are compressed', async () => {
    const answer = await server.inject({ url: '/list', headers: { 'accept-encoding': 'gzip' } });
    expect(gunzipSync(answer.rawPayload).toString()).toContain('7 entries');
    const headers = { 'if-none-match': String(answer.headers.etag) };
    expect((await server.inject({ url: '/list', headers })).statusCode).toBe(304);
  });
});
