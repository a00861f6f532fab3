import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { appendChangeSet, latestSeq } from '../../src/store/changes.ts';
import { openDatabase } from '../../src/store/db.ts';
import type { Schema } from '../../src/store/schema.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { makeChange, makeChangeSet } from '../store/facts.ts';

vi.setConfig({ testTimeout: 120_000 });

const LAST_BEFORE = '0010-watchlist-pages';
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'elwatch-copy-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const copies = async () => (await readdir(dataDir)).filter((name) => name.startsWith('pglite-'));

/** A store with a rule, as the version before the last migration left it. */
async function makeOlderStore(): Promise<void> {
  const { kysely, close } = await openDatabase({ dataDir });
  await inTransaction(kysely, (tx) => appendChangeSet(tx, makeChangeSet(), [makeChange()]));
  await goBack(kysely);
  await close();
}

async function goBack(db: Kysely<Schema>): Promise<void> {
  const undo = [
    'drop index delivery_question',
    'drop table suppressed_address',
    'alter table subscription drop column status_by, drop column vouched_by',
    `delete from kysely_migration where name > '${LAST_BEFORE}'`,
  ];
  for (const statement of undo) await sql.raw(statement).execute(db);
}

async function migrationsIn(directory: string): Promise<string[]> {
  const pglite = await PGlite.create(directory);
  const { rows } = await pglite.query<{ name: string }>('select name from kysely_migration order by name');
  await pglite.close();
  return rows.map(({ name }) => name);
}

describe('an embedded store whose tables are to be changed', () => {
  test('is copied as it was, and the copy is a store that the older version can go on with', async () => {
    await makeOlderStore();
    const told: object[] = [];
    const log = { info: (fields: object) => told.push(fields), error: () => {} };
    const upgraded = await openDatabase({ dataDir, log });
    expect(await latestSeq(upgraded.kysely)).toBe(1);
    await upgraded.close();
    const copy = join(dataDir, `pglite-${LAST_BEFORE}`);
    expect(told).toEqual([{ copy }]);
    expect((await migrationsIn(join(dataDir, 'pglite'))).at(-1)).not.toBe(LAST_BEFORE);
    expect((await migrationsIn(copy)).at(-1)).toBe(LAST_BEFORE);

    // The way back: the copy in its place, which holds the rule. It is brought up to date once more.
    const back = await mkdtemp(join(tmpdir(), 'elwatch-copy-'));
    try {
      await cp(copy, join(back, 'pglite'), { recursive: true });
      const again = await openDatabase({ dataDir: back });
      expect(await latestSeq(again.kysely)).toBe(1);
      await again.close();
    } finally {
      await rm(back, { recursive: true });
    }
  });

  test('keeps the copy of the last change alone, and nothing of a copy that was broken off', async () => {
    await makeOlderStore();
    await cp(join(dataDir, 'pglite'), join(dataDir, 'pglite-0009-claimant'), { recursive: true });
    await writeFile(join(dataDir, 'pglite-copy.part'), 'broken off');
    await (await openDatabase({ dataDir })).close();
    expect(await copies()).toEqual([`pglite-${LAST_BEFORE}`]);
    expect(existsSync(join(dataDir, 'pglite-copy.part'))).toBe(false);
  });

  test('is not copied where it is new, or as this version has it', async () => {
    await (await openDatabase({ dataDir })).close();
    await (await openDatabase({ dataDir })).close();
    expect(await copies()).toEqual([]);
  });
});
