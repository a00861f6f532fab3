import { load } from 'cheerio';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../src/parts.ts';
import { createSecrets } from '../../src/secrets.ts';
import { listApiTokens, revokeApiToken } from '../../src/store/api-tokens.ts';
import { addFormScope } from '../../src/web/form-scope.ts';
import { addSessions, csrfOf, requireOperator, requireSession, sessionOf } from '../../src/web/session.ts';
import { ADMIN_TOKEN, openApi, openApiParts, tokenFor } from '../helpers/api.ts';
import { type Browser, bareToken, openBrowser } from '../helpers/browser.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe.each(backends)('signing in on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let browser: Browser;
  const clock = { now: '' };

  /** The service, and pages of the test's own in a scope of sessions as those of the service are. */
  function start({ adminToken = ADMIN_TOKEN as string | null, baseUrl = parts.baseUrl } = {}): void {
    const made = openApi({ ...parts, baseUrl }, { adminToken });
    const api = { db: parts.db, secrets: parts.secrets, now: parts.now, adminToken };
    addFormScope(made, async (scope) => {
      await addSessions(scope, api, baseUrl);
      scope.get('/test/who', { onRequest: requireSession('watchlists', baseUrl) }, async (request) => ({
        name: sessionOf(request).name,
        csrf: csrfOf(request),
      }));
      scope.get('/test/operator', { onRequest: requireOperator(baseUrl) }, async () => 'operator');
      scope.post('/test/act', { onRequest: requireSession('watchlists', baseUrl) }, async () => 'done');
    });
    server = made;
    browser = openBrowser(() => server);
  }

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database, { clock });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    clock.now = '2025-03-31T15:00:00.000Z';
    await database.empty();
    start();
  });

  const isSignedIn = async () => (await browser.get('/test/who')).statusCode === 200;

  test('leads to the page that was asked for', async () => {
    const first = await browser.get('/test/who?a=1&b=2');
    expect(first.statusCode).toBe(303);
    expect(first.headers.location).toBe('/sign-in?next=%2Ftest%2Fwho%3Fa%3D1%26b%3D2');
    const form = await browser.get(String(first.headers.location));
    const next = load(form.body)('input[name=next]').attr('value')!;
    const done = await browser.post('/sign-in', { token: ADMIN_TOKEN, next });
    expect([done.statusCode, done.headers.location]).toEqual([303, '/test/who?a=1&b=2']);
    expect((await browser.get('/test/who')).json().name).toBe('admin token');
  });

  test('keeps a cookie that no script reads, that no other host gets, and that holds nothing of the token', async () => {
    const token = bareToken(await tokenFor(parts, ['watchlists']));
    const [cookie] = [(await browser.post('/sign-in', { token })).headers['set-cookie']].flat();
    expect(cookie).toMatch(/^elw-session=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/u);
    const { tokenId } = (await listApiTokens(parts.db))[0]!;
    const value = /=([^;]+)/u.exec(cookie!)![1]!;
    expect(Buffer.from(value.split('.')[0]!, 'base64url').toString()).toBe(tokenId);
    expect(value).not.toContain(token.slice(4, 20));
  });

  test('over https takes the prefix that binds the cookie to the host', async () => {
    start({ baseUrl: 'https://watch.example.org' });
    const answer = await browser.post('/sign-in', { token: ADMIN_TOKEN });
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-elw-session=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/u,
    );
    expect(await isSignedIn()).toBe(true);
    const out = await browser.send('/sign-out', { origin: 'https://watch.example.org' });
    expect(String(out.headers['set-cookie'])).toContain('Path=/; Expires=Thu, 01 Jan 1970');
    expect(String(out.headers['set-cookie'])).toContain('Secure');
    expect(await isSignedIn()).toBe(false);
  });

  test.each(['', 'elw_no', 'the-admin-token-of-the-test', ' '])('refuses %j', async (token) => {
    const answer = await browser.post('/sign-in', { token });
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(load(answer.body)('[role=alert]').text()).not.toBe('');
    expect(await isSignedIn()).toBe(false);
  });

  test('never shows what was typed', async () => {
    const answer = await browser.post('/sign-in', { token: 'elw_nearly-right' });
    expect(answer.body).not.toContain('nearly-right');
  });

  test('limits guesses', async () => {
    const codes = [];
    for (let count = 0; count < 31; count += 1)
      codes.push((await browser.post('/sign-in', { token: 'guess' })).statusCode);
    expect(codes.slice(0, 30)).toEqual(Array(30).fill(403));
    expect(codes[30]).toBe(429);
    expect((await browser.post('/sign-in', { token: ADMIN_TOKEN })).statusCode).toBe(429);
  });

  test.each([
    ['//evil.example', '/operator'],
    ['/\\evil.example', '/operator'],
    ['/\t/evil.example', '/operator'],
    ['/\n/evil.example', '/operator'],
    ['https://evil.example/', '/operator'],
    ['javascript:alert(1)', '/operator'],
    ['evil.example', '/operator'],
    ['/a\\b', '/operator'],
    ['/%2F/evil.example', '/%2F/evil.example'],
    ['/screening?a=//b', '/screening?a=//b'],
  ])('with next=%j goes to %j', async (next, place) => {
    const answer = await browser.post('/sign-in', { token: ADMIN_TOKEN, next });
    expect(answer.headers.location).toBe(place);
    expect(new URL(place, 'https://us.example').host).toBe('us.example');
    const signedIn = await browser.get(`/sign-in?next=${encodeURIComponent(next)}`);
    expect(signedIn.headers.location).toBe(place === next ? next : undefined);
  });

  test('without the scope says so, and offers to sign in by another token', async () => {
    await browser.signIn(bareToken(await tokenFor(parts, ['read'])));
    const answer = await browser.get('/test/who');
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('a token without the scope “watchlists”');
    expect(load(answer.body)('form[action="/sign-in"] input[name=next]').attr('value')).toBe('/test/who');
  });

  test('as administrator of another organisation opens nothing of whoever runs the service', async () => {
    await browser.signIn(bareToken(await tokenFor(parts, ['admin'], { organisationId: 'acme' })));
    expect((await browser.get('/test/operator')).statusCode).toBe(403);
    expect((await browser.get('/test/who')).statusCode).toBe(200);
    await browser.signIn(bareToken(await tokenFor(parts, ['admin'])));
    expect((await browser.get('/test/operator')).body).toBe('operator');
  });

  describe('ends', () => {
    test('by signing out', async () => {
      await browser.signIn(ADMIN_TOKEN);
      expect(await isSignedIn()).toBe(true);
      const answer = await browser.send('/sign-out');
      expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in']);
      expect(await isSignedIn()).toBe(false);
    });

    test('when the token is revoked', async () => {
      await browser.signIn(bareToken(await tokenFor(parts, ['watchlists'])));
      expect(await isSignedIn()).toBe(true);
      const [token] = await listApiTokens(parts.db);
      await revokeApiToken(parts.db, token!.tokenId, clock.now);
      expect(await isSignedIn()).toBe(false);
      expect((await browser.send('/test/act')).statusCode).toBe(403);
    });

    test('when the admin token of the environment is another, or none', async () => {
      for (const adminToken of ['another-token-of-the-environment', null]) {
        start();
        await browser.signIn(ADMIN_TOKEN);
        expect(await isSignedIn()).toBe(true);
        const { cookies } = browser;
        start({ adminToken });
        browser.cookies = cookies;
        expect(await isSignedIn()).toBe(false);
      }
    });

    test('after twelve hours', async () => {
      await browser.signIn(ADMIN_TOKEN);
      clock.now = '2025-04-01T02:59:59.000Z';
      expect(await isSignedIn()).toBe(true);
      clock.now = '2025-04-01T03:00:01.000Z';
      expect(await isSignedIn()).toBe(false);
    });
  });

  test('takes no cookie that was changed, made up, or made for something else', async () => {
    await browser.signIn(ADMIN_TOKEN);
    const value = browser.cookies.get('elw-session')!;
    const [subject, until, signature] = value.split('.') as [string, string, string];
    const { secrets, db } = parts;
    await tokenFor(parts, ['watchlists']);
    const { tokenId } = (await listApiTokens(db))[0]!;
    const other = Buffer.from(tokenId).toString('base64url');
    const forged = [
      '',
      'x',
      `${subject}.${until}.`,
      `${other}.${until}.${signature}`,
      `${subject}.${(Number.parseInt(until, 36) + 3600).toString(36)}.${signature}`,
      `${subject}.${until}.${signature.replace(/^./u, (letter) => (letter === 'A' ? 'B' : 'A'))}`,
      secrets.signLink('session', 'admin', ADMIN_TOKEN, clock.now, 0.5),
      secrets.signLink('preferences', 'admin', '', clock.now, 0.5),
      createSecrets('another key of at least thirty-two').signLink('session', 'admin', '', clock.now, 1),
    ];
    for (const one of forged) {
      browser.cookies.set('elw-session', one);
      expect([one, await isSignedIn()]).toEqual([one, false]);
    }
    browser.cookies.set('elw-session', value);
    expect(await isSignedIn()).toBe(true);
  });

  describe('a form', () => {
    beforeEach(() => browser.signIn(ADMIN_TOKEN));

    test('is taken with the mark of the session', async () => {
      const { csrf } = (await browser.get('/test/who')).json();
      expect((await browser.post('/test/act', { csrf })).body).toBe('done');
    });

    test('is refused without it, and with that of another session', async () => {
      const foreign = openBrowser(() => server);
      await foreign.signIn(bareToken(await tokenFor(parts, ['watchlists'])));
      const { csrf } = (await foreign.get('/test/who')).json();
      expect((await foreign.post('/test/act', { csrf })).statusCode).toBe(200);
      for (const fields of [{}, { csrf: '' }, { csrf }, { csrf: browser.cookies.get('elw-session')! }]) {
        const answer = await browser.post('/test/act', fields as Record<string, string>);
        expect(answer.statusCode).toBe(403);
        expect(answer.body).toContain('nothing was done');
      }
      const mine = (await browser.get('/test/who')).json().csrf;
      expect((await browser.post(`/test/act?csrf=${mine}`, {})).statusCode).toBe(403);
    });

    test.each([
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:1' },
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    ])('of another place is refused even with the mark: %o', async (headers) => {
      const { csrf } = (await browser.get('/test/who')).json();
      const answer = await browser.post('/test/act', { csrf }, headers as Record<string, string>);
      expect(answer.statusCode).toBe(403);
      expect(answer.body).toContain('did not come from a page of');
      const signIn = await browser.post(
        '/sign-in',
        { token: ADMIN_TOKEN },
        headers as Record<string, string>,
      );
      expect([signIn.statusCode, signIn.headers['set-cookie']]).toEqual([403, undefined]);
    });

    test('of our own is taken by browsers that say where it stood', async () => {
      const { csrf } = (await browser.get('/test/who')).json();
      const headers = { 'sec-fetch-site': 'same-origin', origin: new URL(parts.baseUrl).origin };
      expect((await browser.post('/test/act', { csrf }, headers)).body).toBe('done');
    });
  });

  test('without a session a form is refused, and nothing is read of it', async () => {
    const answer = await server.inject({ method: 'POST', url: '/test/act', headers: FORM, payload: 'a=1' });
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('You are not signed in');
  });

  test('its pages are kept by nobody, and say to no other site where a reader came from', async () => {
    for (const url of ['/sign-in', '/test/who']) {
      const { headers } = await browser.get(url);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-robots-tag']).toBe('noindex');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
  });
});
