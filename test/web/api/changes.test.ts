import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { recordSuccess } from '../../../src/store/source-state.ts';
import { openApi, openApiParts, store, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { hostileChanges, sampleDocument } from '../../helpers/sample-changes.ts';

interface Changes {
  changes: { seq: number; kind: string; country: string; list: string; document: string; text: string }[];
  next: number | null;
  latest: number;
}

describe.each(backends)('the API on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const clock = { now: '2025-03-31T15:00:00.000Z' };
  const get = async (url: string) => (await server.inject(`/api/v1${url}`)).json();

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database, { clock });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
  });

  test('pages through all changes without a gap, and leaves the baseline out', async () => {
    const seen: number[] = [];
    let after: number | null = 0;
    let latest = 0;
    while (after !== null) {
      const page: Changes = await get(`/changes?after=${after}&limit=3`);
      seen.push(...page.changes.map(({ seq }) => seq));
      after = page.next;
      latest = page.latest;
    }
    expect(seen).toHaveLength(8);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(latest).toBe(seen.at(-1));
    expect(await get(`/changes?after=${latest}`)).toEqual({ changes: [], next: null, latest });
    expect((await get('/changes?baseline=true')).changes).toHaveLength(10);
  });

  test('a change says its document, its place and itself in words', async () => {
    const { changes }: Changes = await get('/changes?kind=removed');
    expect(changes).toEqual([
      expect.objectContaining({
        document: '2025-05426',
        publishedOn: '2025-03-28',
        name: 'Gone Trading GmbH',
        locator: { instruction: '2.a', row: 8, page: 14036 },
        text: 'Removed from the Entity List under Germany: Gone Trading GmbH is no longer on the list.',
      }),
    ]);
  });

  test.each([
    ['destination=CN', 3],
    ['destination=cn,PK', 5],
    ['kind=added', 6],
    ['kind=added,removed&destination=DE', 1],
    ['list=unverified-list', 0],
    ['list=entity-list,unverified-list', 8],
    ['document=2025-05426', 8],
    ['document=2025-00001', 0],
    ['changeSet=cs_2025-05426_1&kind=revised', 1],
  ])('filters by %s', async (query, count) => {
    const { changes, next }: Changes = await get(`/changes?${query}`);
    expect([changes.length, next]).toEqual([count, null]);
    const lines = (await server.inject(`/api/v1/changes.ndjson?${query}`)).body.split('\n').filter(Boolean);
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual(changes.map(({ seq }) => seq));
  });

  test.each([
    'after=-1',
    'after=1.5',
    'after=x',
    'after=',
    'after=1&after=2',
    'limit=0',
    'limit=1001',
    'limit=1e2',
    'afer=1',
    'kind=gone',
    'list=',
    'destination=CHN1',
    'destination=ZZ',
    "document=x'--",
    'token=elw_x',
  ])('refuses ?%s with a problem document', async (query) => {
    const answer = await server.inject(`/api/v1/changes?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({
      status: 400,
      type: '/problems/invalid-query',
      instance: '/api/v1/changes',
    });
  });

  test('a key that is not known is named, and those that are', async () => {
    const detailOf = async (query: string) => (await get(`/changes?${query}`)).detail;
    const known = 'Known are: after, limit, list, destination, kind, document, changeSet, baseline.';
    expect(await detailOf('afer=1')).toBe(`The query has no parameter “afer”. ${known}`);
    expect(await detailOf('afer=1&limt=2')).toBe(`The query has no parameters “afer”, “limt”. ${known}`);
    expect(await detailOf(`${'a'.repeat(300)}=1`)).toContain(known);
    expect(await detailOf('limit=0&afer=1')).toBe(
      `limit: must be 1 to 1000; the query has no parameter “afer”. ${known}`,
    );
  });

  test.each([
    '/changes',
    '/change-sets',
    '/days/2025-03-28',
    '/documents',
    '/entries',
    '/changes.csv',
    '/entries.ndjson',
  ])('%s has an ETag, 304 for who has it, and HEAD', async (path) => {
    const url = `/api/v1${path}`;
    const first = await server.inject(url);
    const etag = String(first.headers.etag);
    expect(first.statusCode).toBe(200);
    expect(etag).toMatch(/^"[\w-]{27}"$/u);
    const again = await server.inject({ url, headers: { 'if-none-match': `W/${etag}` } });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    const head = await server.inject({ method: 'HEAD', url });
    expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', etag]);
    await store(parts, { changeSetId: 'cs_later', knownAt: '2025-03-28T20:00:00.000Z' }, hostileChanges());
    if (path !== '/documents')
      expect((await server.inject({ url, headers: { 'if-none-match': etag } })).statusCode).toBe(200);
  });

  test('CSV of everything opens in a spreadsheet and runs nothing', async () => {
    const document = sampleDocument({ number: '2025-09999' });
    await store(parts, { changeSetId: 'cs_hostile', document }, hostileChanges());
    const answer = await server.inject('/api/v1/changes.csv');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const rows: string[][] = parse(answer.body, { bom: true });
    expect(rows).toHaveLength(1 + 8 + hostileChanges().length);
    expect(rows.filter((row) => row[0] === 'seq')).toHaveLength(1);
    expect(rows.at(-1)![rows[0]!.indexOf('document')]).toBe('2025-09999');
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+@\t\r-]/u);
  });

  test('a change set has its checks, its changes and the state hash after it', async () => {
    const { changeSets, next } = await get('/change-sets');
    expect(next).toBeNull();
    expect(changeSets).toEqual([
      expect.objectContaining({
        changeSetId: 'cs_2025-05426_1',
        counts: { added: 6, revised: 1, removed: 1 },
        stateHashes: { 'entity-list': expect.stringMatching(/^[0-9a-f]{64}$/u) },
      }),
    ]);
    const whole = await get('/change-sets/cs_2025-05426_1');
    expect(whole.checks).toHaveLength(3);
    expect(whole.changes).toHaveLength(8);
    expect((await server.inject('/api/v1/change-sets/none')).statusCode).toBe(404);
  });

  test('change sets are paged newest first, each once', async () => {
    for (const at of ['09', '10', '11', '11'].entries())
      await store(
        parts,
        { changeSetId: `cs_${at[0]}`, outcome: 'held', knownAt: `2025-03-29T${at[1]}:00:00.000Z` },
        [],
      );
    const seen: string[] = [];
    let before = '';
    do {
      const page = await get(`/change-sets?limit=2${before}`);
      seen.push(...page.changeSets.map((set: { changeSetId: string }) => set.changeSetId));
      before = page.next === null ? '' : `&before=${page.next}`;
    } while (before !== '');
    expect(seen).toEqual(['cs_3', 'cs_2', 'cs_1', 'cs_0', 'cs_2025-05426_1']);
  });

  test('a destination has the notices that name it or none, and not those that name others', async () => {
    const held = { outcome: 'held', knownAt: '2025-03-29T10:00:00.000Z' } as const;
    const stated = (code: string) => ({
      'entity-list': {
        add: { entities: null, entries: 2, byDestination: { [code]: 2 } },
        revise: null,
        remove: null,
      },
    });
    await store(parts, { ...held, changeSetId: 'cs_names_it', stated: stated('DE') }, []);
    await store(parts, { ...held, changeSetId: 'cs_names_another', stated: stated('FR') }, []);
    await store(parts, { ...held, changeSetId: 'cs_names_none', stated: {} }, []);
    const ids = async (code: string) =>
      (await get(`/change-sets?destination=${code}`)).changeSets.map(
        (set: { changeSetId: string }) => set.changeSetId,
      );
    expect(await ids('DE')).toEqual(['cs_names_none', 'cs_names_it', 'cs_2025-05426_1']);
    expect(await ids('JP')).toEqual(['cs_names_none']);
  });

  test('a quiet day has an empty delta and the hash of each list at its end', async () => {
    const loud = await get('/days/2025-03-28');
    expect(loud).toMatchObject({ isBusinessDay: true, changes: 8, isOver: false });
    const quiet = await get('/days/2025-03-29');
    expect(quiet).toMatchObject({ isBusinessDay: false, changes: 0, changeSets: [] });
    expect(quiet.stateHashes).toEqual(loud.stateHashes);
    expect((await get('/days/2025-03-27')).stateHashes).not.toEqual(loud.stateHashes);
    expect((await get('/days/2025-02-01')).stateHashes).toEqual({});
    expect((await server.inject('/api/v1/days/2025-04-01')).statusCode).toBe(404);
    expect((await server.inject('/api/v1/days/2025-02-30')).statusCode).toBe(400);
  });

  test('a day is over when the source was checked after its end in Washington', async () => {
    await recordSuccess(parts.db, 'federal-register', '2025-03-29T03:59:00.000Z');
    expect((await get('/days/2025-03-28')).isOver).toBe(false);
    await recordSuccess(parts.db, 'federal-register', '2025-03-29T04:00:01.000Z');
    expect((await get('/days/2025-03-28')).isOver).toBe(true);
  });
});
