import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { upsertDocument } from '../../../src/store/documents.ts';
import { ADMIN_TOKEN, openApi, openApiParts, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { sampleDocument } from '../../helpers/sample-changes.ts';
import { uploadCsv } from '../../helpers/watchlist.ts';

interface Operation {
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
  validate(body);
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
