import { createHash, createHmac } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Kysely } from 'kysely';
import { ElwatchError, errorLine } from './errors.ts';
import { entryHash, stateHash } from './list/state-hash.ts';
import { LIST_NAMES, type ListName } from './model.ts';
import {
  beginCopying,
  countRows,
  createInserter,
  deferForeignKeys,
  deleteRows,
  lockTables,
  newestMigration,
  readLines,
  readSequences,
  writeSequences,
} from './store/copy-rows.ts';
import { currentEntries } from './store/entries.ts';
import { BORN_WITH, PORTABLE_TABLES } from './store/portable-tables.ts';
import type { Schema } from './store/schema.ts';
import { findServerSecret } from './store/server-secret.ts';
import { type ExportHead, FORMAT, FORMAT_VERSION, readExport } from './transfer/export-file.ts';

type Db = Kysely<Schema>;
type Hashes = Partial<Record<ListName, string>>;

/** How far it is: of all rows, and at which table. */
export type OnRows = (done: number, of: number, table: string) => void;

/** What was written, or read and written. */
export interface Transferred {
  file: string;
  sha256: string;
  migration: string;
  tables: { name: string; rows: number }[];
  rows: number;
}

export interface Imported extends Transferred {
  /** State hash of each list in the file and in the store, which are the same. */
  stateHashes: { list: ListName; there: string; here: string }[];
}

/** Tells one key from another without telling the key. */
const checkOf = (secretKey: string) =>
  createHmac('sha256', secretKey).update('elwatch export').digest('hex').slice(0, 16);

async function hashLists(db: Db): Promise<Hashes> {
  const entries = await currentEntries(db);
  const hashes: Hashes = {};
  for (const list of LIST_NAMES) {
    const own = entries.filter((entry) => entry.list === list);
    if (own.length > 0) hashes[list] = stateHash(own.map(entryHash));
  }
  return hashes;
}

/**
 * Writes the whole store to a file: one moment of it, also while a service on PostgreSQL goes on. The file is made
 * under a name of its own and has `file` only when it is whole. It holds addresses, tokens by their hash, and the
 * server's secret where the database keeps it: only its owner may read it.
 *
 * @param secretKey of the environment; null where the database keeps it
 * @throws ElwatchError `file-exists`, `file-unwritable`
 */
export async function exportStore(
  db: Db,
  file: string,
  {
    secretKey,
    program,
    now,
    onRows,
  }: { secretKey: string | null; program: string; now: string; onRows: OnRows },
): Promise<Transferred> {
  if (await stat(file).catch(() => null)) throw fileExists(file);
  const key = secretKey ?? (await findServerSecret(db, now));
  const partial = `${file}.${process.pid}.partial`;
  try {
    return await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        await beginCopying(tx);
        const tables: Transferred['tables'] = [];
        for (const name of PORTABLE_TABLES) tables.push({ name, rows: await countRows(tx, name) });
        const head: ExportHead = {
          format: FORMAT,
          version: FORMAT_VERSION,
          program,
          migration: await newestMigration(tx),
          madeAt: now,
          secretKey: { keptBy: secretKey === null ? 'database' : 'environment', check: checkOf(key) },
          tables,
          sequences: await readSequences(tx),
          stateHashes: await hashLists(tx),
        };
        const rows = tables.reduce((sum, table) => sum + table.rows, 0);
        const hash = createHash('sha256');
        let sha256 = '';
        async function* text() {
          const hashed = (chunk: string) => {
            hash.update(chunk);
            return chunk;
          };
          yield hashed(`${JSON.stringify(head)}\n`);
          let done = 0;
          for (const { name } of tables)
            for await (const lines of readLines(tx, name)) {
              yield hashed(`${lines.join('\n')}\n`);
              done += lines.length;
              onRows(done, rows, name);
            }
          sha256 = hash.digest('hex');
          yield `${JSON.stringify({ end: FORMAT, sha256 })}\n`;
        }
        await pipeline(
          text(),
          createGzip(),
          createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }),
        );
        // A link, since renaming would overwrite a file that has come there meanwhile.
        await link(partial, file);
        return { file, sha256, migration: head.migration, tables, rows };
      });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw fileExists(file);
    if (/^E[A-Z]+$/u.test(code ?? '') && (error as NodeJS.ErrnoException).syscall !== undefined)
      throw new ElwatchError('file-unwritable', `The file cannot be written (${code}).`, {
        retry: false,
        hint: 'Check the folder, its rights and the room on the disk.',
        cause: error,
      });
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}

function fileExists(file: string): ElwatchError {
  return new ElwatchError('file-exists', `${file} is there already.`, {
    retry: false,
    hint: 'Give another name, or remove it; an export never overwrites.',
  });
}

/**
 * Reads a file of `exportStore` into an empty store of the same migration, in one transaction: all of it, or nothing.
 * The file is checked from end to end before the store is touched. Before the transaction ends every table is read
 * back and compared with the file, byte for byte, and the state hash of each list with the one that the other store
 * had. Nothing else may run on the store meanwhile.
 *
 * @param secretKey of the environment; null where the database is to keep it
 * @throws ElwatchError of `readExport`, `migration-differs`, `secret-key-differs`, `store-not-empty`, `import-failed`,
 * `import-differs`
 */
