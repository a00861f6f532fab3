import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, storeSample, tokenFor } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { type Receiver, startReceiver } from '../../helpers/receiver.ts';
import { uploadCsv } from '../../helpers/watchlist.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

describe.each(backends)('subscriptions by the API on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let receiver: Receiver;
  let own: { authorization: string };
  const ask = (method: Method, url: string, body?: object, headers: Record<string, string> = own) =>
    server.inject({ method, url: `/api/v1${url}`, headers, ...(body ? { payload: body } : {}) });
  const addHook = async () =>
    (
      await ask('POST', '/subscriptions', {
        channel: 'webhook',
        target: `${receiver.origin}/hook`,
        contact: 'owner@example.org',
      })
    ).json();

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    receiver = await startReceiver();
    server = openApi(parts);
    own = await tokenFor(parts, ['subscriptions', 'watchlists'], { organisationId: 'acme' });
  });
  afterEach(() => receiver.close());

  test('one is made, read, changed and forgotten', async () => {
    const made = await ask('POST', '/subscriptions', {
      target: 'Compliance@Example.org',
      destinations: ['China'],
      kinds: ['added'],
    });
    expect(made.statusCode).toBe(201);
    const { location } = made.headers;
    const path = String(location).replace('/api/v1', '');
    expect((await ask('GET', path)).json()).toMatchObject({
      channel: 'email',
      destinations: ['CN'],
      kinds: ['added'],
      minimumCount: 1,
    });
    expect((await ask('PATCH', path, { minimumCount: 3 })).json()).toMatchObject({
      destinations: ['CN'],
      minimumCount: 3,
    });
    expect((await ask('GET', '/subscriptions')).json().subscriptions).toHaveLength(1);
    expect((await ask('DELETE', path)).statusCode).toBe(204);
    expect((await ask('GET', path)).statusCode).toBe(404);
  });

  test('no answer holds the secret of the unsubscribe link', async () => {
    const { body } = await ask('POST', '/subscriptions', { target: 'compliance@example.org' });
    const { token } = await parts.db.selectFrom('subscription').select('token').executeTakeFirstOrThrow();
    expect(body).not.toContain(token);
    expect((await ask('GET', '/subscriptions')).body).not.toContain(token);
  });

  test('another organisation finds none of it, whatever it asks', async () => {
    const { subscriptionId } = await addHook();
    const other = await tokenFor(parts, ['subscriptions'], { organisationId: 'other' });
    expect((await ask('GET', '/subscriptions', undefined, other)).json().subscriptions).toEqual([]);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { minimumCount: 9 }],
      ['DELETE', '', undefined],
      ['GET', '/deliveries', undefined],
      ['POST', '/test', undefined],
      ['POST', '/secrets', undefined],
      ['POST', '/replay?after=0', undefined],
    ] as const) {
      const refused = await ask(method, `/subscriptions/${subscriptionId}${path}`, body, other);
      const unknown = await ask(method, `/subscriptions/none${path}`, body, other);
      expect([method, path, refused.statusCode]).toEqual([method, path, 404]);
      expect(refused.json().detail).toBe(unknown.json().detail);
    }
    expect((await ask('GET', `/subscriptions/${subscriptionId}`)).json().minimumCount).toBe(1);
    expect(receiver.received).toEqual([]);
  });

  test('a change with If-Match is made only where nobody was faster', async () => {
    const { subscriptionId } = await addHook();
    const path = `/subscriptions/${subscriptionId}`;
    const etag = String((await ask('GET', path)).headers.etag);
    const ifMatch = { ...own, 'if-match': etag };
    expect((await ask('PATCH', path, { minimumCount: 2 }, ifMatch)).statusCode).toBe(200);
    const late = await ask('PATCH', path, { minimumCount: 5 }, ifMatch);
    expect([late.statusCode, late.json().type]).toEqual([412, '/problems/not-current']);
    expect((await ask('DELETE', path, undefined, ifMatch)).statusCode).toBe(412);
    expect((await ask('GET', path)).json().minimumCount).toBe(2);
  });

  test('a test message is on record with the others', async () => {
    const { subscriptionId } = await addHook();
    const path = `/subscriptions/${subscriptionId}`;
    const tested = (await ask('POST', `${path}/test`)).json();
    expect(tested).toMatchObject({ kind: 'test', channel: 'webhook', attempts: 1 });
    const { deliveries } = (await ask('GET', `${path}/deliveries`)).json();
    expect(deliveries).toEqual([expect.objectContaining({ deliveryId: tested.deliveryId })]);
  });

  test('a signing secret is shown when it is made, and never again', async () => {
    const { subscriptionId, signingSecret } = await addHook();
    const path = `/subscriptions/${subscriptionId}`;
    const renewed = (await ask('POST', `${path}/secrets`)).json().signingSecret;
    expect(renewed).not.toBe(signingSecret);
    for (const secret of [renewed, signingSecret]) {
      expect(secret).toMatch(/^whsec_/u);
      expect((await ask('GET', path)).body).not.toContain(secret);
    }
    const mail = (await ask('POST', '/subscriptions', { target: 'a@example.org' })).json();
    const refused = await ask('POST', `/subscriptions/${mail.subscriptionId}/secrets`);
    expect([refused.statusCode, refused.json().type]).toEqual([409, '/problems/conflict']);
  });

  test('what was missed can be sent again, unless the subscription is paused', async () => {
    const { subscriptionId } = await addHook();
    await storeSample(parts);
    const replay = () => ask('POST', `/subscriptions/${subscriptionId}/replay?after=0`);
    const answer = await replay();
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ deliveryIds: [expect.any(String)], next: null });
    // They are due already, and not a second time.
    expect((await replay()).json().deliveryIds).toEqual([]);
    await ask('PATCH', `/subscriptions/${subscriptionId}`, { status: 'paused' });
    expect((await replay()).json().type).toBe('/problems/conflict');
  });

  test('only watchlists of the organisation can be named', async () => {
    const theirs = await uploadCsv(parts, 'suppliers', 'name\nHenan Dingxin\n');
    const ours = await uploadCsv(parts, 'suppliers', 'name\nHenan Dingxin\n', { organisationId: 'acme' });
    const add = (watchlistId: string) =>
      ask('POST', '/subscriptions', { target: 'compliance@example.org', watchlists: [watchlistId] });
    expect((await add(theirs.watchlistId)).json().detail).toContain('there is no watchlist');
    expect((await add(ours.watchlistId)).statusCode).toBe(201);
  });

  test.each([
    { target: 'no address' },
    { target: 'a@example.org\r\nBcc: evil@example.org' },
    { channel: 'webhook', target: 'http://169.254.169.254/latest', contact: 'owner@example.org' },
    { channel: 'webhook', target: 'http://[::1]/x', contact: 'owner@example.org' },
    { channel: 'fax', target: '1' },
    { target: 'a@example.org', destinations: ['XX'] },
    { target: 'a@example.org', status: 'active' },
    { target: 'a@example.org', schedule: { mode: 'daily', at: '25:00', timeZone: 'Europe/Berlin' } },
    {},
  ])('refuses %j, and keeps nothing', async (body) => {
    const answer = await ask('POST', '/subscriptions', body);
    expect([answer.statusCode, answer.json().type]).toEqual([422, '/problems/invalid-body']);
    expect((await ask('GET', '/subscriptions')).json().subscriptions).toEqual([]);
  });

  test('a field that is not known is named, and those that are, inside another too', async () => {
    const detailOf = async (body: object) => (await ask('POST', '/subscriptions', body)).json().detail;
    const target = 'a@example.org';
    expect(await detailOf({ target, destination: ['CN'] })).toMatch(
      /^The body has no field “destination”\. Known are: name, contact, lists, destinations, .*, channel, target\.$/u,
    );
    const schedule = { mode: 'daily', at: '08:00', timeZone: 'Europe/Berlin', day: 1 };
    expect(await detailOf({ target, schedule })).toBe('“schedule” has no field “day”.');
    expect((await ask('POST', '/subscriptions')).json().detail).toMatch(/^The body: /u);
  });

  test.each([
    ['{"target":', 'application/json', 400],
    ['target=a@example.org', 'application/x-www-form-urlencoded', 415],
    [`{"target":"${'x'.repeat(20_000)}"}`, 'application/json', 413],
  ])('a body that cannot be read is a problem: %.20s', async (payload, type, status) => {
    const answer = await server.inject({
      method: 'POST',
      url: '/api/v1/subscriptions',
      headers: { ...own, 'content-type': type },
      payload,
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
  });

  test('the same subscription a second time is a conflict', async () => {
    await addHook();
    expect((await addHook()).type).toBe('/problems/conflict');
  });
});
