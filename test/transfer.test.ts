import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { listTables } from '../src/store/copy-rows.ts';
import { openDatabase } from '../src/store/db.ts';
import { LEFT_OUT_SCHEMAS, LEFT_OUT_TABLES, PORTABLE_TABLES } from '../src/store/portable-tables.ts';
import { findServerSecret } from '../src/store/server-secret.ts';
import { sweep } from '../src/sweep.ts';
import { exportStore, importStore } from '../src/transfer.ts';
import { type Backend, backends, type TestDatabase } from './helpers/databases.ts';
import { ALL_BYTES, fillStore, HARD_TEXT } from './helpers/fill-store.ts';
import { openMailSetting } from './helpers/mail-setting.ts';
import { runElwatch } from './helpers/run-elwatch.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'elwatch-transfer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const exporting = { secretKey: null, program: '0.0.0', now: '2025-03-28T12:45:00.000Z', onRows: () => {} };
const importing = { secretKey: null, onRows: () => {} };

async function openEmpty({ open }: Backend): Promise<TestDatabase> {
  const database = await open();
  closers.push(() => database.close());
  return database;
}

/** A store with rows in every table; of two deliveries one is sent and one is due. */
async function openFilled(backend: Backend, sink: SmtpSink) {
  const database = await openEmpty(backend);
  const setting = openMailSetting(database, Number(new URL(sink.url).port));
  closers.push(() => setting.close());
  await setting.subscribe('ana@example.org');
  await setting.subscribe('ben@example.org');
  const [sent, due] = await setting.tell('2025-05427');
  await setting.deliver(sent!);
  await fillStore(setting);
  return { database, setting, due: due! };
}

async function writeFilled(backend: Backend, name: string) {
  const sink = await startSmtpSink();
  closers.push(() => sink.close());
  const filled = await openFilled(backend, sink);
  const file = join(folder, name);
  const exported = await exportStore(filled.database.kysely, file, exporting);
  return { ...filled, sink, file, exported };
}

const ways = backends.flatMap((from) =>
  backends.filter((to) => backends.length === 1 || from !== to).map((to) => ({ from, to })),
);

describe.each(ways)('a store that moves from $from.name to $to.name', ({ from, to }) => {
  test('is there the same, table by table, and sends once what was due', async () => {
    const { file, exported, setting: there, due, sink } = await writeFilled(from, `${from.name}.gz`);
    expect(exported.tables.filter(({ rows }) => rows === 0)).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const database = await openEmpty(to);
    // Whoever looked at the new store before has made a secret there, which gives way to the old one.
    await findServerSecret(database.kysely, exporting.now);

    const imported = await importStore(database.kysely, file, importing);

    expect(imported).toMatchObject({ rows: exported.rows, tables: exported.tables, sha256: exported.sha256 });
    expect(imported.stateHashes).toEqual([
      {
        list: 'entity-list',
        there: expect.stringMatching(/^[0-9a-f]{64}$/u),
        here: imported.stateHashes[0]!.there,
      },
    ]);
    expect(await findServerSecret(database.kysely, exporting.now)).toBe(
      await findServerSecret(there.parts.db, exporting.now),
    );
    const { rows } = await sql<{ bytes: Buffer; micro: string; title: string; score: number }>`
      select v.bytes, to_char(v.fetched_at at time zone 'UTC', 'US') as micro, d.head->>'title' as title,
        (select score from screening_hit) as score
      from document_version v join document d using (number) where length(v.bytes) = 256`.execute(
      database.kysely,
    );
    expect(rows).toEqual([
      { bytes: ALL_BYTES, micro: '123456', title: HARD_TEXT, score: 0.30000000000000004 },
    ]);

    // Exported again from there, it is the same file but for its head.
    const again = join(folder, `${to.name}-again.gz`);
    await exportStore(database.kysely, again, exporting);
    expect(linesOf(again).slice(0, -1)).toEqual(linesOf(file).slice(0, -1));

    const here = openMailSetting(database, Number(new URL(sink.url).port));
    closers.push(() => here.close());
    here.clock.ms = there.clock.ms;
    expect((await sweep(here.parts)).deliveryIds).toEqual([due]);
    expect(sink.received).toHaveLength(1);
    await here.deliver(due);
    await here.deliver(due);
    expect((await sweep(here.parts)).deliveryIds).toEqual([]);
    expect(sink.received.flatMap((one) => one.to).sort()).toEqual(['ana@example.org', 'ben@example.org']);
  });

  test('counts on where it was, and keeps its rules', async () => {
    const { file, setting: there } = await writeFilled(from, `${from.name}-counts.gz`);
    const database = await openEmpty(to);
    await importStore(database.kysely, file, importing);
    const next = sql<{ hit: number; change: number }>`
      select nextval(pg_get_serial_sequence('screening_hit', 'hit_id')) as hit,
        nextval(pg_get_serial_sequence('change', 'seq')) as change`;
    const [ours, theirs] = [await next.execute(database.kysely), await next.execute(there.parts.db)];
    expect(ours.rows).toEqual(theirs.rows);
    expect(ours.rows[0]!.hit).toBe(4);
    await expect(sql`update change set name = 'x'`.execute(database.kysely)).rejects.toThrow('append-only');
    await expect(
      sql`insert into document_version (number, published_on, kind, sha256, url, bytes, fetched_at, last_seen_at)
        values ('none', '2025-01-01', 'xml', 's', 'u', '', now(), now())`.execute(database.kysely),
    ).rejects.toThrow('foreign key');
    const { rows } = await sql`select conname from pg_constraint where contype = 'f' and condeferrable
      and connamespace = current_schema()::regnamespace`.execute(database.kysely);
    expect(rows).toEqual([]);
  });
});

