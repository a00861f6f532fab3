import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import pg from 'pg';
import type { QueueOpening } from '../../src/queue.ts';
import { type Database, openDatabase } from '../../src/store/db.ts';

const POSTGRES = 'postgres://postgres@127.0.0.1:5432';
const REDIS = 'redis://127.0.0.1:6379';

export interface TestDatabase extends Database {
  /** Where it can be opened a second time; null for PGlite in memory. */
  databaseUrl: string | null;
  /** Empties all tables, the append-only one too. */
  empty(): Promise<void>;
}

/** A place to keep the store. Each `open` makes a database of its own; `close` removes it. */
export interface Backend {
  name: 'pglite' | 'postgres';
  open(): Promise<TestDatabase>;
}

/** A place to keep the queue. `forget` removes what it left. */
export interface QueueBackend {
  name: 'pglite' | 'postgres' | 'redis';
  open(): Promise<Omit<QueueOpening, 'log'> & { forget(): Promise<void> }>;
}

/** `TEST_STORES=PGlite` leaves the servers out, where a run on one store says enough. */
const wantsServers = process.env.TEST_STORES !== 'PGlite';
const hasPostgres = wantsServers && (await answersPostgres());
const hasRedis = wantsServers && (await answersRedis());

/** PGlite, and PostgreSQL where it answers. */
export const backends: Backend[] = [
  { name: 'pglite', open: openPglite },
  ...(hasPostgres ? [{ name: 'postgres' as const, open: openPostgres }] : []),
];

/** The same, and Redis where it answers. */
export const queueBackends: QueueBackend[] = [
  ...backends.map(({ name, open }) => ({ name, open: () => openOn(open) })),
  ...(hasRedis ? [{ name: 'redis' as const, open: openRedis }] : []),
];

/** A store and a queue for a whole service: what its environment says, and how to remove what it left. */
export interface Place {
  name: string;
  open(): Promise<{ environment: Record<string, string>; redisPrefix?: string; forget(): Promise<void> }>;
}

/** The embedded default, and each combination of servers that answer. */
export const places: Place[] = [
  { name: 'PGlite', open: async () => ({ environment: {}, forget: async () => {} }) },
  ...(hasRedis ? [{ name: 'PGlite and Redis', open: () => openServers(false, true) }] : []),
  ...(hasPostgres ? [{ name: 'PostgreSQL', open: () => openServers(true, false) }] : []),
  ...(hasPostgres && hasRedis ? [{ name: 'PostgreSQL and Redis', open: () => openServers(true, true) }] : []),
];

async function openServers(postgres: boolean, redis: boolean) {
  const database = `elwatch_test_${randomBytes(6).toString('hex')}`;
  if (postgres) await onServer(`create database ${database}`);
  const queue = redis ? await openRedis() : null;
  return {
    environment: {
      ...(postgres ? { DATABASE_URL: `${POSTGRES}/${database}` } : {}),
      ...(redis ? { REDIS_URL: REDIS } : {}),
    },
    ...(queue?.redisPrefix === undefined ? {} : { redisPrefix: queue.redisPrefix }),
    forget: async () => {
      await queue?.forget();
      if (postgres) await onServer(`drop database if exists ${database} with (force)`);
    },
  };
}

async function openPglite(): Promise<TestDatabase> {
  const database = await openDatabase({ dataDir: 'memory://' });
  return { ...database, databaseUrl: null, empty: () => emptyTables(database) };
}

async function openPostgres(): Promise<TestDatabase> {
  const name = `elwatch_test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  const databaseUrl = `${POSTGRES}/${name}`;
  const database = await openDatabase({ dataDir: '/nowhere', databaseUrl });
  return {
    ...database,
    databaseUrl,
    empty: () => emptyTables(database),
    close: async () => {
      await database.close();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

async function openOn(open: Backend['open']): ReturnType<QueueBackend['open']> {
  const database = await open();
  return { postgresPool: database.queuePool, forget: () => database.close() };
}

async function openRedis(): ReturnType<QueueBackend['open']> {
  const redisPrefix = `elwatch-test-${randomBytes(6).toString('hex')}`;
  const neverUsed = {} as QueueOpening['postgresPool'];
  return {
    redisUrl: REDIS,
    redisPrefix,
    postgresPool: neverUsed,
    forget: async () => {
      const redis = new Redis(REDIS);
      const keys = await redis.keys(`${redisPrefix}:*`);
      if (keys.length > 0) await redis.del(...keys);
      await redis.quit();
    },
  };
}

async function emptyTables({ kysely }: Database): Promise<void> {
  await sql
    .raw(
      `alter table change disable trigger user;
       truncate document_version, document, "override", entry, change, delivery, change_set, issue, subscription, source_state,
         filing_version, filing,
       audit_ledger, audit_run, audit_snapshot,
       screening_hit, screening_run, screening_decision, watchlist_row, watchlist_version, watchlist_feed,
       watchlist_page, watchlist, idempotency_key, api_token, suppressed_address;
       delete from organisation where organisation_id not in ('operator', 'public');
       alter table change enable trigger user`,
    )
    .execute(kysely);
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${POSTGRES}/postgres`, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export async function answersPostgres(): Promise<boolean> {
  return onServer('select 1').then(
    () => true,
    () => false,
  );
}

export async function answersRedis(): Promise<boolean> {
  const redis = new Redis(REDIS, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
