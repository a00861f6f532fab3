import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Parts } from '../../src/parts.ts';
import { ADMIN_TOKEN, openApi, openApiParts, storeSample } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';

describe.each(backends)('the web server on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
    await storeSample(parts);
    server = openApi(parts);
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  const PAGES = [
    '/',
    '/list',
    '/changes',
    '/compare',
    '/screening',
    '/subscribe',
    '/sign-in',
    '/charts',
    '/sources',
  ]
    .concat([
      '/operator',
      '/feed.atom',
      '/feed.rss',
      '/feed.json',
      '/api/v1/changes',
      '/openapi.json',
      '/nowhere',
    ])
    .concat(['/problems/not-found', '/livez', '/unsubscribe/x', '/%zz', `/documents/${'x'.repeat(200)}`]);

  test('no page may stand in a frame, and none says a Host that was made up', async () => {
    let found = 0;
    for (const url of PAGES) {
      const { headers, body, statusCode } = await server.inject({
        url,
        headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
      });
      if (statusCode === 200) found += 1;
      expect([url, headers['content-security-policy'], headers['x-frame-options']]).toEqual([
        url,
        expect.stringContaining("frame-ancestors 'none'"),
        'DENY',
      ]);
      expect([url, `${body}${JSON.stringify(headers)}`.includes('evil.example')]).toEqual([url, false]);
    }
    expect(found).toBeGreaterThan(10);
  });

  test('no path leads out of the folder of files', async () => {
    const { body } = await server.inject('/');
    const file = /(?:href|src)="([^"]+\.(?:css|js)[^"]*)"/u.exec(body)![1]!;
    const folder = new URL(file, 'http://x').pathname.replace(/[^/]+$/u, '');
    expect((await server.inject(new URL(file, 'http://x').pathname)).statusCode).toBe(200);
    const ways = [
      '../server.ts',
      '..%2fserver.ts',
      '%2e%2e/server.ts',
      '%2e%2e%2fserver.ts',
      '..%5cserver.ts',
    ].concat(['....//server.ts', '..%252fserver.ts', '%00', 'x%00.css', '/etc/passwd', '%2fetc%2fpasswd']);
    for (const way of ways) {
      const answer = await server.inject(folder + way);
      expect([way, answer.statusCode]).toEqual([
        way,
        expect.toSatisfy((status: number) => status === 404 || status === 400),
      ]);
      expect(answer.body).not.toMatch(/import |root:/u);
    }
  });

  test('no address leads elsewhere after signing in', async () => {
    const elsewhere = [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      '\\\\evil.example',
      'javascript:alert(1)',
    ].concat([
      '/%09/evil.example',
      '/\t/evil.example',
      '/../\\evil.example',
      'evil.example',
      'http:evil.example',
    ]);
    for (const next of elsewhere) {
      const { statusCode, headers } = await server.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ token: ADMIN_TOKEN, next }).toString(),
      });
      expect([next, statusCode]).toEqual([next, 303]);
      // As a browser would resolve it.
      expect([next, new URL(headers.location!, 'http://elwatch.example.org').origin]).toEqual([
        next,
        'http://elwatch.example.org',
      ]);
    }
  });
});