const linesOf = (file: string) => gunzipSync(readFileSync(file)).toString().split('\n').slice(1, -1);

describe('an import', () => {
  const pglite = backends[0]!;
  let file: string;
  let bytes: Buffer;
  let text: Buffer;
  let target: TestDatabase;
  beforeAll(async () => {
    ({ file } = await writeFilled(pglite, 'whole.gz'));
    bytes = readFileSync(file);
    text = gunzipSync(bytes);
    target = await pglite.open();
    return () => target.close();
  });
  const altered = (name: string, content: Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const isEmpty = async () => {
    const { rows } = await sql`select from change_set union all select from subscription
      union all select from organisation where organisation_id = 'acme'`.execute(target.kysely);
    return rows.length === 0;
  };

  test.each([
    ['is cut in the middle', 'export-cut', () => bytes.subarray(0, bytes.length >> 1)],
    ['lacks its last byte', 'export-cut', () => bytes.subarray(0, -1)],
    [
      'lacks its foot',
      'export-cut',
      () => gzipSync(text.subarray(0, text.lastIndexOf('\n', text.length - 2) + 1)),
    ],
    ['lacks its last rows', 'export-cut', () => gzipSync(text.subarray(0, text.length >> 1))],
    ['is empty', 'export-cut', () => Buffer.alloc(0)],
    ['is text', 'export-unknown', () => Buffer.from('{"format":"elwatch-export"}\n')],
    ['is the gzip of something else', 'export-unknown', () => gzipSync('{"a":1}\n{}\n')],
    ['has one other byte in its gzip', 'export-changed', () => flip(bytes, bytes.length >> 1)],
    [
      'has one other letter in a row',
      'export-changed',
      () => gzipSync(swap(text, 'ana@example.org', 'eve@example.org')),
    ],
    ['has another count in its head', 'export-changed', () => gzipSync(swap(text, '"rows":3', '"rows":2'))],
    ['has a line too many', 'export-changed', () => gzipSync(Buffer.concat([text, Buffer.from('{}\n')]))],
    ['is of a later format', 'export-version', () => gzipSync(swap(text, '"version":1', '"version":2'))],
  ])('refuses a file that %s, and touches nothing', async (what, code, content) => {
    const path = altered(`${what.replaceAll(' ', '-')}.gz`, content());
    const error = await importStore(target.kysely, path, importing).catch((thrown) => thrown);
    expect(error).toMatchObject({ code, retry: false, hint: expect.stringMatching(/\w/u) });
    expect(error.message).toContain('Nothing was imported');
    expect(await isEmpty()).toBe(true);
  });

  test('refuses a file of another migration, or one that is not there', async () => {
    const migration = /"migration":"([^"]+)"/u.exec(text.toString())![1]!;
    const other = withFoot(swap(text, `"migration":"${migration}"`, '"migration":"0001-spine"'));
    await expect(importStore(target.kysely, altered('older.gz', other), importing)).rejects.toMatchObject({
      code: 'migration-differs',
      message: expect.stringContaining('0001-spine'),
    });
    await expect(importStore(target.kysely, join(folder, 'none'), importing)).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });

  test('refuses rows that the database refuses, and leaves the store empty', async () => {
    const other = withFoot(swap(text, '"follows":"z01500"', '"follows":"z99999"'));
    await expect(importStore(target.kysely, altered('orphan.gz', other), importing)).rejects.toMatchObject({
      code: 'import-failed',
      message: expect.stringContaining('follows'),
    });
    expect(await isEmpty()).toBe(true);
  });

  test('refuses rows that would not read back the same', async () => {
    const other = withFoot(swap(text, '"channel":"email"', '"chanel":"email" '));
    const error = await importStore(target.kysely, altered('misspelt.gz', other), importing).catch((e) => e);
    expect(['import-failed', 'import-differs']).toContain(error.code);
    expect(await isEmpty()).toBe(true);
  });

  test('refuses another SECRET_KEY, or one where the file brings its own', async () => {
    await expect(
      importStore(target.kysely, file, { ...importing, secretKey: 'k'.repeat(32) }),
    ).rejects.toMatchObject({ code: 'secret-key-differs', hint: expect.stringContaining('unset') });
    const sealed = join(folder, 'sealed.gz');
    const source = await pglite.open();
    onTestFinished(() => source.close());
    await exportStore(source.kysely, sealed, { ...exporting, secretKey: 'a'.repeat(32) });
    for (const secretKey of [null, 'k'.repeat(32)])
      await expect(importStore(target.kysely, sealed, { ...importing, secretKey })).rejects.toMatchObject({
        code: 'secret-key-differs',
      });
    await importStore(target.kysely, sealed, { ...importing, secretKey: 'a'.repeat(32) });
  });

  test('refuses a store that is not empty, and names the tables', async () => {
    const used = await pglite.open();
    onTestFinished(() => used.close());
    await importStore(used.kysely, file, importing);
    await expect(importStore(used.kysely, file, importing)).rejects.toMatchObject({
      code: 'store-not-empty',
      message: expect.stringMatching(/api_token \(1\).*subscription \(2\)/u),
    });
  });

  test('an export overwrites nothing', async () => {
    await expect(exportStore(target.kysely, file, exporting)).rejects.toMatchObject({ code: 'file-exists' });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    await expect(
      exportStore(target.kysely, join(folder, 'no', 'folder', 'x.gz'), exporting),
    ).rejects.toMatchObject({ code: 'file-unwritable' });
  });

  test('on the command line says what it did on stdout, and ends with 5 for a bad file', async () => {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: join(folder, 'new'), HOME: folder };
    const bad = await runElwatch(['import', altered('bad.gz', bytes.subarray(0, 900)), '--json'], {
      cwd: folder,
      env,
    });
    expect(bad).toMatchObject({ code: 5, stderr: expect.stringContaining('Copy it again') });
    expect(JSON.parse(bad.stdout).error).toMatchObject({ code: 'export-cut', retry: false });
    const good = await runElwatch(['import', file, '--json'], { cwd: folder, env });
    expect(good.code, good.stderr).toBe(0);
    const { store, stateHashes } = JSON.parse(good.stdout);
    expect(store).toBe('pglite');
    expect(stateHashes[0].there).toBe(stateHashes[0].here);
    const back = await runElwatch(['export', 'back.gz'], { cwd: folder, env });
    expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining('SHA-256') });
    expect(linesOf(join(folder, 'back.gz')).slice(0, -1)).toEqual(linesOf(file).slice(0, -1));
  });
});

