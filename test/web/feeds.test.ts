import type { FastifyInstance } from 'fastify';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Change, ChangeSet } from '../../src/model.ts';
import type { Parts } from '../../src/parts.ts';
import { screenChangeSet } from '../../src/screening.ts';
import { upsertDocument } from '../../src/store/documents.ts';
import { FEED_FORMATS } from '../../src/web/feeds.ts';
import { openApi, openApiParts, store, storeSample, tokenFor } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { sampleAddition, sampleDocument, sampleEntry } from '../helpers/sample-changes.ts';
import { uploadCsv } from '../helpers/watchlist.ts';

const ID = 'tag:elwatch.example.org,2026:change-set/';

describe.each(backends)('the feeds on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;

  /** Ids of the items of a feed, which all formats must have alike, read by a public parser of each. */
  const idsOf = async (path: string): Promise<(string | undefined)[]> => {
    const body = async (format: string) => (await server.inject(`${path}/feed.${format}`)).body;
    const atom = parseAtomFeed(await body('atom')).entries?.map(({ id }) => id) ?? [];
    const rss = parseRssFeed(await body('rss')).items?.map(({ guid }) => guid?.value) ?? [];
    const json = parseJsonFeed(await body('json')).items?.map(({ id }) => id) ?? [];
    expect(rss).toEqual(atom);
    expect(json).toEqual(atom);
    return atom.map((id) => id?.replace(ID, ''));
  };
  const addRule = (changeSetId: string, number: string, change: ReturnType<typeof sampleAddition>) =>
    store(
      parts,
      {
        changeSetId,
        document: sampleDocument({ number }),
        lists: [change.list],
        knownAt: '2025-04-02T12:00:00.000Z',
      },
      [change],
    );

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
    await addRule('cs_jp', '2025-09999', {
      ...sampleAddition(301, 'JP', 'JAPAN', sampleEntry('Osaka Sample KK')),
      list: 'unverified-list',
    });
  });

  test.each([
    ['', ['cs_jp', 'cs_2025-05426_1']],
    ['/lists/entity-list', ['cs_2025-05426_1']],
    ['/lists/unverified-list', ['cs_jp']],
    ['/lists/military-end-user-list', []],
    ['/destinations/PK', ['cs_2025-05426_1']],
    ['/destinations/jp', ['cs_jp']],
    ['/destinations/IS', []],
    ['/documents/2025-05426', ['cs_2025-05426_1']],
    ['/destinations/UA-43', []],
  ])('“%s” has what it is about, in each format, and no baseline', async (path, ids) => {
    expect(await idsOf(path)).toEqual(ids);
  });

  test('a feed of a destination tells its own changes, and how many there are in all', async () => {
    const [item] = parseRssFeed((await server.inject('/destinations/PK/feed.rss')).body).items!;
    expect(item!.title).toContain('Pakistan 2');
    expect(item!.content?.encoded).toContain('2 of 8 changes are shown');
    expect(item!.content?.encoded).toContain('Rachna Supplies');
    expect(item!.content?.encoded).not.toContain('Henan Dingxin');
  });

  test('news about one destination leave the tag of another as it was', async () => {
    const tagOf = async (path: string) => (await server.inject(path)).headers.etag as string;
    const [china, france] = [
      await tagOf('/destinations/CN/feed.atom'),
      await tagOf('/destinations/FR/feed.atom'),
    ];
    await addRule('cs_fr', '2025-10000', sampleAddition(302, 'FR', 'FRANCE', sampleEntry('Lyon Sample SA')));
    expect(await tagOf('/destinations/FR/feed.atom')).not.toBe(france);
    const again = await server.inject({
      url: '/destinations/CN/feed.atom',
      headers: { 'if-none-match': china },
    });
    expect(again.statusCode).toBe(304);
  });

  const follow = (fields: Partial<ChangeSet>, changes: Change[]) =>
    store(
      parts,
      { document: sampleDocument(), lists: ['entity-list'], knownAt: '2025-04-03T12:00:00.000Z', ...fields },
      changes,
    );
  const correction: Change = {
    ...sampleAddition(303, 'CN', "CHINA, PEOPLE'S REPUBLIC OF", sampleEntry('Corrected Sample Ltd.')),
    kind: 'revised',
  };
  test.each<[string, Partial<ChangeSet>, Change[]]>([
    ['a correction', { changeSetId: 'cs_next', cause: 'reparse', follows: 'cs_2025-05426_1' }, [correction]],
    ['a filing', { changeSetId: 'cs_next', outcome: 'provisional' }, []],
    ['a notice that a document is held', { changeSetId: 'cs_next', outcome: 'held' }, []],
    ['a withdrawal', { changeSetId: 'cs_next', outcome: 'withdrawn', follows: 'cs_2025-05426_1' }, []],
  ])('%s is new to whoever has the feed, in each format', async (_what, fields, changes) => {
    const had: [string, Record<string, string>][] = [];
    for (const format of FEED_FORMATS) {
      const url = `/feed.${format}`;
      const headers = { 'if-none-match': (await server.inject(url)).headers.etag as string };
      expect((await server.inject({ url, headers })).statusCode).toBe(304);
      had.push([url, headers]);
    }
    await follow(fields, changes);
    for (const [url, headers] of had) {
      const answer = await server.inject({ url, headers });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers.etag).not.toBe(headers['if-none-match']);
      expect(answer.body).toContain('cs_next');
    }
  });

  test('many who ask at once share their looks, and who asks after a change set is there is told of it', async () => {
    const url = '/feed.atom';
    const headers = { 'if-none-match': (await server.inject(url)).headers.etag as string };
    const early = Array.from({ length: 20 }, () => server.inject({ url, headers }));
    await follow({ changeSetId: 'cs_next', outcome: 'held' }, []);
    const late = await Promise.all(Array.from({ length: 20 }, () => server.inject({ url, headers })));
    expect(new Set(late.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    for (const { statusCode } of await Promise.all(early)) expect([200, 304]).toContain(statusCode);
  });

  test.each([
    ['/lists/other', 'There is no list of this name. The lists are: entity-list, '],
    ['/destinations/ZZ', 'There is no destination of this code.'],
    ['/destinations/UA-99', 'There is no destination of this code.'],
    ['/destinations/CHN', 'There is no destination of this code.'],
    ['/documents/2025-00001', 'We have no document of this number.'],
    ["/documents/x'--", 'We have no document of this number.'],
    ['/watchlists/guess', 'There is no feed at this address, or no longer.'],
  ])('%s is not found in any format, which a problem document says', async (path, detail) => {
    for (const format of FEED_FORMATS) {
      const answer = await server.inject(`${path}/feed.${format}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(answer.json().type).toBe('/problems/not-found');
      expect(answer.json().detail).toContain(detail);
    }
  });

  test('a document that we have and told nothing of yet has a feed without items', async () => {
    await upsertDocument(parts.db, sampleDocument({ number: '2025-00002' }), parts.now());
    expect(await idsOf('/documents/2025-00002')).toEqual([]);
  });

  describe('of a watchlist', () => {
    const openFeed = async (organisationId = 'operator') => {
      const headers = await tokenFor(parts, ['watchlists'], { organisationId });
      const watchlist = await uploadCsv(parts, 'suppliers', 'id,name\n17,Novel Rotor Works\n', {
        organisationId,
      });
      await addRule(
        'cs_hit',
        '2025-10001',
        sampleAddition(303, 'CN', "CHINA, PEOPLE'S REPUBLIC OF", sampleEntry('Novel Rotor Works Co., Ltd.')),
      );
      await screenChangeSet(parts, 'cs_hit');
      const url = `/api/v1/watchlists/${watchlist.watchlistId}/feed`;
      const renew = async () =>
        new URL((await server.inject({ method: 'POST', url, headers })).json().atom).pathname;
      const end = () => server.inject({ method: 'DELETE', url, headers });
      return { watchlist, url, renew, end };
    };

    test('has what hits it, with whose name it is, for whoever has the address', async () => {
      const { renew, watchlist } = await openFeed();
      const path = (await renew()).replace(/\/feed\.atom$/u, '');
      expect(await idsOf(path)).toEqual(['cs_hit']);
      const answer = await server.inject(`${path}/feed.json`);
      expect(answer.headers['cache-control']).toBe('private, no-cache');
      expect(answer.json().items[0].content_html).toContain('Your counterparty “Novel Rotor Works” (row');
      const token = path.split('/').at(-1)!;
      const atom = parseAtomFeed((await server.inject(`${path}/feed.atom`)).body);
      expect(atom.id).toContain(watchlist.watchlistId);
      expect(JSON.stringify(atom.entries)).not.toContain(token);
    });

    test('ends with its address: a new one or none makes the old one void', async () => {
      const { renew, end } = await openFeed();
      const first = await renew();
      const second = await renew();
      expect((await server.inject(first)).statusCode).toBe(404);
      expect((await server.inject(second)).statusCode).toBe(200);
      expect((await end()).statusCode).toBe(204);
      expect((await server.inject(second)).statusCode).toBe(404);
      expect((await end()).statusCode).toBe(404);
    });

    test('is made by its own organisation alone', async () => {
      const { url } = await openFeed('acme');
      const other = await tokenFor(parts, ['watchlists'], { organisationId: 'other' });
      expect((await server.inject({ method: 'POST', url, headers: other })).statusCode).toBe(404);
    });

    test('an address that was changed opens nothing', async () => {
      const { renew } = await openFeed();
      const path = await renew();
      const token = path.split('/')[2]!;
      for (const forged of [
        token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'),
        token.replace(/\.[0-9a-z]+\./u, '.zzzzzzz.'),
        token.replace(/^[^.]+/u, Buffer.from('wl_other').toString('base64url')),
      ])
        expect((await server.inject(path.replace(token, forged))).statusCode).toBe(404);
    });
  });
});