export async function importStore(
  db: Db,
  file: string,
  { secretKey, onRows }: { secretKey: string | null; onRows: OnRows },
): Promise<Imported> {
  const here = await newestMigration(db);
  const checked = await checkFile(file, here, secretKey);
  return db.transaction().execute(async (tx) => {
    await beginCopying(tx);
    await lockTables(tx, PORTABLE_TABLES);
    await assertEmpty(tx);
    const restoreForeignKeys = await deferForeignKeys(tx);
    for (const table of Object.keys(BORN_WITH)) await deleteRows(tx, table);
    const digests = await insertFile(tx, file, checked, onRows);
    await restoreForeignKeys().catch((error: unknown) => {
      throw importFailed(error);
    });
    await writeSequences(tx, checked.head.sequences);
    for (const [table, digest] of digests)
      if ((await digestTable(tx, table)) !== digest)
        throw differs(`the table ${table} does not read back as the file has it`);
    const ours = await hashLists(tx);
    const stateHashes = LIST_NAMES.filter((list) => ours[list] ?? checked.head.stateHashes[list]).map(
      (list) => ({
        list,
        there: checked.head.stateHashes[list] ?? '',
        here: ours[list] ?? '',
      }),
    );
    for (const one of stateHashes)
      if (one.there !== one.here)
        throw differs(`the state hash of the ${one.list} was ${one.there} there and is ${one.here} here`);
    const { tables, migration } = checked.head;
    return { file, sha256: checked.sha256, migration, tables, rows: checked.rows, stateHashes };
  });
}

interface Checked {
  head: ExportHead;
  sha256: string;
  rows: number;
}

async function checkFile(file: string, migration: string, secretKey: string | null): Promise<Checked> {
  let found: ExportHead | null = null;
  const sha256 = await readExport(file, {
    head(head) {
      found = head;
    },
    row() {},
    tableEnd() {},
  });
  const head = found as unknown as ExportHead;
  const names = head.tables.map(({ name }) => name);
  if (head.migration !== migration || names.join() !== PORTABLE_TABLES.join())
    throw new ElwatchError(
      'migration-differs',
      `The file is of a store with the migration ${head.migration} (version ${head.program}); this one has ${migration}.`,
      {
        retry: false,
        hint: 'Run the same version of Entity List Watch on both sides: start the old store once with this version, and export again.',
      },
    );
  const own = secretKey === null ? null : checkOf(secretKey);
  if (own === null ? head.secretKey.keptBy === 'environment' : own !== head.secretKey.check)
    throw new ElwatchError(
      'secret-key-differs',
      own === null
        ? 'The secrets in the file are sealed with a SECRET_KEY, and none is set here.'
        : head.secretKey.keptBy === 'environment'
          ? 'The secrets in the file are sealed with another SECRET_KEY.'
          : 'The secrets in the file are sealed with the key that the old database keeps, and SECRET_KEY is set here.',
      {
        retry: false,
        hint:
          head.secretKey.keptBy === 'environment'
            ? 'Set SECRET_KEY to the value that it has for the old store.'
            : 'Leave SECRET_KEY unset: the key comes with the file.',
      },
    );
  return { head, sha256, rows: head.tables.reduce((sum, table) => sum + table.rows, 0) };
}

async function assertEmpty(tx: Db): Promise<void> {
  const filled: string[] = [];
  for (const table of PORTABLE_TABLES) {
    const rows = await countRows(tx, table, `not (${BORN_WITH[table] ?? 'false'})`);
    if (rows > 0) filled.push(`${table} (${rows})`);
  }
  if (filled.length > 0)
    throw new ElwatchError('store-not-empty', `The store is not empty: ${filled.join(', ')}.`, {
      retry: false,
      hint: 'Import into a new database on which no service has run; nothing was changed.',
    });
}

/** Answers the digest of the lines of each table. */
async function insertFile(
  tx: Db,
  file: string,
  checked: Checked,
  onRows: OnRows,
): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  let hash = createHash('sha256');
  let inserter: ReturnType<typeof createInserter> | null = null;
  let done = 0;
  const inserting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw importFailed(error);
    }
  };
  const sha256 = await readExport(file, {
    head() {},
    async row(table, line) {
      inserter ??= createInserter(tx, table);
      hash.update(line).update('\n');
      const { add } = inserter;
      await inserting(() => add(line));
      done += 1;
      onRows(done, checked.rows, table);
    },
    async tableEnd(table) {
      if (inserter) await inserting(inserter.flush);
      digests.set(table, hash.digest('hex'));
      hash = createHash('sha256');
      inserter = null;
    },
  });
  if (sha256 !== checked.sha256)
    throw new ElwatchError(
      'export-changed',
      'The file was changed while it was read. Nothing was imported.',
      {
        retry: true,
        hint: 'Wait until whoever writes it has ended.',
      },
    );
  return digests;
}

async function digestTable(tx: Db, table: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const lines of readLines(tx, table)) hash.update(`${lines.join('\n')}\n`);
  return hash.digest('hex');
}

function importFailed(cause: unknown): ElwatchError {
  return new ElwatchError(
    'import-failed',
    `The database refuses the rows: ${errorLine(cause)}. Nothing was imported.`,
    {
      retry: false,
      hint: 'Check the rights of the database user (it must own the tables) and the room on the disk; the file itself is whole.',
      cause,
    },
  );
}

function differs(what: string): ElwatchError {
  return new ElwatchError(
    'import-differs',
    `What was written is not what the file says: ${what}. Nothing was imported.`,
    {
      retry: false,
      hint: 'Check that the database is PostgreSQL 12 or newer with the encoding UTF8, and that nothing else uses it.',
    },
  );
}
