import { writeSync } from 'node:fs';
import { Queue } from 'bullmq';
import pg from 'pg';
import { PgliteClient } from '../../../src/store/pglite-pool.ts';

/** A point on the way of a document at which the process itself ends. */
export type Point =
  /** The n-th statement of this form, or the commit of the transaction that it stands in. */
  | { statement: string; nth?: number; isCommit?: boolean; moment: 'before' | 'answered' }
  /** As soon as a job is in its queue. */
  | { enqueue: string };

/** From now on this process is ended by SIGKILL when it comes to the point. */
export function killAtPoint(point: Point): void {
  if ('enqueue' in point) {
    const { add } = Queue.prototype;
    Queue.prototype.add = function (...args) {
      const adding = add.apply(this, args);
      return args[0] === point.enqueue ? adding.then(die) : adding;
    };
    return;
  }
  const pattern = new RegExp(point.statement, 'u');
  const writers = new WeakSet<object>();
  let seen = 0;
  for (const prototype of [pg.Client.prototype, PgliteClient.prototype] as unknown as {
    query(this: object, ...args: unknown[]): unknown;
  }[]) {
    const { query } = prototype;
    prototype.query = function (...args) {
      const [statement] = args;
      const text = typeof statement === 'string' ? statement : (statement as { text: string }).text;
      let isIt = false;
      if (pattern.test(text)) {
        seen += 1;
        isIt = seen === (point.nth ?? 1);
        if (isIt && point.isCommit) {
          writers.add(this);
          isIt = false;
        }
      } else if (/^commit\b/iu.test(text)) isIt = writers.has(this);
      if (isIt && point.moment === 'before') die();
      const answer = query.apply(this, args);
      return isIt ? (answer as Promise<unknown>).then(die) : answer;
    };
  }
}

function die(): never {
  // A process that is killed flushes nothing: this is written before.
  writeSync(1, 'reached\n');
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}
