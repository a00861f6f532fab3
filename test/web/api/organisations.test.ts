import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCOPES, type Scope } from '../../../src/model.ts';
import type { Parts } from '../../../src/parts.ts';
import { screenUpload } from '../../../src/screening.ts';
import { openApi, openApiParts, storeSample, tokenFor } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { uploadCsv } from '../../helpers/watchlist.ts';

/*
 * What one organisation has, no other can see or change: every path with an id is asked by another one, so that a
 * route that is added later is held to it too.
 */

type Schema = { $ref?: string; example?: unknown };
interface Operation {
  requestBody?: { content: Record<string, { schema: Schema }> };
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
}

describe.each(backends)('what another organisation has, on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let own: { authorization: string };
  /** Of the other organisation: a token of each scope. */
  const others = new Map<Scope, { authorization: string }>();
  const ids: Record<string, string | number> = {};
  let feed: string;
  const MARK = 'Secret Counterparty Zx81';

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
    await storeSample(parts);
    server = openApi(parts);
    own = await tokenFor(parts, ['admin'], { organisationId: 'acme' });
    for (const scope of SCOPES)
      others.set(scope, await tokenFor(parts, [scope], { organisationId: 'other' }));
    const add = async (url: string, payload: object) =>
      (await server.inject({ method: 'POST', url: `/api/v1${url}`, headers: own, payload })).json();
    const { watchlistId } = await uploadCsv(parts, MARK, `id,name\n17,Henan Dingxin\n18,${MARK}\n`, {
      organisationId: 'acme',
    });
    const { subscriptionId } = await add('/subscriptions', {
      target: 'compliance@acme.example',
      name: MARK,
      watchlists: [watchlistId],
    });
    const { tokenId } = await add('/tokens', { name: MARK, scopes: ['read'] });
    const run = await screenUpload(parts, watchlistId);
    const [hit] = (
      await server.inject({ url: `/api/v1/watchlists/${watchlistId}/hits`, headers: own })
    ).json().hits;
    const { decisionId } = await add(`/watchlists/${watchlistId}/decisions`, {
      hitId: hit.hitId,
      reason: MARK,
    });
    feed = new URL((await add(`/watchlists/${watchlistId}/feed`, {})).atom).pathname;
    Object.assign(ids, {
      watchlistId,
      subscriptionId,
      tokenId,
      decisionId,
      runId: run!.runId,
      hitId: hit.hitId,
    });
    for (const [name, id] of Object.entries(ids)) expect([name, typeof id]).not.toEqual([name, 'undefined']);
  });
  afterAll(() => database.close());

  async function operations(): Promise<
    { method: string; path: string; operation: Operation; find: (ref: Schema) => Schema }[]
  > {
    const document = (await server.inject('/openapi.json')).json();
    const find = (schema: Schema): Schema =>
      schema.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1)!];
    return Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ method, path, operation, find })),
    );
  }

  /** Every private thing of the organisation, as it can be read by itself. */
  async function everything(headers: { authorization: string }): Promise<string> {
    const paths = [
      '/tokens',
      '/subscriptions',
      '/watchlists',
      `/subscriptions/${ids.subscriptionId}`,
      `/watchlists/${ids.watchlistId}`,
      `/watchlists/${ids.watchlistId}/runs`,
      `/watchlists/${ids.watchlistId}/decisions`,
      `/watchlists/${ids.watchlistId}/hits?hidden=true`,
      `/subscriptions/${ids.subscriptionId}/deliveries`,
    ];
    const bodies: string[] = [];
    for (const path of paths) bodies.push((await server.inject({ url: `/api/v1${path}`, headers })).body);
    return bodies.join('\n').replaceAll(/"lastUsedAt":[^,]+/gu, '');
  }

  /** An operation with some ids in its path, and the example that the description gives for its body. */
  async function ask(
    { method, path, operation, find }: Awaited<ReturnType<typeof operations>>[number],
    headers: { authorization: string },
    of: Record<string, string | number>,
  ) {
    const query = (operation.parameters ?? [])
      .filter(({ in: place, required }) => place === 'query' && required)
      .map(({ name, schema }) => `${name}=${schema?.example ?? 0}`)
      .join('&');
    const url = `${path.replace(/\{(\w+)\}/gu, (_, name: string) => String(of[name] ?? 'none'))}?${query}`;
    const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
    const body = content && find(content.schema).example;
    // Each body has an example in the description, which people can begin with.
    expect([path, body === undefined]).toEqual([path, content === undefined]);
    const { statusCode, body: text } = await server.inject({
      method: method.toUpperCase() as 'GET',
      url,
      headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    // The path of the request stands in every problem.
    return { status: statusCode, text: text.replaceAll(/"instance":"[^"]*"/gu, '') };
  }

  const needed = (path: string): Scope =>
    path.includes('/watchlists') ? 'watchlists' : path.includes('/subscriptions') ? 'subscriptions' : 'admin';

  test.each(SCOPES)(
    'a token of the scope %s of another organisation finds nothing by any id, and changes nothing',
    async (scope) => {
      const before = await everything(own);
      expect(before.split(MARK).length).toBeGreaterThan(5);
      const asked: string[] = [];
      for (const one of await operations()) {
        const { method, path } = one;
        if (!/\{(?:watchlistId|subscriptionId|tokenId)\}/u.test(path)) continue;
        const theirs = await ask(one, others.get(scope)!, ids);
        const status = scope === 'admin' || scope === needed(path) ? 404 : 403;
        expect([method, path, theirs.status]).toEqual([method, path, status]);
        expect(theirs.text).not.toContain(MARK);
        // Nor is it told by other words than what never was.
        expect([method, path, theirs]).toEqual([method, path, await ask(one, others.get(scope)!, {})]);
        asked.push(`${method} ${path}`);
      }
      expect(asked.length).toBeGreaterThan(15);
      expect(await everything(own)).toBe(before);
      expect((await server.inject(feed)).statusCode).toBe(200);
    },
  );

  test('a run, a hit and a decision are of one watchlist, and another of one’s own does not lead to them', async () => {
    const headers = others.get('watchlists')!;
    const watchlist = await uploadCsv(parts, 'suppliers', 'id,name\n1,Quite Another Bakery\n', {
      organisationId: 'other',
    });
    const path = `/api/v1/watchlists/${watchlist.watchlistId}`;
    const before = await everything(own);
    for (const [method, url, payload] of [
      ['GET', `/runs/${ids.runId}/hits`, undefined],
      ['DELETE', `/decisions/${ids.decisionId}`, undefined],
      ['POST', '/decisions', { hitId: ids.hitId, reason: 'another company' }],
    ] as const) {
      const answer = await server.inject({
        method,
        url: path + url,
        headers,
        ...(payload ? { payload } : {}),
      });
      expect([url, answer.statusCode, answer.body.includes(MARK)]).toEqual([url, 404, false]);
    }
    const { watchlistId } = ids;
    const payload = { target: 'eve@example.net', watchlists: [watchlistId] };
    const subscribed = await server.inject({
      method: 'POST',
      url: '/api/v1/subscriptions',
      // Naming watchlists takes both scopes.
      headers: others.get('admin')!,
      payload,
    });
    expect([subscribed.statusCode, subscribed.body.includes(MARK)]).toEqual([422, false]);
    expect(await everything(own)).toBe(before);
  });

  test('another organisation finds nothing in any list', async () => {
    for (const { method, path } of await operations()) {
      if (method !== 'get' || path.includes('{') || path.endsWith('/stream')) continue;
      for (const headers of others.values()) {
        const { body } = await server.inject({ url: path, headers });
        const found = Object.entries(ids).filter(
          ([name, id]) => name !== 'hitId' && body.includes(String(id)),
        );
        expect([path, body.includes(MARK), found]).toEqual([path, false, []]);
      }
    }
  });
});
