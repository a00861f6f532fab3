import type { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { ElwatchError, errorLine } from '../errors.ts';
import { cleanTextPlugin } from './clean-text.ts';
import { pgliteParsers, pgliteSerializers, pgTypes } from './column-types.ts';
import { type DataLock, takeDataLock } from './data-lock.ts';
import { keepCopy } from './keep-copy.ts';
import { migrateDatabase } from './migrate.ts';
import { PglitePool } from './pglite-pool.ts';
import { createPresence, type Presence } from './presence.ts';
import { diskFull, LEAST_ROOM, roomIn } from './room.ts';
import type { Schema } from './schema.ts';

export interface DatabaseOptions {
  /** Where the embedded database lives; `memory://` keeps it in memory. Not used with `databaseUrl`. */
  dataDir: string;
  /** `postgres://…`; without one, PGlite. */
  databaseUrl?: string | null;
  /** PostgreSQL schema of our tables; created when absent. `public` unless told. */
  schema?: string;
  log?: {
    info(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

export interface Database {
  kind: 'pglite' | 'postgres';
  kysely: Kysely<Schema>;
  /** For BullMQ's PostgreSQL backend. Each of its workers keeps one connection for LISTEN. */
  queuePool: pg.Pool | PglitePool;
  /** By which other processes see that this one lives. */
  presence: Presence;
  /** The lock on the data directory; null with a server, and in memory. */
  lock: DataLock | null;
  /** Closes the pools and gives the lock back. Close the queue first: it uses `queuePool`. */
  close(): Promise<void>;
}

/** BullMQ's SQL is unqualified and its tables live in this schema. */
const QUEUE_SCHEMA = 'bullmq';
const IN_MEMORY = 'memory://';
/** Formats that `column-types` reads, and a bound on all that could hold the list lock. */
const SESSION = `set datestyle to iso; set bytea_output to hex; set statement_timeout to '60s';
  set idle_in_transaction_session_timeout to '60s'`;
/** Of the PostgreSQL within PGlite; a directory of another one cannot be read. */
const PGLITE_MAJOR = '18';
/** How long `close` waits for statements that still run. */
const CLOSE_MS = 4_000;

/**
 * Opens the store and brings its tables up to date; of an embedded one a copy as it was stays beside it.
 *
 * Throws `data-dir-in-use`, `data-dir-unwritable`, `database-unreachable` (retry), `database-damaged`,
 * `database-other-version`, `disk-full`, `schema-newer`, `migration-failed`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const schema = options.schema ?? 'public';
  if (!/^[a-z_][a-z0-9_]{0,62}$/u.test(schema)) {
    throw new ElwatchError('bad-schema-name', `"${schema}" cannot name a PostgreSQL schema.`, {
      retry: false,
      hint: 'Use lower-case letters, digits and underscores, and begin with a letter.',
    });
  }
  const database = options.databaseUrl
    ? openPostgres(options.databaseUrl, schema, options.log)
    : await openPglite(options.dataDir, schema);
  try {
    if (database.kind === 'postgres') await checkReachable(database.kysely);
    await migrateDatabase(database.kysely, schema, undefined, (last) =>
      copyEmbedded(database, options, last),
    );
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openPostgres(url: string, schema: string, log: DatabaseOptions['log']): Database {
  const openPool = (searchPath: string, max: number): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: url,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 10_000,
      types: pgTypes(),
      // Not start-up parameters: poolers refuse those, and `options` in the URL would win over ours.
      onConnect: async (client) => {
        await client.query(`set search_path to ${searchPath}; ${SESSION}`);
      },
      max,
    });
    pool.setMaxListeners(0);
    // Without a listener, a connection that drops ends the process: one at work (its statement fails too), or an idle one.
    pool.on('connect', tellOfLoss);
    pool.on('error', (error) => log?.error({ error: errorLine(error) }, 'database connection lost'));
    return pool;
  };
  const pool = openPool(schema, 10);
  const queuePool = openPool(QUEUE_SCHEMA, 32);
  const presence = createPresence(queuePool, { isShared: false });
  return {
    kind: 'postgres',
    kysely: openKysely(pool),
    queuePool,
    presence,
    lock: null,
    close: once(async () => {
      presence.close();
      await withinCloseTime(Promise.all([pool.end(), queuePool.end()]));
    }),
  };
}

/**
 * Keeps the loss of a connection for who begins to listen for it a moment later: BullMQ does once it has the client,
 * and would LISTEN for ever on one that was lost in between.
 */
function tellOfLoss(client: EventEmitter): void {
  let loss: Error | null = null;
  client.on('error', (error: Error) => {
    loss = error;
  });
  client.on('newListener', (event: string, listener: (error: Error) => void) => {
    if (event === 'error' && loss !== null) queueMicrotask(() => listener(loss!));
  });
}

async function openPglite(dataDir: string, schema: string): Promise<Database> {
  const inMemory = dataDir === IN_MEMORY;
  const lock = inMemory ? null : await takeDataLock(dataDir);
  try {
    const pglite = await createPglite(inMemory ? IN_MEMORY : join(dataDir, 'pglite'));
    // One session serves both: our names are found first, and none of BullMQ's tables shares a name with ours.
    await pglite.exec(`set search_path to ${schema}, ${QUEUE_SCHEMA}`);
    const pool = new PglitePool(pglite);
    return {
      kind: 'pglite',
      kysely: openKysely(pool),
      queuePool: pool,
      presence: createPresence(pool, { isShared: true }),
      lock,
      close: once(async () => {
        await withinCloseTime(pool.end());
        // One that waits for ever, since its disk is full, has nothing more to lose.
        await withinCloseTime(pglite.close());
        lock?.release();
      }),
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/**
 * PGlite as V8 first compiles it, and not once more for speed: that takes a core for a second or two, which a command
 * waits for at its end, and 80 to 100 MB for good, where statements become a third faster at the most.
 */
const COMPILED_ONCE = '--liftoff-only';

async function createPglite(directory: string): Promise<PGlite> {
  setFlagsFromString(COMPILED_ONCE);
  if (directory !== IN_MEMORY) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    assertVersion(directory);
  }
  try {
    return await PGlite.create(directory, { parsers: pgliteParsers(), serializers: pgliteSerializers() });
  } catch (error) {
    assertRoom(directory, error);
    throw new ElwatchError('database-damaged', `The embedded database in ${directory} does not open.`, {
      retry: false,
      hint: 'Restore a backup of the directory, or move it away to begin anew: rules are fetched again.',
      cause: error,
    });
  }
}

/** A directory of another major version does not open, and says nothing that would help. */
function assertVersion(directory: string): void {
  const path = join(directory, 'PG_VERSION');
  const found = existsSync(path) ? readFileSync(path, 'utf8').trim() : PGLITE_MAJOR;
  if (found === PGLITE_MAJOR) return;
  throw new ElwatchError(
    'database-other-version',
    `The embedded database in ${directory} is of PostgreSQL ${found.slice(0, 20)}, and this program has ${PGLITE_MAJOR}.`,
    {
      retry: false,
      hint: 'Make an export with the version of the program that wrote it, and import that into a new directory (docs/moving.md).',
    },
  );
}

/** PGlite does not tell a full disk from damage. */
function assertRoom(directory: string, cause: unknown): void {
  if (directory === IN_MEMORY) return;
  const left = roomIn(directory);
  if (left > LEAST_ROOM) return;
  throw diskFull(`The embedded database in ${directory} does not open`, left, cause);
}

/** What a migration does has no way back. With a server, who keeps it makes copies (docs/operations.md). */
async function copyEmbedded({ kind, kysely }: Database, { dataDir, log }: DatabaseOptions, last: string) {
  if (kind !== 'pglite' || dataDir === IN_MEMORY) return;
  // Nobody else has it open, so that after this its files are the whole of it.
  await sql`checkpoint`.execute(kysely);
  const copy = await keepCopy(join(dataDir, 'pglite'), last);
  log?.info({ copy }, 'the tables are to be changed, and a copy of them as they are was kept');
}

function openKysely(pool: pg.Pool | PglitePool): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: pool as pg.Pool }),
    // Nested keys are data (country codes, field names), not columns.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true }), cleanTextPlugin()],
  });
}

async function checkReachable(db: Kysely<Schema>): Promise<void> {
  try {
    await db.selectNoFrom((eb) => eb.lit(1).as('one')).execute();
  } catch (error) {
    throw new ElwatchError('database-unreachable', `PostgreSQL does not answer: ${errorLine(error)}`, {
      retry: true,
      hint: 'Check DATABASE_URL and that the server runs; without DATABASE_URL an embedded database is used.',
      cause: error,
    });
  }
}

/** A client that was never given back would keep a pool open for good; the process is ending anyway. */
async function withinCloseTime(ending: Promise<unknown>): Promise<void> {
  await Promise.race([ending.catch(() => undefined), sleep(CLOSE_MS, undefined, { ref: false })]);
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | null = null;
  return () => {
    closing ??= close();
    return closing;
  };
}
