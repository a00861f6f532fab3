import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { appendChangeSet, latestSeq } from '../../src/store/changes.ts';
import { openDatabase } from '../../src/store/db.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { places } from '../helpers/databases.ts';
import { makeChange, makeChangeSet } from '../store/facts.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const SOURCE = JSON.stringify(join(process.cwd(), 'src/store'));
/** Begins a migration that makes a table and fills it, says so, and never ends. */
const PROGRAM = `
  const { sql } = await import('kysely');
  const { openDatabase } = await import(${SOURCE} + '/db.ts');
  const { migrateDatabase } = await import(${SOURCE} + '/migrate.ts');
  const { kysely } = await openDatabase({ dataDir: process.argv[1], databaseUrl: process.argv[2] || null });
  const { rows } = await sql\`select name from kysely_migration\`.execute(kysely);
  const known = Object.fromEntries(rows.map(({ name }) => [name, { up: async () => {} }]));
  const up = async (db) => {
    await sql\`create table half_way as select generate_series(1, 10000) as n\`.execute(db);
    await sql\`alter table document add column half_way int\`.execute(db);
    console.log('half-way');
    await new Promise(() => setInterval(() => {}, 1_000));
  };
  await migrateDatabase(kysely, 'public', { ...known, '0999-slow': { up } });
`;

test.each(places.filter(({ name }) => name === 'PGlite' || name === 'PostgreSQL'))(
  'a migration that is killed half-way leaves nothing of itself on $name, and the next start goes on',
  { timeout: 120_000 },
  async ({ open }) => {
    const folder = await mkdtemp(join(tmpdir(), 'elwatch-migration-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const { environment, forget } = await open();
    closers.push(forget);
    const databaseUrl = environment.DATABASE_URL ?? null;
    const dataDir = join(folder, 'data');
    const before = await openDatabase({ dataDir, databaseUrl });
    await inTransaction(before.kysely, (tx) => appendChangeSet(tx, makeChangeSet(), [makeChange()]));
    await before.close();

    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', PROGRAM, dataDir, databaseUrl ?? ''],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    closers.push(() => child.kill('SIGKILL'));
    const [said] = await once(child.stdout, 'data');
    expect(String(said).trim()).toBe('half-way');
    const isGone = once(child, 'exit');
    child.kill('SIGKILL');
    await isGone;

    const after = await openDatabase({ dataDir, databaseUrl });
    closers.push(() => after.close());
    const { rows } = await sql`select to_regclass('half_way') as found`.execute(after.kysely);
    expect(rows).toEqual([{ found: null }]);
    expect(await latestSeq(after.kysely)).toBe(1);
  },
);
