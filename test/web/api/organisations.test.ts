import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

let database: TestDatabase;
let parts: Parts;
let server: FastifyInstance;
let own: { authorization: string };
let other: { authorization: string };
const ids: Record<string, string> = {};
const MARK = 'Secret Counterparty Zx81';

beforeAll(async () => {
  database = await backends[0]!.open();
  parts = openApiParts(database);
  await storeSample(parts);
  server = openApi(parts);
  own = await tokenFor(parts, ['admin'], { organisationId: 'acme' });
  other = await tokenFor(parts, ['admin'], { organisationId: 'other' });
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
  Object.assign(ids, { watchlistId, subscriptionId, tokenId, runId: run!.runId });
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
  ];
  const bodies: string[] = [];
  for (const path of paths) bodies.push((await server.inject({ url: `/api/v1${path}`, headers })).body);
  return bodies.join('\n').replaceAll(/"lastUsedAt":[^,]+/gu, '');
}

test('another organisation finds nothing by any id, and changes nothing', async () => {
  const before = await everything(own);
  expect(before).toContain(MARK);
  const asked: string[] = [];
  for (const { method, path, operation, find } of await operations()) {
    if (!/\{(?:watchlistId|subscriptionId|tokenId)\}/u.test(path)) continue;
    const query = (operation.parameters ?? [])
      .filter(({ in: place, required }) => place === 'query' && required)
      .map(({ name, schema }) => `${name}=${schema?.example ?? 0}`)
      .join('&');
    const url = `${path.replace(/\{(\w+)\}/gu, (_, name: string) => ids[name] ?? '1')}?${query}`;
    const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
    const body = content && find(content.schema).example;
    // Each body has an example in the description, which people can begin with.
    expect([path, body === undefined]).toEqual([path, content === undefined]);
    const answer = await server.inject({
      method: method.toUpperCase() as 'GET',
      url,
      headers: { ...other, ...(type === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    expect([method, path, answer.statusCode]).toEqual([method, path, 404]);
    expect(answer.body).not.toContain(MARK);
    asked.push(`${method} ${path}`);
  }
  expect(asked.length).toBeGreaterThan(12);
  expect(await everything(own)).toBe(before);
});

test('another organisation finds nothing in any list', async () => {
  for (const { method, path } of await operations()) {
    if (method !== 'get' || path.includes('{') || path.endsWith('/stream')) continue;
    const answer = await server.inject({ url: path, headers: other });
    expect([path, answer.body.includes(MARK), answer.body.includes(ids.watchlistId!)]).toEqual([
      path,
      false,
      false,
    ]);
  }
});
