import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, store, storeSample, tokenFor } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { sampleAddition, sampleDocument, sampleEntry } from '../../helpers/sample-changes.ts';

describe.each(backends)('screening by the API on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let headers: { authorization: string };
  const ask = (body: unknown) =>
    server.inject({ method: 'POST', url: '/api/v1/screen', headers, payload: body as object });
  const screen = async (...names: object[]) => (await ask({ names })).json();

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    server = openApi(parts);
    headers = await tokenFor(parts, ['watchlists']);
  });

  test('a name on the list is found with score, text, reasons and rule', async () => {
    await storeSample(parts);
    const answer = await screen({ id: 'x1', name: 'HENAN DINGXIN Co., Ltd.', country: 'cn' });
    expect(answer).toMatchObject({ names: 1, hits: [{ id: 'x1', countryAgrees: true }] });
    const [hit] = answer.hits;
    expect(hit.entry).toMatchObject({ name: 'Henan Dingxin', list: 'entity-list' });
    expect(hit.matched).toMatchObject({ field: 'name', theirs: expect.any(String) });
    expect(hit.score).toBeGreaterThanOrEqual(answer.threshold);
    expect(hit.reasons.length).toBeGreaterThan(0);
    expect(hit.url).toBe('https://www.federalregister.gov/citation/90-FR-14035');
  });

  test('an alias in Chinese and an address are found too, and what is removed is not', async () => {
    await storeSample(parts);
    const { hits } = await screen(
      { id: 'alias', name: '北京示例研究所' },
      { id: 'address', name: '', addresses: ['1 Rue Neuve, Paris, France'] },
      { id: 'removed', name: 'Gone Trading GmbH' },
      { id: 'nobody', name: 'Quiet Meadow Bakery' },
    );
    const found = hits.map(({ id, entry }: { id: string; entry: { name: string } }) => [id, entry.name]);
    expect(found).toContainEqual(['alias', 'Beijing Example Institute']);
    expect(found).toContainEqual(['address', 'Aerotechnic France']);
    expect(found.map(([id]: string[]) => id)).not.toContain('removed');
    expect(found.map(([id]: string[]) => id)).not.toContain('nobody');
  });

  test('two names of one id are both answered', async () => {
    await storeSample(parts);
    const { hits } = await screen({ id: 'same', name: 'Henan Dingxin' }, { id: 'same', name: 'Brave Tech' });
    expect(hits.map(({ id, entry }: { id: string; entry: { name: string } }) => [id, entry.name])).toEqual([
      ['same', 'Henan Dingxin'],
      ['same', 'Brave Tech'],
    ]);
  });

  test('an entry is found as soon as its rule is applied', async () => {
    await storeSample(parts);
    expect((await screen({ name: 'Novel Rotor Works' })).hits).toEqual([]);
    const added = sampleAddition(301, 'CN', "CHINA, PEOPLE'S REPUBLIC OF", sampleEntry('Novel Rotor Works'));
    const document = sampleDocument({ number: '2025-09999' });
    await store(parts, { changeSetId: 'cs_new', document }, [added]);
    expect((await screen({ name: 'Novel Rotor Works' })).hits).toHaveLength(1);
  });

  test('a threshold leaves out what is below it', async () => {
    await storeSample(parts);
    const name = { name: 'Henan Dingxing Trading' };
    const { hits } = (await ask({ names: [name], threshold: 0.5 })).json();
    expect(hits.length).toBeGreaterThan(0);
    expect((await ask({ names: [name], threshold: 1 })).json().hits).toEqual([]);
  });

  test('without a list there is no answer: “no hit” would be untrue', async () => {
    const answer = await ask({ names: [{ name: 'Henan Dingxin' }] });
    expect([answer.statusCode, answer.json().type]).toEqual([503, '/problems/not-ready']);
  });

  test.each([
    { names: [] },
    { names: [{ name: '' }] },
    { names: [{ name: 'x'.repeat(301) }] },
    { names: Array.from({ length: 1_001 }, () => ({ name: 'x' })) },
    { names: [{ name: 'x' }], threshold: 0 },
    { names: [{ nmae: 'x' }] },
    { names: [{ name: 'x', country: 'China' }] },
  ])('refuses what it cannot compare %#', async (body) => {
    const answer = await ask(body);
    expect([answer.statusCode, answer.json().type]).toEqual([422, '/problems/invalid-body']);
  });
});
