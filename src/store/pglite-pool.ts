import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PGlite, Results } from '@electric-sql/pglite';
import { ElwatchError } from '../errors.ts';
import { createMutex, type Mutex } from './mutex.ts';

/** What a statement answers, in the shape of node-postgres. */
export interface PoolResult {
  // biome-ignore lint/suspicious/noExplicitAny: rows are whatever the statement selects.
  rows: any[];
  rowCount: number;
  command: string;
  fields: { name: string; dataTypeID: number }[];
}

/** A statement as node-postgres takes it. */
type Statement = string | { text: string; values?: readonly unknown[] };

/** Statements are answered without a turn of the event loop: after so long, who asks over the network gets one. */
const TURN_MS = 10;

/**
 * A PGlite behind the interface of `pg.Pool`, for kysely and for BullMQ.
 *
 * PGlite is one session, so there is one mutex: each statement takes it, and a client keeps it while the
 * session is inside a transaction. A statement of anybody else waits until COMMIT or ROLLBACK, at most
 * `waitMs`; then it fails with `database-busy`. (Using the outer connection inside a transaction waits for
 * itself, so it ends there too.) `end()` waits for what is running and leaves the PGlite open: its owner
 * closes it.
 */
export class PglitePool extends EventEmitter {
  /** BullMQ reads it: a LISTEN in the same process cannot be lost, so workers may sleep long. */
  readonly options = { keepAlive: true };
  readonly isEmbedded = true;
  readonly session: Session;

  constructor(pglite: PGlite, waitMs = 30_000) {
    super();
    this.setMaxListeners(0);
    this.session = { pglite, mutex: createMutex(waitMs), ended: false, turnedAt: performance.now() };
  }

  async connect(): Promise<PgliteClient> {
    if (this.session.ended) throw closedError();
    return new PgliteClient(this.session);
  }

  async query(statement: Statement, values?: readonly unknown[]): Promise<PoolResult> {
    const client = await this.connect();
    try {
      return await client.query(statement, values);
    } finally {
      client.release();
    }
  }

  async end(): Promise<void> {
    const release = await this.session.mutex();
    this.session.ended = true;
    release();
  }
}

interface Session {
  pglite: PGlite;
  mutex: Mutex;
  ended: boolean;
  /** When the event loop last had a turn that we know of. */
  turnedAt: number;
}

/** One checked-out connection. All clients share the session; only a transaction makes one exclusive. */
export class PgliteClient extends EventEmitter {
  readonly #session: Session;
  readonly #listening = new Map<string, () => Promise<void>>();
  /** Gives the mutex back; set while this client is inside a transaction. */
  #unlock: (() => void) | null = null;
  /** Statements of one client run one after the other, as on a wire. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(session: Session) {
    super();
    this.#session = session;
  }

  query(statement: Statement, values?: readonly unknown[]): Promise<PoolResult> {
    const text = typeof statement === 'string' ? statement : statement.text;
    const params = (typeof statement === 'string' ? values : (statement.values ?? values)) ?? [];
    return this.#inOrder(() => this.#exclusively(() => this.#run(text, params)));
  }

  /** Ends the LISTENs, and rolls back a transaction that nobody ended. Never throws, as in node-postgres. */
  release(_destroy?: boolean): void {
    this.#inOrder(async () => {
      if (this.#unlock === null && this.#listening.size === 0) return;
      if (this.#session.ended) return;
      await this.#exclusively(async () => {
        if (this.#session.pglite.isInTransaction()) await this.#session.pglite.exec('ROLLBACK');
        for (const unlisten of this.#listening.values()) await unlisten();
        this.#listening.clear();
      });
    }).catch(() => {
      // The session is gone, and with it all that was to be undone.
    });
  }

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task, task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #exclusively<T>(task: () => Promise<T>): Promise<T> {
    const unlock = this.#unlock ?? (await this.#session.mutex());
    this.#unlock = null;
    try {
      if (performance.now() - this.#session.turnedAt >= TURN_MS) {
        await nextTurn();
        this.#session.turnedAt = performance.now();
      }
      if (this.#session.ended) throw closedError();
      return await task();
    } finally {
      // The session says whether a transaction is open; the words of the statement might mislead.
      if (!this.#session.ended && this.#session.pglite.isInTransaction()) this.#unlock = unlock;
      else unlock();
    }
  }

  async #run(text: string, params: readonly unknown[]): Promise<PoolResult> {
    const { pglite } = this.#session;
    const listen = /^(UN)?LISTEN\s+("?)([\w*]+)\2/iu.exec(stripLeadingComments(text));
    if (listen !== null) return this.#listen(listen[1] === undefined ? 'LISTEN' : 'UNLISTEN', listen[3]!);
    // Only `exec` takes several statements at once; its last result is the one that counts.
    if (params.length === 0) return toPoolResult((await pglite.exec(text)).at(-1));
    return toPoolResult(await pglite.query(text, [...params]));
  }

  async #listen(command: 'LISTEN' | 'UNLISTEN', channel: string): Promise<PoolResult> {
    const { pglite } = this.#session;
    if (command === 'LISTEN' && !this.#listening.has(channel)) {
      const unlisten = await pglite.listen(channel, (payload) => {
        this.emit('notification', { channel, payload });
      });
      this.#listening.set(channel, () => unlisten());
    } else if (command === 'UNLISTEN') {
      for (const [name, unlisten] of this.#listening) {
        if (channel !== '*' && channel !== name) continue;
        this.#listening.delete(name);
        await unlisten();
      }
    }
    return { rows: [], rowCount: 0, command, fields: [] };
  }
}

/** BullMQ's statements begin with comments, also its LISTEN. */
function stripLeadingComments(text: string): string {
  return text.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/u, '');
}

function toPoolResult(result: Results | undefined): PoolResult {
  if (result === undefined) return { rows: [], rowCount: 0, command: '', fields: [] };
  const { rows, rowCount = rows.length, command = '', fields } = result;
  return { rows, rowCount, command, fields };
}

function closedError(): ElwatchError {
  return new ElwatchError('database-closed', 'The database is closed.', {
    retry: false,
    hint: 'The program is shutting down; what was pending is taken up at the next start.',
  });
}
