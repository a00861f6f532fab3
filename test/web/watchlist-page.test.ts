import { load } from 'cheerio';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../src/parts.ts';
import { openApi, openApiParts, storeSample, tokenFor } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';

describe.each(backends.slice(0, 1))('the page of a watchlist', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let path: string;
  let listed: string;
  const clock = { now: '2025-03-31T15:00:00.000Z' };

  const get = async (url = path) => {
    const answer = await server.inject(url);
    return { answer, $: load(answer.body) };
  };
  const upload = async (file: string | null, fields: Record<string, string> = {}) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    if (file !== null) form.append('file', new Blob([file]), 'suppliers.csv');
    const sent = new Response(form);
    const answer = await server.inject({
      method: 'POST',
      url: `${path}/rows`,
      headers: { 'content-type': sent.headers.get('content-type')! },
      payload: Buffer.from(await sent.arrayBuffer()),
    });
    return { answer, $: load(answer.body) };
  };
  const decide = (fields: Record<string, string>) =>
    server.inject({
      method: 'POST',
      url: `${path}/decisions`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
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
    const headers = await tokenFor(parts, ['watchlists'], { organisationId: 'acme' });
    const post = async (url: string, payload?: object) =>
      (
        await server.inject({
          method: 'POST',
          url: `/api/v1${url}`,
          headers,
          ...(payload === undefined ? {} : { payload }),
        })
      ).json();
    const { watchlistId } = await post('/watchlists', { name: '<b>suppliers</b>' });
    path = new URL((await post(`/watchlists/${watchlistId}/page`)).url).pathname;
    listed = (await server.inject('/api/v1/entries')).json().entries[0].name;
  });

  test('needs no password but its address, is kept by nobody, and says that nothing is uploaded', async () => {
    const { answer, $ } = await get();
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect($('h1').text()).toBe('Watchlist <b>suppliers</b>');
    expect($('main').text()).toContain('No file was uploaded yet.');
    expect($('meta[name=robots]').attr('content')).toBe('noindex');
    expect($('label[for=file]')).toHaveLength(1);
  });

  test('takes a file and shows what it hits, with the reason', async () => {
    const { answer, $ } = await upload(`id,name\n4711,"${listed.toUpperCase()}"\n8,Quite Another Bakery\n`);
    expect(answer.statusCode).toBe(200);
    expect($('[role=status]').text()).toContain('2 rows were taken.');
    const row = $('table').first().find('tbody tr');
    expect(row).toHaveLength(1);
    expect(row.text()).toContain('id 4711');
    expect(row.text()).toContain(listed);
  });

  test('names rows with faults and takes nothing, or the others where that is ticked', async () => {
    const faulty = 'id,name\n1,Acme Unlike\n2,\n';
    const refused = await upload(faulty);
    expect(refused.answer.statusCode).toBe(422);
    expect(refused.$('[role=status]').text()).toMatch(/Nothing was taken: 1 rows.*row 3:/su);
    expect(refused.$('main').text()).toContain('No file was uploaded yet.');
    const taken = await upload(faulty, { 'skip-faulty': 'true' });
    expect(taken.$('[role=status]').text()).toContain('1 row was taken.');
  });

  test('says why a file or a form cannot be taken', async () => {
    expect((await upload('town\nPerm\n')).$('[role=alert]').text()).toContain('no column holds names');
    expect((await upload(null)).$('[role=alert]').text()).toContain('has no file');
  });

  test('takes a decision, which hides the hit', async () => {
    await upload(`name\n${listed}\n`);
    const { $ } = await get();
    const hit = $('input[name=hit]').attr('value')!;
    for (const wrong of [
      { hit: '999999', reason: 'another company' },
      { hit, reason: '' },
      { hit, reason: 'another company', expires: '2020-01-01' },
    ])
      expect((await decide(wrong)).statusCode).toBe(422);
    const done = await decide({ hit, reason: 'another company', expires: '2026-01-01' });
    expect([done.statusCode, done.headers.location]).toEqual([303, `${path}?page=1&done=decided#said`]);
    expect((await get()).$('input[name=hit]')).toHaveLength(0);
    const again = await upload(`name\n${listed}\n`);
    expect(again.$('input[name=hit]')).toHaveLength(0);
    expect(again.$('table').last().text()).toContain('and 1 decided');
  });

  test('shows a hit again the day after the last one of its decision, without a comparison', async () => {
    await upload(`name\n${listed}\n`);
    const shown = async () => (await get()).$('input[name=hit]').length;
    const hit = (await get()).$('input[name=hit]').attr('value')!;
    await decide({ hit, reason: 'another company', expires: '2025-04-01' });
    expect(await shown()).toBe(0);
    clock.now = '2025-04-02T03:59:00.000Z';
    expect(await shown()).toBe(0);
    clock.now = '2025-04-02T04:00:00.000Z';
    expect(await shown()).toBe(1);
  });

  test('is found by no other address, and not after thirty days', async () => {
    const changed = `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`;
    for (const url of [changed, '/watchlists/x', `/watchlists/${'a'.repeat(3_000)}`])
      expect((await get(url)).answer.statusCode).toBeGreaterThanOrEqual(404);
    clock.now = '2025-05-01T15:00:00.000Z';
    expect((await get()).answer.statusCode).toBe(404);
    expect((await upload('name\nX\n')).answer.statusCode).toBe(404);
    expect((await decide({ hit: '1', reason: 'another company' })).statusCode).toBe(404);
  });
});
