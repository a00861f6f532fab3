import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { ADMIN_TOKEN, openApi, openApiParts, storeSample, tokenFor } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';

const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };

describe.each(backends)('tokens of the API on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const clock = { now: '2025-03-31T15:00:00.000Z' };
  const ask = (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    headers: Record<string, string>,
    body?: object,
  ) => server.inject({ method, url: `/api/v1${url}`, headers, ...(body ? { payload: body } : {}) });

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database, { clock });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    clock.now = '2025-03-31T15:00:00.000Z';
    await database.empty();
    server = openApi(parts);
  });

  test('a token is shown once, works at once, and not a moment after it was revoked', async () => {
    const made = await ask('POST', '/tokens', admin, { name: 'reader', scopes: ['subscriptions'] });
    expect(made.statusCode).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    const { token, tokenId, hint } = made.json();
    expect(token).toMatch(/^elw_[\w-]{43}$/u);
    expect(token.startsWith(hint.slice(0, -1))).toBe(true);
    const own = { authorization: `Bearer ${token}` };
    expect((await ask('GET', '/subscriptions', own)).statusCode).toBe(200);
    const listed = await ask('GET', '/tokens', admin);
    expect(listed.body).not.toContain(token);
    expect(listed.json().tokens).toEqual([
      expect.objectContaining({ tokenId, name: 'reader', lastUsedAt: clock.now, revokedAt: null }),
    ]);
    expect((await ask('DELETE', `/tokens/${tokenId}`, admin)).json().revokedAt).toBe(clock.now);
    const refused = await ask('GET', '/subscriptions', own);
    expect([refused.statusCode, refused.json().type]).toEqual([401, '/problems/token-refused']);
    expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
    expect((await ask('DELETE', `/tokens/${tokenId}`, admin)).statusCode).toBe(404);
  });

  test('what the database holds of a token opens nothing', async () => {
    const { authorization } = await tokenFor(parts, ['read']);
    const secret = authorization.slice('Bearer '.length);
    const { rows } = await sql<{ row: string }>`select api_token::text as row from api_token`.execute(
      parts.db,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toContain(secret.slice(8));
    const hash = /[0-9a-f]{64}/u.exec(rows[0]!.row)![0];
    for (const guess of [hash, `elw_${hash.slice(0, 43)}`])
      expect((await ask('GET', '/subscriptions', { authorization: `Bearer ${guess}` })).json().type).toBe(
        '/problems/token-refused',
      );
  });

  test.each([
    ['read', { subscriptions: 403, tokens: 403, screen: 403 }],
    ['subscriptions', { subscriptions: 200, tokens: 403, screen: 403 }],
    ['watchlists', { subscriptions: 403, tokens: 403, screen: 200 }],
    ['admin', { subscriptions: 200, tokens: 200, screen: 200 }],
  ] as const)('the scope %s opens what it says and no more', async (scope, expected) => {
    await storeSample(parts);
    const headers = await tokenFor(parts, [scope]);
    const names = { names: [{ name: 'Henan Dingxin' }] };
    expect({
      subscriptions: (await ask('GET', '/subscriptions', headers)).statusCode,
      tokens: (await ask('GET', '/tokens', headers)).statusCode,
      screen: (await ask('POST', '/screen', headers, names)).statusCode,
    }).toEqual(expected);
    expect((await ask('GET', '/changes', headers)).statusCode).toBe(200);
  });

  test('what needs a token says so, and how to get one', async () => {
    const answer = await ask('GET', '/tokens', {});
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Entity List Watch"');
    const page = await server.inject(answer.json().type);
    expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining('elwatch tokens create')]);
  });

  test('a wrong token is refused where none is needed: its owner should hear of it', async () => {
    const wrong = { authorization: `Bearer elw_${'A'.repeat(43)}` };
    expect((await ask('GET', '/changes', wrong)).statusCode).toBe(401);
    expect((await ask('GET', '/changes', { authorization: 'Basic eDp5' })).statusCode).toBe(401);
  });

  test('a service that is closed to strangers answers readers with a token only', async () => {
    server = openApi(parts, { requiresToken: true });
    expect((await ask('GET', '/changes', {})).json().type).toBe('/problems/token-missing');
    expect((await ask('GET', '/changes', await tokenFor(parts, ['read']))).statusCode).toBe(200);
  });

  test('without a token of the environment nobody is let in by an empty one', async () => {
    server = openApi(parts, { adminToken: null });
    for (const authorization of ['Bearer ', 'Bearer null', `Bearer ${ADMIN_TOKEN}`])
      expect((await ask('GET', '/tokens', { authorization })).statusCode).toBe(401);
  });

  test('an administrator of one organisation rules that one alone', async () => {
    await ask('POST', '/organisations', admin, { organisationId: 'acme', name: 'Acme Ltd.' });
    const acme = await tokenFor(parts, ['admin'], { organisationId: 'acme' });
    const own = await ask('POST', '/tokens', acme, { name: 'own', scopes: ['read'] });
    expect(own.json().organisationId).toBe('acme');
    const foreign = { name: 'x', scopes: ['admin'], organisationId: 'operator' };
    expect((await ask('POST', '/tokens', acme, foreign)).statusCode).toBe(403);
    const operators = (await ask('POST', '/tokens', admin, { name: 'ours', scopes: ['read'] })).json();
    expect((await ask('DELETE', `/tokens/${operators.tokenId}`, acme)).statusCode).toBe(404);
    const seen = (await ask('GET', '/tokens', acme)).json().tokens;
    expect(new Set(seen.map((one: { organisationId: string }) => one.organisationId))).toEqual(
      new Set(['acme']),
    );
    expect((await ask('GET', '/organisations', acme)).statusCode).toBe(403);
    expect((await ask('POST', '/organisations', acme, { organisationId: 'b', name: 'B' })).statusCode).toBe(
      403,
    );
  });

  test('an organisation is added once', async () => {
    const acme = { organisationId: 'acme', name: 'Acme Ltd.' };
    expect((await ask('POST', '/organisations', admin, acme)).statusCode).toBe(201);
    const again = await ask('POST', '/organisations', admin, acme);
    expect([again.statusCode, again.json().type]).toEqual([409, '/problems/conflict']);
    const unknown = { name: 'x', scopes: ['read'], organisationId: 'nobody' };
    expect((await ask('POST', '/tokens', admin, unknown)).statusCode).toBe(404);
  });

  test.each([
    [{ name: '', scopes: ['read'] }, 'name'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: ['root'] }, 'scopes'],
    [{ name: 'x', scopes: ['read'], perMinute: 0 }, 'perMinute'],
    [{ name: 'x', scopes: ['read'], admin: true }, 'admin'],
  ])('refuses %j and names the field', async (body, field) => {
    const answer = await ask('POST', '/tokens', admin, body);
    expect([answer.statusCode, answer.json().type]).toEqual([422, '/problems/invalid-body']);
    expect(answer.json().detail).toContain(field);
  });

  describe('limits', () => {
    test('a token has its own, which says when to come back', async () => {
      const headers = await tokenFor(parts, ['read'], { perMinute: 2 });
      const codes: number[] = [];
      for (let count = 0; count < 3; count += 1)
        codes.push((await ask('GET', '/changes', headers)).statusCode);
      expect(codes).toEqual([200, 200, 429]);
      const refused = await ask('GET', '/changes', headers);
      expect(refused.json().type).toBe('/problems/too-many-requests');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
      expect((await ask('GET', '/changes', await tokenFor(parts, ['read']))).statusCode).toBe(200);
    });

    test('guesses of tokens count for the address, and unknown paths too', async () => {
      server = openApi(parts, { perMinute: 4 });
      const guess = (at: number) => ({ authorization: `Bearer elw_${String(at).padStart(43, 'x')}` });
      const codes: number[] = [];
      for (let at = 0; at < 3; at += 1) codes.push((await ask('GET', '/tokens', guess(at))).statusCode);
      codes.push((await ask('GET', '/nowhere', {})).statusCode);
      codes.push((await ask('GET', '/tokens', guess(9))).statusCode);
      codes.push((await ask('GET', '/nowhere', {})).statusCode);
      expect(codes).toEqual([401, 401, 401, 404, 429, 429]);
    });
  });

  describe('a POST with an Idempotency-Key', () => {
    const body = { name: 'once', scopes: ['read'] };
    const keyed = (key: string) => ({ ...admin, 'idempotency-key': key });

    test('is done once, and answers the same again', async () => {
      const first = await ask('POST', '/tokens', keyed('k1'), body);
      const second = await ask('POST', '/tokens', keyed('k1'), body);
      expect([second.statusCode, second.body]).toEqual([201, first.body]);
      expect(second.headers['idempotency-replayed']).toBe('true');
      expect((await ask('GET', '/tokens', admin)).json().tokens).toHaveLength(1);
    });

    test('is done once where both come at the same time', async () => {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => ask('POST', '/tokens', keyed('k2'), body)),
      );
      for (const { statusCode } of answers) expect([201, 409]).toContain(statusCode);
      expect((await ask('GET', '/tokens', admin)).json().tokens).toHaveLength(1);
    });

    test('is refused for another request under the same key', async () => {
      await ask('POST', '/tokens', keyed('k3'), body);
      const other = await ask('POST', '/tokens', keyed('k3'), { ...body, name: 'other' });
      expect([other.statusCode, other.json().type]).toEqual([422, '/problems/idempotency-key-reused']);
      const otherPath = await ask('POST', '/organisations', keyed('k3'), { organisationId: 'a', name: 'A' });
      expect(otherPath.statusCode).toBe(422);
    });

    test('may be tried anew where it failed', async () => {
      const acme = { name: 'x', scopes: ['read'], organisationId: 'acme' };
      expect((await ask('POST', '/tokens', keyed('k4'), acme)).statusCode).toBe(404);
      await ask('POST', '/organisations', admin, { organisationId: 'acme', name: 'Acme' });
      expect((await ask('POST', '/tokens', keyed('k4'), acme)).statusCode).toBe(201);
    });

    test('is another token’s own, and forgotten after a day', async () => {
      await ask('POST', '/tokens', keyed('k5'), body);
      const other = await tokenFor(parts, ['admin']);
      await ask('POST', '/tokens', { ...other, 'idempotency-key': 'k5' }, body);
      clock.now = '2025-04-01T15:00:01.000Z';
      await ask('POST', '/tokens', keyed('k5'), body);
      const { tokens } = (await ask('GET', '/tokens', admin)).json();
      expect(tokens.filter(({ name }: { name: string }) => name === 'once')).toHaveLength(3);
    });

    test('keeps no secret in the open', async () => {
      const { token } = (await ask('POST', '/tokens', keyed('k6'), body)).json();
      const kept = await parts.db.selectFrom('idempotencyKey').select('sealedBody').execute();
      expect(kept).toHaveLength(1);
      expect(kept[0]!.sealedBody).not.toContain(token);
    });
  });
});
