import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { entryHash, stateHash } from '../../../src/list/state-hash.ts';
import type { Entry } from '../../../src/model.ts';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, store, storeBaseline, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { hostileChanges, sampleDocument } from '../../helpers/sample-changes.ts';

interface Entries {
  asOf: string | null;
  latest: number;
  lists: { list: string; entries: number; stateHash: string }[];
  matching: number;
  entries: (Entry & { hash: string })[];
  next: string | null;
}

describe.each(backends)('the lists by the API on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const get = async (url: string) => (await server.inject(`/api/v1${url}`)).json();
  const namesOf = ({ entries }: Entries) => entries.map(({ name }) => name).sort();

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
  });

  test('the list of today has each entry with a hash from which the state hash can be made', async () => {
    const { lists, entries, matching, next }: Entries = await get('/entries?limit=1000');
    expect([matching, next, lists.length]).toEqual([7, null, 1]);
    for (const { hash, ...entry } of entries) expect(hash).toBe(entryHash(entry));
    expect(lists[0]!.stateHash).toBe(stateHash(entries.map(({ hash }) => hash)));
    const { stateHashes } = await get('/change-sets/cs_2025-05426_1');
    expect(lists[0]!.stateHash).toBe(stateHashes['entity-list']);
  });

  test('a day before the rule had the entries of the baseline, and a day before that is refused', async () => {
    expect(namesOf(await get('/entries?asOf=2025-03-24'))).toEqual([
      'Aerotechnic France',
      'Gone Trading GmbH',
    ]);
    const before = await server.inject('/api/v1/entries?asOf=2024-01-01&list=entity-list');
    expect([before.statusCode, before.json().detail]).toEqual([
      400,
      'asOf: the entity-list is known from 2025-03-01 on',
    ]);
  });

  test('what we knew before the rule came is another list than what was in effect', async () => {
    const known = await get('/entries?asOf=2025-03-27&knownAt=2025-03-27T12:00:00Z');
    expect(namesOf(known)).toEqual(['Aerotechnic France', 'Gone Trading GmbH']);
    expect((await get('/entries?asOf=2025-03-27')).matching).toBe(7);
  });

  test('pages are of one state, though a rule comes in between', async () => {
    const first: Entries = await get('/entries?limit=3');
    const document = sampleDocument({ number: '2025-09999' });
    await store(parts, { changeSetId: 'cs_between', document }, hostileChanges());
    const seen = [...first.entries];
    for (let { next } = first; next !== null; ) {
      const page: Entries = await get(`/entries?limit=3&cursor=${next}`);
      expect([page.latest, page.lists]).toEqual([first.latest, first.lists]);
      seen.push(...page.entries);
      next = page.next;
    }
    expect(new Set(seen.map(({ entryId }) => entryId)).size).toBe(7);
    expect((await get('/entries')).matching).toBe(7 + hostileChanges().length);
  });

  test.each([
    ['q=institute', ['Beijing Example Institute']],
    ['q=%E7%A4%BA%E4%BE%8B', ['Beijing Example Institute']],
    ['q=rue+neuve', ['Aerotechnic France']],
    ['q=rue+neuve&destination=CN', []],
    ['q=---', []],
    ['destination=pk,ae', ['Brave Tech', 'Octagon FZE', 'Rachna Supplies']],
  ])('finds by %s', async (query, names) => {
    expect(namesOf(await get(`/entries?${query}`))).toEqual(names);
    const bulk = (await server.inject(`/api/v1/entries.ndjson?${query}`)).body.split('\n').filter(Boolean);
    expect(bulk.map((line) => JSON.parse(line).name).sort()).toEqual(names);
  });

  test.each([
    'cursor=abc',
    'cursor=x',
    'asOf=2025-02-30',
    'knownAt=2025-03-28',
    'limit=0',
    'list=other',
    'includePending=true&asOf=2025-03-28',
  ])('refuses ?%s', async (query) => {
    const answer = await server.inject(`/api/v1/entries?${query}`);
    expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/invalid-query']);
  });

  test('a list that is not loaded is not ready, and never an empty list', async () => {
    const answer = await server.inject('/api/v1/entries?list=unverified-list');
    expect([answer.statusCode, answer.json().type]).toEqual([503, '/problems/not-ready']);
  });

  test('bulk answers are whole: as many rows as entries, in CSV and in JSON', async () => {
    const csv = await server.inject('/api/v1/entries.csv');
    const rows: string[][] = parse(csv.body, { bom: true });
    expect(rows).toHaveLength(1 + 7);
    const lines = (await server.inject('/api/v1/entries.ndjson')).body.trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Entries['entries'][number]);
    expect(stateHash(entries.map(({ hash }) => hash))).toBe((await get('/entries')).lists[0].stateHash);
    expect(csv.headers['elwatch-latest']).toBe(String((await get('/entries')).latest));
  });

  test('an entry has everything that happened to it, also after it was removed', async () => {
    const revised = await get('/entries/e107');
    expect(revised.changes.map(({ kind }: { kind: string }) => kind)).toEqual(['added', 'revised']);
    expect(revised.entry.aliases).toContain('Aerotechnic SAS');
    const removed = await get('/entries/e108');
    expect(removed.entry).toBeNull();
    expect(removed.changes.at(-1)).toMatchObject({ kind: 'removed', document: '2025-05426' });
    expect((await server.inject('/api/v1/entries/none')).statusCode).toBe(404);
  });

  test('what is ordered for later counts only where it is asked for', async () => {
    await database.empty();
    await storeBaseline(parts);
    await store(
      parts,
      { effectiveOn: '2025-05-01' },
      hostileChanges()
        .slice(0, 1)
        .map((change) => ({ ...change, effectiveOn: '2025-05-01' })),
    );
    const now: Entries = await get('/entries');
    const pending: Entries = await get('/entries?includePending=true');
    expect([now.matching, pending.matching, pending.asOf]).toEqual([2, 3, null]);
    expect((await get('/entries?asOf=2025-05-01')).matching).toBe(3);
  });
});
