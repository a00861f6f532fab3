import { parseAtomFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { createWebServer } from '../../src/web/server.ts';
import type { WebReader } from '../../src/web/web-reader.ts';
import {
  hostileChanges,
  sampleChangeSet,
  sampleChanges,
  sampleDocument,
  sampleHeldSet,
} from '../helpers/sample-changes.ts';
import { sampleSubscription } from '../helpers/sample-subscription.ts';

const baseUrl = 'https://watch.example.org';

function openServer(overrides: Partial<WebReader> = {}) {
  const subscription = sampleSubscription();
  const sets = [sampleChangeSet(), sampleHeldSet()];
  const changes = sampleChanges();
  const reader: WebReader = {
    changesAfter: async (seq, limit) => changes.filter((change) => change.seq > seq).slice(0, limit),
    latestSeq: async () => 108,
    latestChangeSets: async (limit) => sets.slice(0, limit),
    selectChangeSets: async (_filter, limit) => sets.slice(0, limit),
    changeSetsVersion: async () => String(sets.length),
    findChangeSet: async (id) => sets.find((set) => set.changeSetId === id) ?? null,
    changesOf: async (id) => changes.filter((change) => change.changeSetId === id),
    latestDocuments: async () => [
      { head: sampleDocument(), status: 'applied', changeSetIds: ['cs_2025-05426_1'] },
    ],
    freshness: async () => ({ checkedAt: '2025-03-28T13:00:00Z', listCounts: { 'entity-list': 3415 } }),
    findSubscriptionByToken: async (token) => (token === 'tok' ? { ...subscription } : null),
    pauseSubscription: async () => {
      subscription.status = 'paused';
    },
    ping: async () => undefined,
    ...overrides,
  };
  return { server: createWebServer({ reader, baseUrl }), subscription };
}

describe('pages', () => {
  test('home shows figures, freshness and feeds', async () => {
    const { server } = openServer();
    const answer = await server.inject('/');
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('BIS adds 6 entities to the Entity List: China 3, Pakistan 2, UAE 1');
    expect(answer.body).toContain('not confirmed');
    expect(answer.body).toContain('3,415');
    expect(answer.body).toContain('2025-03-28 09:00 EDT');
    expect(answer.body).toContain('rel="alternate" type="application/atom+xml"');
  });

  test('a rule has its page, with marks, checks and places, and a CSV', async () => {
    const { server } = openServer();
    const page = (await server.inject('/changes/cs_2025-05426_1')).body;
    for (const fact of [
      '<del>ATF</del>',
      '<ins>Aerotechnic SAS</ins>',
      'paragraph 2.a, row 1, page 14036',
      '6 of 6 stated additions found',
      'China: 3',
    ]) {
      expect(page).toContain(fact);
    }
    const csv = await server.inject('/changes/cs_2025-05426_1/changes.csv');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect((await server.inject('/changes/cs_2025-05426_0')).body).toContain('Why it is not confirmed');
    expect((await server.inject('/changes/none')).statusCode).toBe(404);
  });

  test('hostile names are text, and the policy would stop them anyway', async () => {
    const { server } = openServer({ changesOf: async () => hostileChanges() });
    const answer = await server.inject('/changes/cs_2025-05426_1');
    expect(answer.body).not.toMatch(/<script|<img|[\u202A-\u202E\u2066-\u2069\0]/u);
    expect(answer.body).not.toMatch(/ style=| on[a-z]+="/u);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
  });

  test('links never come from the Host header', async () => {
    const { server } = openServer();
    for (const url of ['/', '/feed.atom', '/feed.json', '/nowhere']) {
      const answer = await server.inject({
        url,
        headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test' },
      });
      expect(answer.body).not.toContain('evil.test');
    }
  });
});

describe('feeds', () => {
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
  const broken = openServer({ latestChangeSets: fail, changeSetsVersion: fail }).server;
  for (const url of ['/', '/feed.atom']) {
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
