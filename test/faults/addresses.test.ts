import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi, openApiParts, tokenFor } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';

describe.each(backends)('an address that somebody gives to the API on $name', ({ open }) => {
  let database: TestDatabase;
  let server: FastifyInstance;
  let headers: { authorization: string };

  beforeAll(async () => {
    database = await open();
    const parts = openApiParts(database);
    server = openApi(parts);
    headers = await tokenFor(parts, ['subscriptions'], { organisationId: 'acme' });
  });
  afterAll(() => database.close());

  const post = (target: string) =>
    server.inject({ method: 'POST', url: '/api/v1/subscriptions', headers, payload: { target } });
  const targets = async (): Promise<string[]> =>
    (await server.inject({ url: '/api/v1/subscriptions', headers }))
      .json()
      .subscriptions.map(({ target }: { target: string }) => target);

  test.each([
    'ana@example.org\r\nBcc: evil@x.test',
    'ana@example.org\nBcc: evil@x.test',
    'ana@example.org, evil@x.test',
    'ana@example.org;evil@x.test',
    '"ana@example.org evil"@x.test',
    '"a b"@example.org',
    'a@b(x)evil.test',
    'Ana <ana@example.org>',
    'ana@evil.test@example.org',
    `${'a'.repeat(300)}@example.org`,
    `ana@${'a.'.repeat(150)}org`,
    '用户@例え.jp',
    'ana@[127.0.0.1]',
  ])('is refused with a problem document where it is not one plain address: %j', async (target) => {
    const answer = await post(target);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      422,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await targets()).not.toContain(target);
  });

  test('is kept in ASCII where its domain is an international one', async () => {
    expect((await post('ana@例え.jp')).statusCode).toBe(201);
    expect(await targets()).toEqual(['ana@xn--r8jz45g.jp']);
  });
});
