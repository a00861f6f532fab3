import { load } from 'cheerio';
import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import countries from 'i18n-iso-countries';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../src/parts.ts';
import { addWatchlist } from '../../src/store/watchlists.ts';
import { openApi, openApiParts, storeSample, tokenFor } from '../helpers/api.ts';
import { type Browser, bareToken, openBrowser } from '../helpers/browser.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';

describe.each(backends)('the page of screening on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let browser: Browser;
  const clock = { now: '2025-03-31T15:00:00.000Z' };

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
    browser = openBrowser(() => server);
  });

  const signIn = async (organisationId = 'acme', scopes = ['watchlists'] as const) =>
    browser.signIn(bareToken(await tokenFor(parts, [...scopes], { organisationId })));
  const cookie = () => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  async function upload(path: string, csrf: string, file: string) {
    const form = new FormData();
    form.append('file', new Blob([file]), 'suppliers.csv');
    const sent = new Response(form);
    return server.inject({
      method: 'POST',
      url: `${path}/rows?csrf=${csrf}`,
      headers: { 'content-type': sent.headers.get('content-type')!, cookie: cookie() },
      payload: Buffer.from(await sent.arrayBuffer()),
    });
  }

  test('compares names with the lists for anybody, says why, and keeps nothing', async () => {
    const names = 'BEIJING EXAMPLE INST.\n<script>alert(1)</script>\n';
    const answer = await browser.post('/screening', { names });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const $ = load(answer.body);
    expect($('[role=status]').text()).toContain('2 names compared');
    expect($('td[data-head=Entry] a').first().text()).toBe('Beijing Example Institute');
    expect($('td[data-head=Why]').first().text()).toMatch(/like “.+”: .+/u);
    expect($('h3').last().text()).toBe('<script>alert(1)</script>');
    expect($('textarea').text()).toBe(names);
    expect(await parts.db.selectFrom('screeningRun').selectAll().execute()).toEqual([]);
  });

  test.each([
    ['', 'Enter at least one name'],
    [Array.from({ length: 51 }, (_, at) => `Name ${at}`).join('\n'), '51 names'],
    ['x'.repeat(301), 'more than 300 characters'],
  ])('refuses what it cannot compare in a sentence', async (names, words) => {
    const answer = await browser.post('/screening', { names });
    expect(answer.statusCode).toBe(422);
    expect(load(answer.body)('[role=alert]').text()).toContain(words);
  });

  test('shows watchlists to who signed in, of their own organisation alone', async () => {
    await addWatchlist(parts.db, {
      ...{ organisationId: 'operator', name: 'of others', threshold: null, createdAt: clock.now },
    });
    const [others] = await parts.db.selectFrom('watchlist').select('watchlistId').execute();
    expect((await browser.get('/screening')).body).toContain('/sign-in?next=%2Fscreening');
    expect((await browser.get(`/screening/${others!.watchlistId}`)).statusCode).toBe(303);
    await signIn();
    const page = await browser.get('/screening');
    expect(page.body).toContain('Your organisation has none yet');
    expect(page.body).not.toContain('of others');
    for (const path of ['', '/evidence.csv', '/evidence.json'])
      expect((await browser.get(`/screening/${others!.watchlistId}${path}`)).statusCode).toBe(404);
    expect((await browser.send(`/screening/${others!.watchlistId}/compare`)).statusCode).toBe(404);
  });

  test('needs the scope for watchlists', async () => {
    await browser.signIn(bareToken(await tokenFor(parts, ['read'], { organisationId: 'acme' })));
    expect((await browser.get('/screening')).body).toContain('lacks the scope “watchlists”');
    expect((await browser.send('/screening/watchlists', {}, { name: 'x' })).statusCode).toBe(403);
  });

  test('a watchlist is added, filled, decided on, compared again, and its evidence taken away', async () => {
    await signIn();
    const added = await browser.send('/screening/watchlists', {}, { name: 'Suppliers' });
    const path = String(added.headers.location);
    expect(path).toMatch(/^\/screening\/wl_/u);
    const again = await browser.send('/screening/watchlists', {}, { name: 'Suppliers' });
    expect([again.statusCode, again.body]).toEqual([422, expect.stringContaining('already')]);

    const empty = load((await browser.get(path)).body);
    expect(empty('form[data-progress] progress')).toHaveLength(1);
    const csrf = new URL(empty('form[data-progress]').attr('action')!, 'http://x').searchParams.get('csrf')!;
    const file = 'id,name\n1,Beijing Example Institute\n2,Quite Another Bakery\n';
    expect((await upload(path, 'forged', file)).statusCode).toBe(403);
    const taken = await upload(path, csrf, file);
    // Without a script the answer stays on that address, and somebody asks for it anew.
    const anew = await browser.get(`${path}/rows?csrf=${csrf}`);
    expect([anew.statusCode, anew.headers.location]).toEqual([303, path]);
    expect(taken.statusCode).toBe(200);
    expect(taken.body).toContain('2 rows were taken.');

    let $ = load((await browser.get(path)).body);
    const hit = $('input[name=hit]').attr('value')!;
    await browser.send(`${path}/decisions`, {}, { hit, reason: 'a bakery of that name', expires: '' });
    $ = load((await browser.get(path)).body);
    expect($('input[name=hit]')).toHaveLength(0);
    const decision = $('input[name=decision]').attr('value')!;
    expect($('td[data-head=Reason]').text()).toBe('a bakery of that name');
    await browser.send(`${path}/decisions/end`, {}, { decision });
    expect(load((await browser.get(path)).body)('input[name=hit]')).toHaveLength(1);

    clock.now = '2025-03-31T15:05:00.000Z';
    expect((await browser.send(`${path}/compare`)).statusCode).toBe(303);
    const rows: Record<string, string>[] = parse((await browser.get(`${path}/evidence.csv`)).body, {
      ...{ bom: true, columns: true },
    });
    expect(rows.map((row) => [row.cause, row.counterparty, row.entry])).toEqual([
      ['demand', 'Beijing Example Institute', 'Beijing Example Institute'],
      ['upload', 'Beijing Example Institute', 'Beijing Example Institute'],
    ]);
    const evidence = (await browser.get(`${path}/evidence.json`)).json();
    expect(evidence.runs).toHaveLength(2);
    expect(evidence.decisions).toMatchObject([{ reason: 'a bakery of that name' }]);
    expect(evidence.decisions[0].endedAt).not.toBeNull();
  });

  test('many hits come in pages of a bounded size, and a decision leads back to its page and says so', async () => {
    await signIn();
    const added = await browser.send('/screening/watchlists', {}, { name: 'Many' });
    const path = String(added.headers.location);
    const form = load((await browser.get(path)).body)('form[data-progress]').attr('action')!;
    const csrf = new URL(form, 'http://x').searchParams.get('csrf')!;
    // Of one name and country they would be one counterparty, which one decision hides.
    const rows = Object.keys(countries.getAlpha2Codes())
      .slice(0, 100)
      .map((code, at) => `${at},Beijing Example Institute,${code}`);
    await upload(path, csrf, `id,name,country\n${rows.join('\n')}\n`);
    const first = await browser.get(path);
    expect(first.body).toContain('100 hits, the best first: 1 to 30.');
    expect(Buffer.byteLength(first.body)).toBeLessThan(60_000);
    expect(load((await browser.get(`${path}?page=4`)).body)('input[name=hit]')).toHaveLength(10);
    for (const page of ['99', '-1', 'x', '1&page=2'])
      expect((await browser.get(`${path}?page=${page}`)).body).toContain('1 to 30.');

    const $ = load((await browser.get(`${path}?page=2`)).body);
    const action = $('form[action*="/decisions?"]').first();
    expect(action.find('button').text()).toBe(
      'Not a match: Beijing Example Institute and Beijing Example Institute',
    );
    const hit = action.find('input[name=hit]').attr('value')!;
    const done = await browser.send(action.attr('action')!, {}, { hit, reason: 'another one', expires: '' });
    expect(done.headers.location).toBe(`${path}?page=2&done=decided#said`);
    const shown = load((await browser.get(`${path}?page=2&done=decided`)).body);
    expect(shown('#said').text()).toContain('Your decision is recorded');
    expect(shown('main').text()).toContain('99 hits, the best first: 31 to 60.');
    expect(shown('td[data-head="Who and when"]').text()).toMatch(/^test \(token \S+\), 2025/u);
  });

  test('a comparison without a hit is a row of the evidence too', async () => {
    await signIn();
    const path = String(
      (await browser.send('/screening/watchlists', {}, { name: 'Bakers' })).headers.location,
    );
    const form = load((await browser.get(path)).body)('form[data-progress]').attr('action')!;
    const csrf = new URL(form, 'http://x').searchParams.get('csrf')!;
    await upload(path, csrf, 'name\nQuite Another Bakery\n');
    const rows: Record<string, string>[] = parse((await browser.get(`${path}/evidence.csv`)).body, {
      ...{ bom: true, columns: true },
    });
    expect(rows).toMatchObject([{ cause: 'upload', hits: '0', counterparty: '', counterparties: '1' }]);
  });
});
