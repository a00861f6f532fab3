import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';

let database: TestDatabase;
let parts: Parts;
beforeAll(async () => {
  database = await backends[0]!.open();
  parts = openApiParts(database);
  await storeSample(parts);
});
afterAll(() => database.close());

test('the description is valid OpenAPI 3.1', async () => {
  const server = openApi(parts);
  const answer = await server.inject('/openapi.json');
  expect(answer.statusCode).toBe(200);
  const document = answer.json();
  expect(document.openapi).toBe('3.1.0');
  const validation = await new Validator().validate(document);
  expect(validation).toMatchObject({ valid: true });
});
