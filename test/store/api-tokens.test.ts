import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createApiToken,
  findApiToken,
  listApiTokens,
  noteTokenUse,
  revokeApiToken,
} from '../../src/store/api-tokens.ts';
import { claimIdempotencyKey, keepIdempotentAnswer } from '../../src/store/idempotency-keys.ts';
import { addOrganisation } from '../../src/store/organisations.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';

const AT = '2026-11-25T09:00:00.000Z';

describe.each(backends)('API tokens on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(() => database.empty());

  const create = (organisationId = 'operator') =>
    createApiToken(database.kysely, {
      organisationId,
      name: 'feed reader',
      scopes: ['read'],
      perMinute: 60,
      createdAt: AT,
    });

  test('are of 256 random bits, found by what was shown, and nowhere in the database', async () => {
    const { token, secret } = await create();
    expect(secret).toMatch(/^elw_[\w-]{43}$/u);
    expect(await findApiToken(database.kysely, secret)).toEqual(token);
    const { rows } = await sql<{ row: string }>`select api_token::text as row from api_token`.execute(
      database.kysely,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toContain(secret);
    expect(rows[0]!.row).not.toContain(secret.slice(8));
    expect(JSON.stringify(await listApiTokens(database.kysely))).not.toMatch(/hash/u);
  });

  test('are not opened by a guess, a part, another case or something long', async () => {
    const { secret } = await create();
    for (const guess of [
      '',
      'elw_',
      secret.slice(0, -1),
      `${secret} `,
      secret.toLowerCase(),
      'x'.repeat(1e6),
    ])
      expect(await findApiToken(database.kysely, guess)).toBeNull();
  });

  test('are void once revoked, and stay on record', async () => {
    const { token, secret } = await create();
    await addOrganisation(database.kysely, { organisationId: 'acme', name: 'Acme', createdAt: AT });
    const byOther = await revokeApiToken(database.kysely, token.tokenId, AT, { organisationId: 'acme' });
    expect(byOther).toBeNull();
    expect(await findApiToken(database.kysely, secret)).not.toBeNull();
    expect(await revokeApiToken(database.kysely, token.tokenId, AT)).toMatchObject({ revokedAt: AT });
    expect(await revokeApiToken(database.kysely, token.tokenId, AT)).toBeNull();
    expect(await findApiToken(database.kysely, secret)).toBeNull();
    expect(await listApiTokens(database.kysely)).toHaveLength(1);
  });

  test('say when they were used last, to the minute', async () => {
    const { secret } = await create();
    const use = async (at: string) => {
      await noteTokenUse(database.kysely, (await findApiToken(database.kysely, secret))!, at);
      return (await findApiToken(database.kysely, secret))!.lastUsedAt;
    };
    expect(await use('2026-11-25T10:00:00.000Z')).toBe('2026-11-25T10:00:00.000Z');
    expect(await use('2026-11-25T10:00:59.000Z')).toBe('2026-11-25T10:00:00.000Z');
    expect(await use('2026-11-25T10:01:00.000Z')).toBe('2026-11-25T10:01:00.000Z');
  });

  test('belong to an organisation that is there', async () => {
    await expect(create('nobody')).rejects.toMatchObject({ code: 'organisation-unknown' });
  });

  test('of several that claim one idempotency key at once, one gets it; it is free again after a day', async () => {
    const request = { tokenId: 't', key: 'k', requestHash: 'h', now: AT };
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => claimIdempotencyKey(database.kysely, request)),
    );
    expect(claims.filter((claim) => claim === null)).toHaveLength(1);
    await keepIdempotentAnswer(database.kysely, request, { status: 201, sealedBody: 'sealed' });
    expect(await claimIdempotencyKey(database.kysely, { ...request, requestHash: 'other' })).toMatchObject({
      requestHash: 'h',
      status: 201,
      sealedBody: 'sealed',
    });
    const later = { ...request, now: '2026-11-26T09:00:01.000Z' };
    expect(await claimIdempotencyKey(database.kysely, later)).toBeNull();
  });
});