test('every table of the schema is exported, or left out with its reason', async () => {
  const database = await openDatabase({ dataDir: 'memory://' });
  onTestFinished(() => database.close());
  const tables = await listTables(database.kysely);
  expect(tables.length).toBeGreaterThan(25);
  expect([...PORTABLE_TABLES, ...Object.keys(LEFT_OUT_TABLES)].sort()).toEqual(tables);
  const { rows } = await sql<{ name: string }>`select nspname as name from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')`.execute(database.kysely);
  expect(rows.map(({ name }) => name).filter((name) => !(name in LEFT_OUT_SCHEMAS))).toEqual([]);
});

function flip(of: Buffer, at: number): Buffer {
  const copy = Buffer.from(of);
  copy[at]! ^= 0x40;
  return copy;
}

/** The first of it is replaced; it must be there. */
function swap(of: Buffer, from: string, to: string): Buffer {
  const at = of.indexOf(from);
  expect(at, from).toBeGreaterThanOrEqual(0);
  return Buffer.concat([of.subarray(0, at), Buffer.from(to), of.subarray(at + Buffer.byteLength(from))]);
}

/** A file with a foot that fits, as somebody could make who means it. */
function withFoot(of: Buffer): Buffer {
  const body = of.subarray(0, of.lastIndexOf('\n', of.length - 2) + 1);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return gzipSync(
    Buffer.concat([body, Buffer.from(`${JSON.stringify({ end: 'elwatch-export', sha256 })}\n`)]),
  );
}
