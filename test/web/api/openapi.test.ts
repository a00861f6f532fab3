import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { upsertDocument } from '../../../src/store/documents.ts';
import { ADMIN_TOKEN, openApi, openApiParts, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { startReceiver } from '../../helpers/receiver.ts';
import { sampleDocument } from '../../helpers/sample-changes.ts';
import { uploadCsv } from '../../helpers/watchlist.ts';

interface Operation {
  operationId?: string;
  summary?: string;
  security?: object[];
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

let database: TestDatabase;
let parts: Parts;
let server: FastifyInstance;
let document: Description;
let ajv: Ajv2020;
const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };
const ids: Record<string, string> = {};

beforeAll(async () => {
  database = await backends[0]!.open();
  parts = openApiParts(database);
  await storeSample(parts);
  await upsertDocument(parts.db, sampleDocument(), parts.now());
  server = openApi(parts);
  document = (await server.inject('/openapi.json')).json();
  ajv = new Ajv2020({ strict: false, allErrors: true });
  // The default of a module of CommonJS, as Node and as the types see it.
  (formatsPlugin as unknown as (of: Ajv2020) => void)(ajv);
  ajv.addSchema(document, 'openapi');

  const add = async (url: string, payload: object) =>
    (await server.inject({ method: 'POST', url: `/api/v1${url}`, headers: admin, payload })).json();
  const { subscriptionId } = await add('/subscriptions', { target: 'compliance@example.org' });
  const { watchlistId } = await uploadCsv(parts, 'suppliers', 'id,name\n17,Henan Dingxin\n');
  const entry = (await server.inject('/api/v1/entries?limit=1')).json().entries[0];
  await add('/tokens', { name: 'x', scopes: ['read'] });
  Object.assign(ids, {
    subscriptionId,
    watchlistId,
    entryId: entry.entryId,
    changeSetId: 'cs_2025-05426_1',
    number: '2025-05426',
    day: '2025-03-28',
  });
});
afterAll(() => database.close());

/** The faults of an answer by the schema that the description gives for it; none where it is as described. */
function faultsOf(path: string, method: string, status: string, type: string, body: unknown): string[] {
  const pointer = ['paths', path, method, 'responses', status, 'content', type, 'schema']
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const validate = ajv.getSchema(`openapi#/${pointer}`);
  if (validate === undefined) return [`there is no schema at ${pointer}`];
  if (validate(body) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${path} ${instancePath} ${message}`);
}

test('the description is valid OpenAPI 3.1', async () => {
  expect(document.openapi).toBe('3.1.0');
  const validation = await new Validator().validate(document as never);
  expect(validation).toMatchObject({ valid: true });
});

test('every operation has a summary, and a problem as its other answer', () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );
  expect(operations.length).toBeGreaterThan(30);
  for (const { name, operation } of operations) {
    expect([name, operation.summary]).toEqual([name, expect.stringMatching(/^[A-Z].{5,}/u)]);
    expect([name, operation.responses.default?.content]).toEqual([
      name,
      { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    ]);
  }
});

test('every path that answers JSON to GET answers as is described', async () => {
  const asked: string[] = [];
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (get?.responses['200']?.content?.['application/json'] === undefined) continue;
    // What only a run of a screening has is tested there.
    if (path.includes('{runId}')) continue;
    const url = path.replace(/\{(\w+)\}/gu, (_, name: string) => ids[name] ?? `no-${name}`);
    const answer = await server.inject({ url, headers: admin });
    expect([url, answer.statusCode]).toEqual([url, 200]);
    expect(faultsOf(path, 'get', '200', 'application/json', answer.json())).toEqual([]);
    asked.push(path);
  }
  expect(asked).toEqual(
    expect.arrayContaining([
      '/api/v1/changes',
      '/api/v1/entries/{entryId}',
      '/api/v1/days/{day}',
      '/api/v1/subscriptions/{subscriptionId}/deliveries',
      '/api/v1/tokens',
    ]),
  );
});

test('screening and problems answer as is described', async () => {
  const path = '/api/v1/screen';
  const payload = { names: [{ name: 'Henan Dingxin' }] };
  const answer = await server.inject({ method: 'POST', url: path, headers: admin, payload });
  expect(answer.json().hits).toHaveLength(1);
  expect(faultsOf(path, 'post', '200', 'application/json', answer.json())).toEqual([]);
  const refused = await server.inject({ method: 'POST', url: path, payload });
  expect(faultsOf(path, 'post', 'default', 'application/problem+json', refused.json())).toEqual([]);
});

test('an answer that is not as described is found', () => {
  const described = ['/api/v1/tokens', 'get', '200', 'application/json'] as const;
  expect(faultsOf(...described, { tokens: [{ tokenId: 7 }] })).not.toEqual([]);
  expect(faultsOf(...described, { tokens: [], more: 1 })).not.toEqual([]);
});

test('what needs a token says so in the description, and nothing else does', async () => {
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { security }] of Object.entries(methods)) {
      if (path.endsWith('/stream')) continue;
      const url = path.replace(/\{(\w+)\}/gu, (_, name: string) => ids[name] ?? `no-${name}`);
      const { statusCode } = await server.inject({ method: method.toUpperCase() as 'GET', url });
      expect([method, path, statusCode === 401]).toEqual([method, path, (security ?? []).length > 0]);
    }
});

test('every operation has a name of its own, and a problem for what the client did wrong', () => {
  const all = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const names = all.map(({ operationId }) => operationId);
  expect(names).toEqual(names.map(() => expect.stringMatching(/^[a-z]+(?:_[A-Za-z0-9]+)+$/u)));
  expect(new Set(names).size).toBe(all.length);
  for (const { operationId, responses } of all)
    expect([operationId, Object.keys(responses['4XX']?.content ?? {})]).toEqual([
      operationId,
      ['application/problem+json'],
    ]);
});

test('every route of the API is described, and none that there is not', () => {
  const found: string[] = [];
  const above: string[] = [];
  for (const line of server.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods] = /^([\s│]*[├└]── )(\S+)(?: \((.+)\))?$/u.exec(line) ?? [];
    if (part === '') continue;
    const depth = indent.length / 4;
    above.length = depth;
    above[depth] = part;
    const path = above
      .slice(1)
      .join('')
      .replace(/:(\w+)/gu, '{$1}');
    if (!path.startsWith('/api/v1/')) continue;
    for (const method of methods?.split(', ') ?? [])
      if (method !== 'HEAD' && method !== 'OPTIONS') found.push(`${method.toLowerCase()} ${path}`);
  }
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.length).toBeGreaterThan(30);
  expect([...new Set(found)].sort()).toEqual(described.sort());
});

test('every answer to what changes something is as is described', async () => {
  const receiver = await startReceiver();
  const asked = new Set<string>();
  const own = { ...ids };
  /** Asks one operation, and holds its answer against the schema that the description gives for its status. */
  const ask = async (operation: string, status: number, payload?: object | string, query = '') => {
    const [method, path] = operation.split(' ') as [string, string];
    const url = `/api/v1${path.replace(/\{(\w+)\}/gu, (_, name: string) => own[name] ?? `no-${name}`)}${query}`;
    const type = typeof payload === 'string' ? { 'content-type': 'text/csv' } : {};
    const answer = await server.inject({
      method: method as 'POST',
      url,
      headers: { ...admin, ...type },
      ...(payload === undefined ? {} : { payload }),
    });
    expect([operation, answer.statusCode, answer.body]).toEqual([operation, status, expect.any(String)]);
    const body = answer.body === '' ? undefined : answer.json();
    const described = document.paths[`/api/v1${path}`]?.[method.toLowerCase()]?.responses;
    if (described?.[status]?.content === undefined && status < 300) expect(body).toBeUndefined();
    else {
      const isProblem = String(answer.headers['content-type']).startsWith('application/problem+json');
      expect(
        faultsOf(
          `/api/v1${path}`,
          method.toLowerCase(),
          isProblem && described?.[status] === undefined ? '4XX' : String(status),
          isProblem ? 'application/problem+json' : 'application/json',
          body,
        ),
      ).toEqual([]);
      if (isProblem) return body;
    }
    asked.add(`${operation} ${status}`);
    return body;
  };
  try {
    await ask('POST /screen', 200, { names: [{ name: 'Henan Dingxin' }] });
    own.watchlistId = (await ask('POST /watchlists', 201, { name: 'customers' })).watchlistId;
    await ask('POST /watchlists', 409, { name: 'customers' });
    await ask('PATCH /watchlists/{watchlistId}', 200, { threshold: 0.8 });
    await ask('PATCH /watchlists/{watchlistId}', 422, {});
    await ask('PUT /watchlists/{watchlistId}/rows', 422, 'id,name\n1,Henan Dingxin\n2,\n');
    await ask('PUT /watchlists/{watchlistId}/rows', 422, 'town\nPerm\n');
    await ask('PUT /watchlists/{watchlistId}/rows', 200, 'id,name\n17,Henan Dingxin\n');
    own.runId = (await ask('POST /watchlists/{watchlistId}/screen', 201)).runId;
    const { hits } = await ask('GET /watchlists/{watchlistId}/runs/{runId}/hits', 200);
    const decided = { hitId: hits[0].hitId, reason: 'another company' };
    own.decisionId = (await ask('POST /watchlists/{watchlistId}/decisions', 201, decided)).decisionId;
    await ask('GET /watchlists/{watchlistId}/decisions', 200);
    await ask('DELETE /watchlists/{watchlistId}/decisions/{decisionId}', 204);
    await ask('DELETE /watchlists/{watchlistId}/decisions/{decisionId}', 404);
    await ask('POST /watchlists/{watchlistId}/page', 201);
    await ask('POST /watchlists/{watchlistId}/feed', 201);
    await ask('DELETE /watchlists/{watchlistId}/feed', 204);
    await ask('DELETE /watchlists/{watchlistId}/page', 204);
    await ask('DELETE /watchlists/{watchlistId}', 204);
    const hook = { channel: 'webhook', target: `${receiver.origin}/hook`, contact: 'owner@example.org' };
    own.subscriptionId = (await ask('POST /subscriptions', 201, hook)).subscriptionId;
    await ask('POST /subscriptions', 409, hook);
    await ask('PATCH /subscriptions/{subscriptionId}', 200, { minimumCount: 2 });
    await ask('POST /subscriptions/{subscriptionId}/test', 200);
    await ask('POST /subscriptions/{subscriptionId}/secrets', 201);
    await ask('POST /subscriptions/{subscriptionId}/replay', 202, undefined, '?after=0');
    await ask('GET /subscriptions/{subscriptionId}/deliveries', 200);
    await ask('DELETE /subscriptions/{subscriptionId}', 204);
    own.tokenId = (await ask('POST /tokens', 201, { name: 'y', scopes: ['read'] })).tokenId;
    await ask('DELETE /tokens/{tokenId}', 200);
    await ask('POST /organisations', 201, { organisationId: 'acme', name: 'Acme Ltd.' });
    await ask('POST /organisations', 409, { organisationId: 'acme', name: 'Acme Ltd.' });
  } finally {
    await receiver.close();
  }
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'get')
      .flatMap(([method, { responses }]) =>
        Object.keys(responses)
          .filter((status) => /^\d+$/u.test(status))
          .map((status) => `${method.toUpperCase()} ${path.replace('/api/v1', '')} ${status}`),
      ),
  );
  expect([...asked].filter((one) => !one.startsWith('GET ')).sort()).toEqual(described.sort());
});

test.each([
  ['/api/v1/entries.ndjson', 'application/x-ndjson'],
  ['/api/v1/entries.csv', 'text/csv'],
])('%s answers the type that is described', async (path, type) => {
  const answer = await server.inject({ url: path, headers: admin });
  expect([answer.statusCode, Object.keys(document.paths[path]!.get!.responses['200']!.content!)]).toEqual([
    200,
    [type],
  ]);
  expect(answer.headers['content-type']).toContain(type);
});
