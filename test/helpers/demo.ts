import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ELWATCH } from './run-elwatch.ts';
import { until } from './until.ts';

/** The demo as a user starts it, after its replay. */
export interface Demo {
  url: string;
  /** Opens the pages of the operator. */
  adminToken: string;
  /** Texts of the mails that it wrote, the oldest first. */
  mails(): Promise<string[]>;
  close(): Promise<void>;
}

const PATIENCE_SECONDS = 180;

/** Starts `elwatch demo` with data of its own, and waits until its pages are there. */
export async function startDemo(): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'elwatch-browser-'));
  const port = await freePort();
  const child = spawn(ELWATCH, ['demo'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, DATA_DIR: folder, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
  const close = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const isReady = () => {
      if (child.exitCode !== null) throw new Error(`the demo ended early: ${said}`);
      return said.includes('The pages stay open');
    };
    await until('the pages of the demo', isReady, PATIENCE_SECONDS);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: `http://localhost:${port}`,
    adminToken: /token (\S+)/u.exec(said)?.[1] ?? '',
    async mails() {
      const outbox = join(folder, 'demo', 'outbox');
      const files = (await readdir(outbox)).sort();
      return Promise.all(files.map((file) => readFile(join(outbox, file), 'utf8')));
    },
    close,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}
