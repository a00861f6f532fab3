import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, storeSample, tokenFor } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';

const FILE = 'id,name,country\n7,Gone Tradings GmbH,DE\n8,Quite Another Bakery,FR\n9,Acme Unlike,US\n';

describe.each(backends)('watchlists by the API on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let ours: { authorization: string };
  let listed: string;
  const clock = { now: '2025-03-31T15:00:00.000Z' };

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = async (method: Method, url: string, payload?: object, headers = ours) => {
    const answer = await server.inject({
      method,
      url: `/api/v1${url}`,
      headers,
      ...(payload ? { payload } : {}),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
  const add = async (name = 'suppliers'): Promise<string> =>
    (await call('POST', '/watchlists', { name })).body.watchlistId;
  const upload = (id: string, payload: string | Buffer, type = 'text/csv', query = '') =>
    server.inject({
      method: 'PUT',
      url: `/api/v1/watchlists/${id}/rows${query}`,
      headers: { ...ours, 'content-type': type },
      payload,
    });

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
    ours = await tokenFor(parts, ['watchlists'], { organisationId: 'acme' });
    listed = (await call('GET', '/entries')).body.entries[0].name;
  });

  test('a file is taken as a whole, compared at once, and says what was hit and why', async () => {
    const id = await add();
    const answer = await upload(id, `${FILE}10,"${listed.toUpperCase()}",\n`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      isTaken: true,
      format: 'csv',
      rows: 4,
      faults: { count: 0 },
      watchlist: { version: 1, rows: 4, name: 'suppliers' },
      run: { cause: 'upload', names: 4, hits: 1, hidden: 0 },
    });
    expect(answer.json().watchlist).not.toHaveProperty('organisationId');
    const { hits } = (await call('GET', `/watchlists/${id}/hits`)).body;
    expect(hits).toHaveLength(1);
    expect(hits[0]).toMatchObject({ ref: '10', rowNumber: 5, entryName: listed, matched: { field: 'name' } });
    expect(hits[0].reasons.length).toBeGreaterThan(0);
    const run = answer.json().run.runId;
    expect((await call('GET', `/watchlists/${id}/runs/${run}/hits`)).body.hits).toEqual(hits);
  });

  test('workbooks and JSON are taken as well', async () => {
    const id = await add();
    const book = await writeXlsxFile([[{ value: 'name' }], [{ value: listed }]], { buffer: true } as never);
    const bytes = Buffer.isBuffer(book) ? book : await (book as { toBuffer(): Promise<Buffer> }).toBuffer();
    const sheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    expect((await upload(id, bytes, sheet)).json()).toMatchObject({ format: 'xlsx', run: { hits: 1 } });
    const json = JSON.stringify([{ name: listed }, { name: 'Quite Another Bakery' }]);
    expect((await upload(id, json, 'application/json')).json()).toMatchObject({
      format: 'json',
      rows: 2,
      run: { hits: 1 },
    });
  });

  test('rows with faults are named, and nothing of the file is taken unless asked for', async () => {
    const id = await add();
    await upload(id, FILE);
    const faulty = `${FILE}11,,CN\n`;
    const refused = await upload(id, faulty);
    expect(refused.statusCode).toBe(422);
    expect(refused.json()).toMatchObject({
      isTaken: false,
      faults: { count: 1, first: [{ row: 5, code: 'no-name' }] },
      watchlist: { version: 1, rows: 3 },
      run: null,
    });
    expect((await call('GET', `/watchlists/${id}`)).body).toMatchObject({ version: 1, rows: 3 });
    const taken = await upload(id, faulty, 'text/csv', '?skip-faulty=true');
    expect(taken.json()).toMatchObject({ isTaken: true, rows: 3, faults: { count: 1 } });
  });

  test('a file that cannot be read at all is a problem that says why', async () => {
    const id = await add();
    for (const [body, words] of [
      ['town\nPerm\n', 'No column holds names'],
      [Buffer.from('PK\u0003\u0004 no workbook'), 'cannot be read'],
    ] as const) {
      const answer = await upload(id, body);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([
        422,
        'application/problem+json; charset=utf-8',
      ]);
      expect(answer.json().detail).toContain(words);
    }
    expect((await call('GET', `/watchlists/${id}`)).body).toMatchObject({ version: 0, rows: 0 });
  });

  test('a run without a hit is kept as evidence', async () => {
    const id = await add();
    await upload(id, 'name\nQuite Another Bakery\n');
    expect((await call('POST', `/watchlists/${id}/screen`)).status).toBe(201);
    const { runs } = (await call('GET', `/watchlists/${id}/runs`)).body;
    expect(runs.map(({ cause, hits }: { cause: string; hits: number }) => `${cause} ${hits}`).sort()).toEqual(
      ['demand 0', 'upload 0'],
    );
    expect(Object.values(runs[0].stateHashes)[0]).toMatch(/^[0-9a-f]{64}$/u);
  });

  test('a decision hides a hit at once, until it is taken back or its last day in Washington is over', async () => {
    const id = await add();
    await upload(id, `name\n${listed}\n`);
    const hits = async () => (await call('GET', `/watchlists/${id}/hits`)).body.hits;
    const [{ hitId }] = await hits();
    const decide = (expiresOn: string | null) =>
      call('POST', `/watchlists/${id}/decisions`, { hitId, reason: 'another company', expiresOn });
    const { decisionId } = (await decide(null)).body;
    expect(await hits()).toEqual([]);
    // The same again is the same decision, and another takes its place.
    expect((await decide(null)).body.decisionId).toBe(decisionId);
    const second = (await decide('2025-04-01')).body.decisionId;
    expect((await call('DELETE', `/watchlists/${id}/decisions/${decisionId}`)).status).toBe(404);
    expect((await call('DELETE', `/watchlists/${id}/decisions/${second}`)).status).toBe(204);
    expect(await hits()).toHaveLength(1);
    await decide('2025-04-01');
    clock.now = '2025-04-02T03:59:00.000Z';
    expect(await hits()).toEqual([]);
    clock.now = '2025-04-02T04:00:00.000Z';
    expect(await hits()).toHaveLength(1);
    expect((await call('GET', `/watchlists/${id}/runs`)).body.runs).toHaveLength(1);
  });

  test('the secret address of the page is void once there is another, and when it is ended', async () => {
    const id = await add();
    const make = async () => new URL((await call('POST', `/watchlists/${id}/page`)).body.url).pathname;
    const status = async (path: string) => (await server.inject(path)).statusCode;
    expect((await call('DELETE', `/watchlists/${id}/page`)).status).toBe(404);
    const first = await make();
    expect(await status(first)).toBe(200);
    const second = await make();
    expect(second).not.toBe(first);
    expect([await status(first), await status(second)]).toEqual([404, 200]);
    const other = await tokenFor(parts, ['watchlists'], { organisationId: 'other' });
    expect((await call('DELETE', `/watchlists/${id}/page`, undefined, other)).status).toBe(404);
    expect(await status(second)).toBe(200);
    expect((await call('DELETE', `/watchlists/${id}/page`)).status).toBe(204);
    expect(await status(second)).toBe(404);
  });

  test('a decision hides a hit in later runs, and no more once it is taken back', async () => {
    const id = await add();
    await upload(id, `name\n${listed}\n`);
    const hitId = (await call('GET', `/watchlists/${id}/hits`)).body.hits[0].hitId;
    const decided = await call('POST', `/watchlists/${id}/decisions`, { hitId, reason: 'another company' });
    expect(decided).toMatchObject({ status: 201, body: { verdict: 'not-a-match', entryName: listed } });
    const rerun = async () => (await call('POST', `/watchlists/${id}/screen`)).body;
    expect(await rerun()).toMatchObject({ hits: 1, hidden: 1 });
    expect((await call('GET', `/watchlists/${id}/hits`)).body.hits).toEqual([]);
    expect((await call('GET', `/watchlists/${id}/hits?hidden=true`)).body.hits).toHaveLength(1);
    const path = `/watchlists/${id}/decisions/${decided.body.decisionId}`;
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(404);
    expect(await rerun()).toMatchObject({ hits: 1, hidden: 0 });
    expect((await call('GET', `/watchlists/${id}/decisions`)).body.decisions).toHaveLength(1);
    const late = { hitId, reason: 'another company', expiresOn: '2025-03-30' };
    expect((await call('POST', `/watchlists/${id}/decisions`, late)).status).toBe(422);
  });

  test('are renamed, given a threshold, and deleted', async () => {
    const id = await add();
    await add('customers');
    const edit = (payload: object) => call('PATCH', `/watchlists/${id}`, payload);
    expect(await edit({ threshold: 0.9 })).toMatchObject({ status: 200, body: { threshold: 0.9 } });
    expect((await edit({ name: 'customers' })).status).toBe(409);
    expect((await edit({})).status).toBe(422);
    expect((await edit({ threshold: 0.1 })).status).toBe(422);
    expect((await call('DELETE', `/watchlists/${id}`)).status).toBe(204);
    expect((await call('GET', '/watchlists')).body.watchlists).toHaveLength(1);
  });

  test('nobody else sees them, and a token needs the scope', async () => {
    const id = await add();
    await upload(id, FILE);
    const theirs = await tokenFor(parts, ['watchlists'], { organisationId: 'other' });
    for (const path of ['', '/hits', '/runs', '/decisions'])
      expect((await call('GET', `/watchlists/${id}${path}`, undefined, theirs)).status).toBe(404);
    expect((await call('GET', '/watchlists', undefined, theirs)).body).toEqual({ watchlists: [] });
    const reader = await tokenFor(parts, ['read'], { organisationId: 'acme' });
    expect((await call('GET', '/watchlists', undefined, reader)).status).toBe(403);
    expect((await server.inject('/api/v1/watchlists')).statusCode).toBe(401);
  });
});
