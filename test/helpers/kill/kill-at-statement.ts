import { writeSync } from 'node:fs';
import pg from 'pg';
import { PgliteClient } from '../../../src/store/pglite-pool.ts';

/** When a process dies: before a statement is sent, with its bytes on the wire, or once its answer is there. */
export const MOMENTS = ['before', 'sent', 'answered'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface StatementKill {
  /** Of the statements from now on, counted from 1. */
  nth: number;
  moment: Moment;
}

/**
 * Counts every statement that this process gives its database driver from now on, and ends the process by SIGKILL at
 * one of them, after it wrote on stdout which one that was. Answers how many there were.
 */
export function killAtStatement(kind: 'pglite' | 'postgres', kill: StatementKill | null): () => number {
  const prototype = (kind === 'postgres' ? pg.Client.prototype : PgliteClient.prototype) as unknown as {
    query(this: unknown, ...args: unknown[]): unknown;
  };
  const { query } = prototype;
  let count = 0;
  prototype.query = function (...args) {
    count += 1;
    if (count !== kill?.nth) return query.apply(this, args);
    const die = () => {
      // A process that is killed flushes nothing: this is written before.
      writeSync(1, `${nameStatement(textOf(args[0]))}\n`);
      process.kill(process.pid, 'SIGKILL');
    };
    if (kill.moment === 'before') die();
    const answer = query.apply(this, args);
    if (kill.moment === 'sent') die();
    return (answer as Promise<unknown>).then(die, die);
  };
  return () => count;
}

function textOf(statement: unknown): string {
  return typeof statement === 'string' ? statement : (statement as { text: string }).text;
}

/** A statement by what it does on the way of a message: `claim`, `record sent`, or its verb and table. */
export function nameStatement(text: string): string {
  if (/^update "delivery"/u.test(text)) {
    if (text.includes('"sent_at"')) return 'record sent';
    return text.includes('"attempts"') ? 'claim' : 'update delivery';
  }
  const [, verb, table] =
    /^(select|insert into|update|delete from)\b.*?(?:(?<=into |update |from )|\bfrom )"(\w+)"/su.exec(text) ??
    [];
  return verb === undefined ? text.slice(0, 40) : `${verb.split(' ')[0]} ${table}`;
}
