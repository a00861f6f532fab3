import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { recordOutcome, upsertDocument } from '../../../src/store/documents.ts';
import { openApi, openApiParts, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { sampleDocument } from '../../helpers/sample-changes.ts';

describe.each(backends)('documents by the API on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const get = async (url: string) => (await server.inject(`/api/v1${url}`)).json();
  const numbersOf = (answer: { documents: { number: string }[] }) =>
    answer.documents.map(({ number }) => number);

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    await storeSample(parts);
    for (const [number, publishedOn] of [
      ['2025-05426', '2025-03-28'],
      ['2025-00001', '2025-01-02'],
      ['2025-00002', '2025-01-02'],
      ['2025-00003', '2025-02-03'],
      ['2025-00003', '2025-01-02'],
    ] as const)
      await upsertDocument(parts.db, sampleDocument({ number, publishedOn }), parts.now());
    await recordOutcome(parts.db, '2025-05426', '2025-03-28', { status: 'applied', verdict: 'verified' });
    server = openApi(parts);
  });

  test('each has its status and the change sets that it led to', async () => {
    expect(await get('/documents/2025-05426')).toMatchObject({
      title: 'Additions and Revisions to the Entity List',
      status: 'applied',
      verdict: 'verified',
      changeSetIds: ['cs_2025-05426_1'],
    });
    expect(await get('/documents/2025-00001')).toMatchObject({ status: 'new', changeSetIds: [] });
    expect((await server.inject('/api/v1/documents/2025-99999')).statusCode).toBe(404);
  });

  test('a number that was used twice is told apart by its day', async () => {
    expect((await get('/documents/2025-00003')).publishedOn).toBe('2025-02-03');
    expect((await get('/documents/2025-00003?publishedOn=2025-01-02')).publishedOn).toBe('2025-01-02');
  });

  test('are paged newest first, each once', async () => {
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page: { documents: { number: string }[]; next: string | null } = await get(
        `/documents?limit=2${next === '' ? '' : `&before=${next}`}`,
      );
      seen.push(...numbersOf(page));
      next = page.next;
    }
    expect(seen).toEqual(['2025-05426', '2025-00003', '2025-00003', '2025-00002', '2025-00001']);
  });

  test('are found by status and by day of publication', async () => {
    expect(numbersOf(await get('/documents?status=applied'))).toEqual(['2025-05426']);
    expect(numbersOf(await get('/documents?since=2025-01-03&until=2025-03-01'))).toEqual(['2025-00003']);
    expect((await server.inject('/api/v1/documents?before=yesterday')).statusCode).toBe(400);
  });
});
