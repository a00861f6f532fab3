import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';

/** A database server of one test, which may be killed, frozen and started again. */
export interface PrivateServer {
  url: string;
  /** Starts it on what it has on disk, and waits until it answers. */
  start(): Promise<void>;
  /** As a machine that loses its power. */
  kill(): Promise<void>;
  /** It keeps its connections and answers nothing more; `thaw` ends that. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Where programs of the system are, or null. */
function findProgram(name: string): string | null {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

const REDIS = findProgram('redis-server');
const INITDB = findProgram('initdb');
/** PostgreSQL refuses to run as root. */
const OWNER = process.getuid?.() === 0 ? idsOf('postgres') : {};

export const hasPrivateRedis = REDIS !== null;
export const hasPrivatePostgres = INITDB !== null && OWNER !== null;
if (!hasPrivateRedis) console.log('There is no redis-server: tests that stop Redis are left out');
if (!hasPrivatePostgres)
  console.log('There is no initdb, or nobody to run it as: tests that stop PostgreSQL are left out');

/** @param settings as lines of redis.conf: `{ maxmemory: '2mb' }` */
export async function startPrivateRedis(settings: Record<string, string> = {}): Promise<PrivateServer> {
  const directory = mkdtempSync(join(tmpdir(), 'elwatch-redis-'));
  const port = await freePort();
  const given = Object.entries({ 'maxmemory-policy': 'noeviction', ...settings });
  const options = given.flatMap(([name, value]) => [`--${name}`, value]);
  const url = `redis://127.0.0.1:${port}`;
  return startServer(
    () =>
      spawn(REDIS!, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...options], {
        cwd: directory,
        stdio: 'ignore',
      }),
    { url, directory, answers: () => askRedis(url) },
  );
}

/** An empty cluster with the database `postgres`, whose superuser needs no password. */
export async function startPrivatePostgres(): Promise<PrivateServer> {
  const directory = mkdtempSync(join(tmpdir(), 'elwatch-postgres-'));
  const owner = OWNER!;
  if (owner.uid !== undefined) chownSync(directory, owner.uid, owner.gid!);
  const data = join(directory, 'data');
  const flags = ['--username', 'postgres', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8'];
  execFileSync(INITDB!, ['--pgdata', data, ...flags], { ...owner, stdio: 'ignore', cwd: directory });
  const port = await freePort();
  const program = join(dirname(realpathSync(INITDB!)), 'postgres');
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory];
  return startServer(() => spawn(program, options, { ...owner, cwd: directory, stdio: 'ignore' }), {
    url,
    directory,
    answers: () => askPostgres(url),
  });
}

async function startServer(
  run: () => ChildProcess,
  { url, directory, answers }: { url: string; directory: string; answers: () => Promise<boolean> },
): Promise<PrivateServer> {
  let child: ChildProcess | null = null;
  const signal = (name: NodeJS.Signals) => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // The first one last: it starts others.
    for (const pid of [...childrenOf(child.pid), child.pid]) signalIfThere(pid, name);
  };
  const kill = async () => {
    if (child === null) return;
    const { exitCode, signalCode } = child;
    const isGone = new Promise((resolve) => child!.once('exit', resolve));
    if (exitCode !== null || signalCode !== null) return;
    signal('SIGKILL');
    await isGone;
  };
  const server: PrivateServer = {
    url,
    async start() {
      child = run();
      await until(`the server at ${url}`, answers);
    },
    kill,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async close() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** PostgreSQL serves each client by a process. */
function childrenOf(pid: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    // There is none.
    return [];
  }
}

async function askRedis(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
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

async function askPostgres(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function idsOf(user: string): { uid?: number; gid?: number } | null {
  try {
    const idOf = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return null;
  }
}
