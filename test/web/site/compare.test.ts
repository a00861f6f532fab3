import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, store, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { hostileChanges, sampleAddition, sampleEntry } from '../../helpers/sample-changes.ts';

/** The rows of the entries that differ: name, kind, and what stands on either day. */
const rowsIn = (html: string) =>
  [
    ...html.matchAll(
      /<tr><th scope="row"><a [^>]*>(.*?)<\/a> <span class="tag \w+">(\w+)<\/span>.*?<td[^>]*>(.*?)<\/td>\s*<td[^>]*>(.*?)<\/td>/gsu,
    ),
  ].map(([, name, kind, before, after]) => ({ name, kind, before: before!, after: after! }));

describe.each(backends)('comparing two days on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const clock = { now: '2025-03-31T15:00:00.000Z' };
  const page = async (url: string) => (await server.inject(url)).body;

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

  test('shows the last thirty days unless told, with how many came and went', async () => {
    const html = await page('/compare');
    expect(html).toContain(
      'The Entity List has 2 entries on March 1, 2025 and 7 on March 31, 2025: 6 added, 1 removed, 1 revised.',
    );
    expect(html).toMatch(/<th scope="row">China<\/th><td[^>]*>0<\/td><td[^>]*>3<\/td>/u);
    expect(rowsIn(html)).toHaveLength(8);
  });

  test('shows each entry side by side, with the words that differ', async () => {
    const rows = rowsIn(await page('/compare?list=entity-list&from=2025-03-24&to=2025-03-25'));
    const revised = rows.find(({ kind }) => kind === 'revised')!;
    expect(revised.before).toContain('<del>ATF</del>');
    expect(revised.before).not.toContain('Aerotechnic SAS');
    expect(revised.after).toContain('<ins>Aerotechnic SAS</ins>');
    expect(revised.after).not.toContain('ATF<');
    const added = rows.find(({ name }) => name === 'Beijing Example Institute')!;
    expect(added.before).toContain('not on the list');
    expect(added.after).toContain('北京示例研究所');
    const removed = rows.find(({ kind }) => kind === 'removed')!;
    expect(removed.before).toContain('Hafenstrasse 1, Hamburg');
    expect(removed.after).toContain('not on the list');
  });

  test('leads to each entry, to one that is gone as it stood', async () => {
    const html = await page('/compare');
    expect(html).toContain('href="/entries/e101"');
    expect(html).toMatch(/href="\/entries\/[^"]+\?on=2025-03-01">Gone Trading GmbH/u);
  });

  test.each([
    ['from=2025-03-24&to=2025-03-24', 'Both days are the same'],
    ['from=2025-03-26&to=2025-03-28', 'Nothing differs'],
    ['from=2025-02-01&to=2025-03-28', 'is known here from March 1, 2025 on'],
    ['from=2025-03-24&to=2025-04-30', 'April 30, 2025 is still to come'],
    ['to=2025-02-01', 'is known here from March 1, 2025 on'],
    ['list=unverified-list', 'The Unverified List is not loaded here yet'],
  ])('%s has nothing to show, and says why', async (query, sentence) => {
    const answer = await server.inject(`/compare?${query}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain(sentence);
    expect(rowsIn(answer.body)).toEqual([]);
  });

  test('days in the other order are put in order, and that is said', async () => {
    const html = await page('/compare?from=2025-03-28&to=2025-03-24');
    expect(html).toContain('compared in the order of time');
    expect(html).toContain('value="2025-03-24"');
    expect(rowsIn(html)).toEqual(rowsIn(await page('/compare?from=2025-03-24&to=2025-03-28')));
    expect(rowsIn(html)).toHaveLength(8);
  });

  test('an entry that moved counts under both destinations, and shows both headings', async () => {
    const {
      seq: _,
      changeSetId: __,
      knownAt: ___,
      ...change
    } = sampleAddition(0, 'TW', 'TAIWAN', sampleEntry('X'));
    await store(parts, { changeSetId: 'cs_move', knownAt: '2025-03-30T12:00:00.000Z' }, [
      {
        ...change,
        entryId: 'e102',
        kind: 'revised',
        name: 'Henan Dingxin',
        before: sampleEntry('Henan Dingxin'),
        fields: ['destination'],
        movedFrom: { destination: 'CHINA', country: 'CN' },
        effectiveOn: '2025-03-30',
      },
    ]);
    const html = await page('/compare?from=2025-03-29&to=2025-03-31');
    const [row] = rowsIn(html);
    expect(row!.before).toMatch(/<del>CHINA/u);
    expect(row!.after).toContain('<ins>TAIWAN</ins>');
    expect(html).toMatch(/<th scope="row">China<\/th><td[^>]*>3<\/td>.*<td[^>]*>2<\/td><\/tr>/u);
    expect(html).toMatch(/<th scope="row">Taiwan<\/th><td[^>]*>0<\/td>.*<td[^>]*>1<\/td><\/tr>/u);
  });

  test('all differences can be had as CSV', async () => {
    const csv = await server.inject('/compare/differences.csv?from=2025-03-24&to=2025-03-28');
    expect(csv.headers['content-disposition']).toContain('entity-list-2025-03-24-to-2025-03-28.csv');
    const rows = parse(csv.body, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(8);
    expect(rows.map((row) => row.change).sort()).toEqual([...Array(6).fill('added'), 'removed', 'revised']);
    expect(rows.find((row) => row.change === 'revised')).toMatchObject({
      'changed fields': 'aliases; addresses; license review policy',
      'before aliases': 'Aero-Tech; ATF',
    });
  });

  test('goes on page by page, and none is lost', async () => {
    const many = Array.from({ length: 130 }, (_, at) => {
      const {
        seq: _seq,
        changeSetId: _id,
        knownAt: _at,
        ...change
      } = sampleAddition(at, 'CN', 'CHINA', sampleEntry(`Works ${at}`));
      return { ...change, entryId: `many-${at}`, effectiveOn: '2025-03-30' };
    });
    await store(parts, { changeSetId: 'cs_many', knownAt: '2025-03-30T12:00:00.000Z' }, many);
    const seen: (string | undefined)[] = [];
    for (const at of [1, 2])
      seen.push(...rowsIn(await page(`/compare?from=2025-03-29&page=${at}`)).map(({ name }) => name));
    expect(new Set(seen).size).toBe(130);
    expect(seen).toHaveLength(130);
  });

  test('hostile names are text', async () => {
    const changes = hostileChanges().map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change);
    await store(parts, { changeSetId: 'cs_hostile', knownAt: '2025-03-31T14:00:00.000Z' }, changes);
    const answer = await server.inject('/compare');
    expect(rowsIn(answer.body).length).toBeGreaterThan(8);
    expect(answer.body).not.toMatch(/<script(?! src="\/assets\/)|<img|[\u202A-\u202E\u2066-\u2069\0]/u);
    expect(answer.body).not.toMatch(/ style=| on[a-z]+="/u);
    expect((await server.inject('/compare?from=%3Cscript%3E')).statusCode).toBe(400);
  });
});
