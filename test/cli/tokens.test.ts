import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findApiToken } from '../../src/store/api-tokens.ts';
import { openDatabase } from '../../src/store/db.ts';
import { runElwatch } from '../helpers/run-elwatch.ts';

let folder: string;
const run = (...args: string[]) =>
  runElwatch(args, { cwd: folder, env: { PATH: process.env.PATH ?? '', DATA_DIR: join(folder, 'data') } });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

/** Whom the store takes a token for. */
async function ownerOf(secret: string): Promise<string | null> {
  const database = await openDatabase({ dataDir: join(folder, 'data') });
  try {
    return (await findApiToken(database.kysely, secret))?.organisationId ?? null;
  } finally {
    await database.close();
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elwatch-tokens-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a token is made for an organisation, listed without its text, and revoked', async () => {
  const refused = await run('tokens', 'create', 'x', '--organisation', 'acme');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('elwatch organisations add')]);
  await run('organisations', 'add', 'acme', 'Acme Ltd.');
  const { organisations } = await json('organisations', 'list');
  expect(organisations.map(({ organisationId }: { organisationId: string }) => organisationId)).toContain(
    'acme',
  );

  const made = await json(
    'tokens',
    'create',
    'reader',
    '--organisation',
    'acme',
    '--scope',
    'read,watchlists',
  );
  expect(made).toMatchObject({ scopes: ['read', 'watchlists'], perMinute: 600 });
  expect(await ownerOf(made.token)).toBe('acme');
  const list = await run('tokens', 'list');
  expect(list.stdout).toContain('reader');
  expect(list.stdout).not.toContain(made.token);

  expect((await run('tokens', 'revoke', made.tokenId)).stdout).toContain('opens nothing any more');
  expect(await ownerOf(made.token)).toBeNull();
  const again = await run('tokens', 'revoke', made.tokenId);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('elwatch tokens list')]);
}, 120_000);

test.each([
  [['create', 'x', '--scope', 'root'], 1, 'use read, subscriptions, watchlists, admin'],
  [['create', 'x', '--per-minute', '0'], 2, 'whole number from 1'],
  [['create', ' '], 2, '1 to 80 characters'],
  [['create', 'x', '--organisation', 'A B'], 2, 'lower-case letters'],
])('tokens %j is refused with what to write instead', async (args, code, words) => {
  const ran = await run('tokens', ...args);
  expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(words)]);
});
