import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/store/db.ts';
import { latestVersion, saveVersion } from '../../src/store/document-versions.ts';
import { findDocument, recordOutcome, upsertDocument } from '../../src/store/documents.ts';
import { migrateDatabase } from '../../src/store/migrate.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { makeHead } from './facts.ts';

const AT = '2025-03-28T12:45:00.123Z';

describe.each(backends)('the database on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());
  afterAll(() => database.close());

  test('answers days, instants, counts, JSON and bytes in the same types', async () => {
    const { rows } = await sql`
      select date '2024-02-29' as day,
        timestamptz '2025-03-28 08:45:00.5-04' as instant,
        timestamptz '2025-03-28 08:45:00.5-04' at time zone 'UTC' is not null as flag,
        count(*) as number,
        '{"a_b":[1]}'::jsonb as json,
        '\\x00ff'::bytea as bytes,
        array[1, 2]::int[] as several
      from (values (1), (2)) as two
    `.execute(database.kysely);
    expect(rows).toEqual([
      {
        day: '2024-02-29',
        instant: '2025-03-28T12:45:00.500Z',
        flag: true,
        number: 2,
        json: { a_b: [1] },
        bytes: Buffer.from([0, 255]),
        several: [1, 2],
      },
    ]);
    expect(Buffer.isBuffer((rows[0] as { bytes: unknown }).bytes)).toBe(true);
  });

  test('answers an instant in UTC whatever the time zone of the session', async () => {
    await database.kysely.transaction().execute(async (tx) => {
      await sql`set local timezone to 'Asia/Kolkata'`.execute(tx);
      const { rows } = await sql`select timestamptz '2025-03-28 12:45:00+00' as instant`.execute(tx);
      expect(rows).toEqual([{ instant: '2025-03-28T12:45:00.000Z' }]);
    });
  });

  test('stores what PostgreSQL refuses, cleaned: NUL goes, half a surrogate pair becomes U+FFFD', async () => {
    const head = makeHead({ title: 'a\0b\uD800c \\u0000 𠮷 e\u0301', abstract: 'say "\\\0"' });
    await upsertDocument(database.kysely, head, AT);
    await recordOutcome(database.kysely, head.number, head.publishedOn!, {
      status: 'held',
      statusReason: 'x\0y\uDC00',
      stated: { ['entity-list\0' as 'entity-list']: {} as never },
    });
    const stored = await findDocument(database.kysely, head.number);
    expect(stored?.head.title).toBe('ab\uFFFDc \\u0000 𠮷 e\u0301');
    expect(stored?.head.abstract).toBe('say "\\"');
    expect(stored?.statusReason).toBe('xy\uFFFD');
    expect(Object.keys(stored?.stated ?? {})).toEqual(['entity-list']);
  });

  test('keeps a megabyte of arbitrary bytes exactly', async () => {
    const head = makeHead();
    await upsertDocument(database.kysely, head, AT);
    const bytes = Buffer.alloc(1_000_000, Buffer.from([0, 1, 2, 0xff, 0x5c, 0x27, 0x0a]));
    const place = { number: head.number, publishedOn: head.publishedOn!, kind: 'xml' as const };
    await saveVersion(database.kysely, {
      ...place,
      url: 'https://x.test/',
      contentType: null,
      bytes,
      fetchedAt: AT,
    });
    const stored = await latestVersion(database.kysely, place.number, place.publishedOn, 'xml');
    expect(stored?.bytes.equals(bytes)).toBe(true);
  });

  test('is refused when a newer version of the program has been here', async () => {
    await migrateDatabase(database.kysely);
    await sql`insert into kysely_migration (name, timestamp) values ('0999-future', '')`.execute(
      database.kysely,
    );
    await expect(migrateDatabase(database.kysely)).rejects.toMatchObject({
      code: 'schema-newer',
      retry: false,
      message: expect.stringContaining('0999-future'),
    });
    await sql`delete from kysely_migration where name = '0999-future'`.execute(database.kysely);
  });

  test('keeps none of a migration that fails half-way', async () => {
    const migrations = {
      '0001-spine': { up: async () => {} },
      '0002-point-in-time': { up: async () => {} },
      '0003-filings': { up: async () => {} },
      '0004-audit': { up: async () => {} },
      '0005-subscriptions': { up: async () => {} },
      '0006-watchlists': { up: async () => {} },
      '0007-api': { up: async () => {} },
      '0008-forgiven': { up: async () => {} },
      '0009-claimant': { up: async () => {} },
      '0010-watchlist-pages': { up: async () => {} },
      '0011-consent': { up: async () => {} },
      '0099-broken': {
        up: async (db: Kysely<unknown>) => {
          await sql`create table half_way (n int)`.execute(db);
          await sql`select 1 / 0`.execute(db);
        },
      },
    };
    const migrating = migrateDatabase(database.kysely, 'public', migrations);
    await expect(migrating).rejects.toMatchObject({ code: 'migration-failed' });
    const { rows } = await sql`select to_regclass('half_way') as found`.execute(database.kysely);
    expect(rows).toEqual([{ found: null }]);
  });
});

test('an embedded database is there again after a restart, and closing twice is harmless', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-db-'));
  try {
    const first = await openDatabase({ dataDir });
    await upsertDocument(first.kysely, makeHead(), AT);
    await expect(openDatabase({ dataDir })).rejects.toMatchObject({ code: 'data-dir-in-use' });
    await first.close();
    await first.close();
    const second = await openDatabase({ dataDir });
    expect((await findDocument(second.kysely, '2025-05427'))?.head).toEqual(makeHead());
    await second.close();
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

for (const { open } of backends.filter(({ name }) => name === 'postgres')) {
  test('all tables can live in a schema of their own', async () => {
    const database = await open();
    onTestFinished(() => database.close());
    const { databaseUrl } = database;
    const apart = await openDatabase({ dataDir: '/nowhere', databaseUrl, schema: 'elwatch' });
    await upsertDocument(apart.kysely, makeHead(), AT);
    expect(await findDocument(database.kysely, '2025-05427')).toBeNull();
    expect(await findDocument(apart.kysely, '2025-05427')).not.toBeNull();
    await apart.close();
  });

  test('several processes that start at once on an empty database agree', async () => {
    const database = await open();
    onTestFinished(() => database.close());
    const { databaseUrl } = database;
    const opening = () => openDatabase({ dataDir: '/nowhere', databaseUrl, schema: 'together' });
    const opened = await Promise.all([opening(), opening(), opening()]);
    for (const one of opened) expect(await findDocument(one.kysely, 'x')).toBeNull();
    await Promise.all(opened.map((one) => one.close()));
  });
}

test('a server that does not answer is named, without its password', async () => {
  const opening = openDatabase({ dataDir: '/nowhere', databaseUrl: 'postgres://me:secret@127.0.0.1:1/none' });
  const error = await opening.then(
    () => null,
    (thrown: Error & { hint: string }) => thrown,
  );
  expect(error).toMatchObject({ code: 'database-unreachable', retry: true });
  expect(`${error?.message} ${error?.hint}`).not.toContain('secret');
});

test('a schema name that could carry SQL is refused', async () => {
  const opening = openDatabase({ dataDir: 'memory://', schema: 'a; drop table document' });
  await expect(opening).rejects.toMatchObject({ code: 'bad-schema-name' });
});
