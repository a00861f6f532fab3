import { parseAtomFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { createWebServer } from '../../src/web/server.ts';
import type { WebReader } from '../../src/web/web-reader.ts';
import { sampleChangeSet, sampleChanges, sampleHeldSet } from '../helpers/sample-changes.ts';
import { sampleSubscription } from '../helpers/sample-subscription.ts';

const baseUrl = 'https://watch.example.org';

function openServer(overrides: Partial<WebReader> = {}) {
  const subscription = sampleSubscription();
  const sets = [sampleChangeSet(), sampleHeldSet()];
  const changes = sampleChanges();
  const reader: WebReader = {
    selectChangeSets: async (_filter, limit) => sets.slice(0, limit),
    changeSetsVersion: async () => String(sets.length),
    changesOf: async (id) => changes.filter((change) => change.changeSetId === id),
    hasDocument: async () => true,
    findSubscriptionByToken: async (token) => (token === 'tok' ? { ...subscription } : null),
    pauseSubscription: async () => {
      subscription.status = 'paused';
    },
    ping: async () => undefined,
    ...overrides,
  };
  return { server: createWebServer({ reader, baseUrl }), subscription };
}

describe('feeds', () => {
  test('links never come from the Host header', async () => {
    const { server } = openServer();
    for (const url of ['/feed.atom', '/feed.json', '/nowhere']) {
      const answer = await server.inject({
        url,
        headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test' },
      });
      expect(answer.body).not.toContain('evil.test');
    }
  });

  test.each([
    ['/feed.atom', 'application/atom+xml; charset=utf-8'],
    ['/feed.rss', 'application/rss+xml; charset=utf-8'],
    ['/feed.json', 'application/feed+json; charset=utf-8'],
  ])('%s has its type, validators, 304 and HEAD', async (url, type) => {
    const { server } = openServer();
    const first = await server.inject(url);
    expect(first.statusCode).toBe(200);
    expect(first.headers['content-type']).toBe(type);
    expect(first.headers['cache-control']).toBe('no-cache');
    expect(first.headers['last-modified']).toBe('Fri, 28 Mar 2025 12:45:00 GMT');
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[\w-]+"$/u);
    for (const header of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await server.inject({ url, headers: { 'if-none-match': header } });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    }
    // Whole seconds would hide a second rule of the same second.
    const since = { 'if-modified-since': String(first.headers['last-modified']) };
    expect((await server.inject({ url, headers: since })).statusCode).toBe(200);
    // If-None-Match wins.
    expect((await server.inject({ url, headers: { ...since, 'if-none-match': '"other"' } })).statusCode).toBe(
      200,
    );
    const head = await server.inject({ url, method: 'HEAD' });
    expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', etag]);
    expect((await openServer().server.inject(url)).headers.etag).toBe(etag);
  });

  test('a new change set changes the feed at once; nothing new costs no rendering', async () => {
    const sets = [sampleChangeSet()];
    let reads = 0;
    let selections = 0;
    const { server } = openServer({
      changeSetsVersion: async () => String(sets.length),
      selectChangeSets: async () => {
        selections += 1;
        return sets;
      },
      changesOf: async () => {
        reads += 1;
        return sampleChanges();
      },
    });
    const first = await server.inject('/feed.atom');
    await server.inject('/feed.atom');
    await server.inject({ url: '/feed.atom', headers: { 'if-none-match': String(first.headers.etag) } });
    expect({ reads, selections }).toEqual({ reads: 1, selections: 1 });
    sets.unshift(sampleChangeSet({ changeSetId: 'cs_2', knownAt: '2025-04-01T00:00:00Z' }));
    const second = await server.inject('/feed.atom');
    expect(second.headers.etag).not.toBe(first.headers.etag);
    expect(parseAtomFeed(second.body).entries).toHaveLength(2);
  });
});

test('a fault inside is told to nobody', async () => {
  const fail = async () => {
    throw new Error('password=secret at db.internal');
  };
  const broken = openServer({ changeSetsVersion: fail }).server;
  for (const url of ['/feed.atom', '/feed.json']) {
    const answer = await broken.inject(url);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/secret|internal\b.*db/u);
    expect(answer.headers['content-security-policy']).toBeDefined();
  }
});

describe('unsubscribe', () => {
  test('GET asks and changes nothing', async () => {
    const { server, subscription } = openServer();
    for (const method of ['GET', 'HEAD'] as const) {
      expect((await server.inject({ url: '/unsubscribe/tok', method })).statusCode).toBe(200);
    }
    const answer = await server.inject('/unsubscribe/tok');
    expect(answer.body).toContain('<form method="post">');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(subscription.status).toBe('active');
  });

  test.each([
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    ['multipart/form-data; boundary=x', '--x\r\n\r\nList-Unsubscribe=One-Click\r\n--x--'],
    [undefined, undefined],
  ])('POST as %s pauses at once and may be repeated', async (type, payload) => {
    const { server, subscription } = openServer();
    for (let i = 0; i < 2; i += 1) {
      const answer = await server.inject({
        method: 'POST',
        url: '/unsubscribe/tok',
        ...(type === undefined ? {} : { headers: { 'content-type': type }, payload }),
      });
      expect(answer.statusCode).toBe(200);
    }
    expect(subscription.status).toBe('paused');
  });

  test('a forged token is not found, and a large body is refused', async () => {
    const { server, subscription } = openServer();
    for (const method of ['GET', 'POST'] as const) {
      expect((await server.inject({ method, url: '/unsubscribe/forged' })).statusCode).toBe(404);
    }
    const big = {
      method: 'POST' as const,
      url: '/unsubscribe/tok',
      headers: { 'content-type': 'text/plain' },
      payload: 'x'.repeat(100_000),
    };
    expect((await server.inject(big)).statusCode).toBe(413);
    expect(subscription.status).toBe('active');
  });
});

test('livez and readyz', async () => {
  const { server } = openServer();
  expect((await server.inject('/livez')).json()).toEqual({ status: 'ok' });
  expect((await server.inject('/readyz')).statusCode).toBe(200);
  const down = openServer({ ping: async () => Promise.reject(new Error('down')) }).server;
  expect((await down.inject('/livez')).statusCode).toBe(200);
  expect((await down.inject('/readyz')).statusCode).toBe(503);
});
