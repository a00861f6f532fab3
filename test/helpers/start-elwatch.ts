import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ELWATCH } from './run-elwatch.ts';
import { until } from './until.ts';

/** A line of the log. */
export type LogLine = Record<string, unknown>;

export interface StartedElwatch {
  /** Lines of the log so far. */
  lines: LogLine[];
  /** All that it wrote on stderr. */
  said(): string;
  /** Waits for its first words: where it listens. Fails with what it said where it ends before. */
  started(): Promise<{ url: string | null; metrics: string | null }>;
  /** Asks it to end, and answers its exit code. */
  stop(): Promise<number | null>;
  kill(): void;
  signal(name: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

/** Runs `elwatch start` as a process of its own, with this environment and no other. */
export function startElwatch(env: Record<string, string>, ...args: string[]): StartedElwatch {
  const child = spawn(ELWATCH, ['start', ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  const lines: LogLine[] = [];
  let said = '';
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    const all = (rest + text).split('\n');
    rest = all.pop()!;
    lines.push(...all.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine));
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals) => {
    if (!isRunning()) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const first = () => lines.find(({ msg }) => msg === 'started');
  return {
    lines,
    said: () => said,
    started: async () => {
      await until('the service', () => first() !== undefined || !isRunning(), 120);
      if (first() === undefined) throw new Error(`it ended with ${child.exitCode}: ${said}`);
      return first() as unknown as { url: string | null; metrics: string | null };
    },
    stop: async () => {
      await end('SIGTERM');
      return child.exitCode;
    },
    kill: () => end('SIGKILL'),
    signal: (name) => void child.kill(name),
    ended,
  };
}
