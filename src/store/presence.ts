import { randomInt } from 'node:crypto';
import { sql } from 'kysely';

/**
 * This process as others see it in the database, for as long as it lives: its claims are taken over the moment it is
 * gone, and never while it is slow.
 */
export interface Presence {
  /** The number that its claims bear. The first call makes it present. */
  id(): Promise<number>;
  /** How long a process must be absent before it counts as gone, in milliseconds. */
  graceMs: number;
}

/** A connection that is kept. `pg.PoolClient` is one. */
interface KeptClient {
  query(text: string): Promise<unknown>;
  on(event: 'error', listener: () => void): unknown;
  release(destroy?: boolean): void;
}

/** Any fixed number, as long as no other pair of advisory locks in the database begins with it. */
const PRESENCE_LOCK = 3_592_825;
/** A server that restarts cuts everybody off; whoever lives is back within this. */
const GRACE_MS = 1_500;
const RETRY_MS = 200;
/** A host that lost its power says no farewell: the server asks for it, and has its answer after 40 s. */
const KEEP_ALIVE = `set statement_timeout to 0; set idle_in_transaction_session_timeout to 0;
  set tcp_keepalives_idle to 10; set tcp_keepalives_interval to 10; set tcp_keepalives_count to 3`;

/**
 * A session-level advisory lock on a connection of its own. The server gives it back when the process dies, since the
 * system closes its connections; a process that hangs, waits or computes keeps it.
 *
 * `isShared` where there is one session for all, as in PGlite: a lock of it ends with the process just as well.
 */
export function createPresence(
  pool: { connect(): Promise<unknown> },
  { isShared }: { isShared: boolean },
): Presence & { close(): void } {
  const id = randomInt(1, 2 ** 31 - 1);
  const lock = `select pg_advisory_lock(${PRESENCE_LOCK}, ${id})`;
  let client: KeptClient | null = null;
  let isClosed = false;
  let appearing: Promise<number> | null = null;

  const appear = async (): Promise<number> => {
    const mine = (await pool.connect()) as KeptClient;
    let isLost = false;
    mine.on('error', () => {
      if (isLost || client !== mine) return;
      isLost = true;
      client = null;
      mine.release(true);
      reappear();
    });
    try {
      if (!isShared) await mine.query(KEEP_ALIVE);
      await mine.query(lock);
    } catch (error) {
      mine.release(true);
      throw error;
    }
    if (isShared || isClosed) mine.release(!isShared);
    else client = mine;
    return id;
  };
  const reappear = (): void => {
    if (isClosed) return;
    appear().catch(() => {
      setTimeout(reappear, RETRY_MS).unref();
    });
  };

  return {
    // Nobody is ever cut off from a store in its own process.
    graceMs: isShared ? 0 : GRACE_MS,
    id() {
      appearing ??= appear().catch((error) => {
        appearing = null;
        throw error;
      });
      return appearing;
    },
    close() {
      isClosed = true;
      client?.release(true);
      client = null;
    },
  };
}

/** Whether the process that a column names is present. */
export function isPresent(column: string) {
  return sql<boolean>`exists (
    select from pg_locks
    where locktype = 'advisory' and granted and objsubid = 2 and classid::bigint = ${sql.lit(PRESENCE_LOCK)}
      and objid::bigint = ${sql.ref(column)}
      and database = (select oid from pg_database where datname = current_database()))`;
}
