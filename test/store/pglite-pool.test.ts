import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PglitePool } from '../../src/store/pglite-pool.ts';

let pglite: PGlite;
let pool: PglitePool;

beforeAll(async () => {
  pglite = await PGlite.create('memory://');
  await pglite.exec('create table note (text text)');
});
beforeEach(async () => {
  await pglite.exec('delete from note');
  pool = new PglitePool(pglite, 500);
});
afterAll(() => pglite.close());

const notes = async (): Promise<string[]> =>
  (await pool.query('select text from note order by text')).rows.map((row) => row.text);

test('a transaction that rolls back does not take the statement of another with it', async () => {
  const client = await pool.connect();
  await client.query('begin');
  await client.query("insert into note values ('mine')");
  const theirs = pool.query("insert into note values ('theirs')");
  await sleep(20);
  await client.query('rollback');
  client.release();
  await theirs;
  expect(await notes()).toEqual(['theirs']);
});

test('many transactions at once keep apart, half of them rolled back', async () => {
  const run = async (n: number): Promise<void> => {
    const client = await pool.connect();
    await client.query('-- by kysely or by BullMQ\nSTART TRANSACTION');
    await client.query('insert into note values ($1)', [`t${n % 2}`]);
    await sleep(1);
    await client.query(n % 2 === 0 ? 'commit' : 'ROLLBACK');
    client.release();
  };
  await Promise.all(Array.from({ length: 20 }, (_, n) => run(n)));
  expect(await notes()).toEqual(Array(10).fill('t0'));
});

test('a client that is given back inside a transaction is rolled back', async () => {
  const client = await pool.connect();
  await client.query('begin');
  await client.query("insert into note values ('lost')");
  client.release();
  expect(await notes()).toEqual([]);
});

test('a failed statement holds the transaction until it is rolled back', async () => {
  const client = await pool.connect();
  await client.query('begin');
  await expect(client.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
  await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
  await client.query('rollback');
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  client.release();
});

test('a savepoint that is rolled back leaves the transaction open', async () => {
  const client = await pool.connect();
  await client.query("begin; insert into note values ('kept'); savepoint s");
  await client.query("insert into note values ('dropped')");
  await client.query('rollback to savepoint s');
  const theirs = pool.query("insert into note values ('theirs')");
  await client.query('commit');
  client.release();
  await theirs;
  expect(await notes()).toEqual(['kept', 'theirs']);
});

test('waiting for a transaction ends with an error, and the transaction goes on', async () => {
  const client = await pool.connect();
  await client.query('begin');
  await expect(pool.query('select 1')).rejects.toMatchObject({ code: 'database-busy', retry: true });
  await client.query("insert into note values ('still here')");
  await client.query('commit');
  client.release();
  expect(await notes()).toEqual(['still here']);
});

test('notifications reach every listener whose LISTEN begins with a comment', async () => {
  const got: string[] = [];
  const clients = await Promise.all([pool.connect(), pool.connect()]);
  for (const [index, client] of clients.entries()) {
    client.on('notification', ({ channel, payload }) => got.push(`${index} ${channel} ${payload}`));
    await client.query('-- Subscribe.\n/* twice */ LISTEN news;');
  }
  await pool.query("select pg_notify('news', 'one')");
  await sleep(20);
  clients[0]?.release();
  await pool.query("select pg_notify('news', 'two')");
  await sleep(20);
  await clients[1]?.query('UNLISTEN *');
  await pool.query("select pg_notify('news', 'three')");
  await sleep(20);
  clients[1]?.release();
  expect(got).toEqual(['0 news one', '1 news one', '1 news two']);
});

test('results look like those of node-postgres', async () => {
  const inserted = await pool.query({ text: 'insert into note values ($1), ($2)', values: ['a', 'b'] });
  expect(inserted).toMatchObject({ command: 'INSERT', rowCount: 2, rows: [] });
  const selected = await pool.query('select text from note where text = $1', ['a']);
  expect(selected).toMatchObject({ command: 'SELECT', rowCount: 1, rows: [{ text: 'a' }] });
  expect(selected.fields[0]).toMatchObject({ name: 'text', dataTypeID: 25 });
  const several = await pool.query("select 1 as one; update note set text = 'c'");
  expect(several).toMatchObject({ command: 'UPDATE', rowCount: 2 });
});

test('after its end the pool refuses work with a reason', async () => {
  await pool.end();
  await expect(pool.query('select 1')).rejects.toMatchObject({ code: 'database-closed' });
});

test('statements one after the other leave a turn to who asks over the network', async () => {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const end = performance.now() + 500;
  while (performance.now() < end) await pool.query("insert into note values ('one of many')");
  isOver = true;
  expect(turns).toBeGreaterThan(5);
});
