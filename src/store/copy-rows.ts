import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** A row as JSON text in one line, as PostgreSQL writes it: exact to the microsecond, and no driver between. */
type Line = string;

/** Where an identity column counts on. `isUsed` says whether `value` was given out. */
export interface SequencePosition {
  table: string;
  column: string;
  value: number;
  isUsed: boolean;
}

/** Bytes of lines that are held at a time, about; a line that is longer is held alone. */
const BATCH_BYTES = 2 * 1024 * 1024;
const MOST_ROWS = 1_000;

type Db = Kysely<Schema>;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Sets how values become text, the same on every server, and no bound on how long a table takes. */
export async function beginCopying(tx: Db): Promise<void> {
  for (const setting of [
    'statement_timeout to 0',
    'idle_in_transaction_session_timeout to 0',
    `timezone to 'UTC'`,
    'bytea_output to hex',
    'extra_float_digits to 1',
  ])
    await sql.raw(`set local ${setting}`).execute(tx);
}

/** The newest migration that a store has. */
export async function newestMigration(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`select max(name) as name from kysely_migration`.execute(db);
  return rows[0]!.name;
}

/** Tables in the schema of ours, by name. */
export async function listTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') order by relname`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}

export async function countRows(db: Db, table: string, where = 'true'): Promise<number> {
  const { rows } = await sql
    .raw<{ rows: number }>(`select count(*) as rows from ${quote(table)} where ${where}`)
    .execute(db);
  return rows[0]!.rows;
}

/**
 * All rows of a table in the order of its primary key, the same on every server, a batch at a time. Needs a
 * transaction, and one table after the other.
 */
export async function* readLines(tx: Db, table: string): AsyncGenerator<Line[]> {
  const order = await primaryKey(tx, table);
  // The order is settled inside, so that it sorts keys and not the texts of rows.
  await sql
    .raw(
      `declare elwatch_copy no scroll cursor for
        select row_to_json(t)::text as line
        from (select * from ${quote(table)} order by ${order} offset 0) as t`,
    )
    .execute(tx);
  let count = 1;
  for (;;) {
    const { rows } = await sql.raw<{ line: Line }>(`fetch ${count} from elwatch_copy`).execute(tx);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
    const longest = Math.max(...rows.map(({ line }) => line.length));
    // Grows by steps, so that one large row after many small ones does not bring a thousand of its kind.
    count = Math.min(MOST_ROWS, count * 4, Math.max(1, Math.floor(BATCH_BYTES / longest)));
  }
  await sql.raw('close elwatch_copy').execute(tx);
}

async function primaryKey(db: Db, table: string): Promise<string> {
  const { rows } = await sql<{ name: string; isText: boolean }>`
    select a.attname as name, a.atttypid = 'text'::regtype as is_text
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = ${quote(table)}::regclass and i.indisprimary
    order by array_position(i.indkey::int2[], a.attnum)`.execute(db);
  // The order of texts is the server's own unless it is told.
  return rows.map(({ name, isText }) => `${quote(name)}${isText ? ' collate "C"' : ''}`).join(', ');
}

/** Collects lines into statements of a bounded size. Call `flush` after the last. */
export function createInserter(
  tx: Db,
  table: string,
): { add(line: Line): Promise<void>; flush(): Promise<void> } {
  let lines: Line[] = [];
  let bytes = 0;
  const flush = async () => {
    if (lines.length === 0) return;
    const rows = `[${lines.join(',')}]`;
    lines = [];
    bytes = 0;
    await sql`insert into ${sql.raw(quote(table))} overriding system value
      select * from json_populate_recordset(null::${sql.raw(quote(table))}, ${rows}::json)`.execute(tx);
  };
  return {
    async add(line) {
      lines.push(line);
      bytes += line.length;
      if (bytes >= BATCH_BYTES || lines.length >= MOST_ROWS) await flush();
    },
    flush,
  };
}

/** Keeps everybody else from writing until the transaction ends. */
export async function lockTables(tx: Db, tables: readonly string[]): Promise<void> {
  await sql.raw(`lock table ${tables.map(quote).join(', ')} in exclusive mode`).execute(tx);
}

export async function deleteRows(tx: Db, table: string): Promise<void> {
  await sql.raw(`delete from ${quote(table)}`).execute(tx);
}

/**
 * Has foreign keys checked at the end, since a row may name one that comes after it; the answered function checks them
 * and makes them as they were. Changing a constraint needs the owner of the tables, which is whoever migrated them.
 */
export async function deferForeignKeys(tx: Db): Promise<() => Promise<void>> {
  const { rows } = await sql<{ table: string; name: string }>`
    select conrelid::regclass::text as table, conname as name from pg_constraint
    where contype = 'f' and connamespace = current_schema()::regnamespace and not condeferrable`.execute(tx);
  const alter = async (how: string) => {
    for (const { table, name } of rows)
      await sql.raw(`alter table ${table} alter constraint ${quote(name)} ${how}`).execute(tx);
  };
  await alter('deferrable initially deferred');
  return async () => {
    await sql.raw('set constraints all immediate').execute(tx);
    await alter('not deferrable');
  };
}

/** Where every identity column counts on, so that no number is given out twice. */
export async function readSequences(tx: Db): Promise<SequencePosition[]> {
  const { rows } = await sql<{ table: string; column: string; sequence: string }>`
    select c.relname as table, a.attname as column,
      pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = current_schema()::regnamespace and a.attidentity <> ''
    order by 1, 2`.execute(tx);
  const positions: SequencePosition[] = [];
  for (const { table, column, sequence } of rows) {
    const answer = await sql
      .raw<{ value: number; isUsed: boolean }>(
        `select last_value as value, is_called as is_used from ${sequence}`,
      )
      .execute(tx);
    positions.push({ table, column, ...answer.rows[0]! });
  }
  return positions;
}

export async function writeSequences(tx: Db, positions: readonly SequencePosition[]): Promise<void> {
  for (const { table, column, value, isUsed } of positions)
    await sql`select setval(pg_get_serial_sequence(${quote(table)}, ${column}), ${value}::bigint, ${isUsed}::boolean)`.execute(
      tx,
    );
}
