import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ElwatchError } from '../errors.ts';
import { diskFull } from './room.ts';

/** Who holds a data directory, as the lock file says it. */
export interface LockHolder {
  /** Unique per taking: pids and start times can come back. */
  nonce: string;
  pid: number;
  startedAt: string;
  hostname: string;
  /** Start of the process in clock ticks since boot (Linux), to tell a reused pid; null elsewhere. */
  processStart: string | null;
  /** Address of the holder's web server; null while it has none. */
  url: string | null;
}

export interface DataLock {
  readonly path: string;
  /** Writes our web address into the lock, so that a second process can name it. */
  announceUrl(url: string): void;
  /** Removes the lock if it is still ours. Safe to call twice. */
  release(): void;
}

/**
 * Takes the directory for this process alone. PGlite itself has no lock, and two processes on one directory
 * lose rows without an error.
 *
 * A lock whose process is gone is taken over; a live one never is, however old. A holder on another host (a
 * shared volume) cannot be looked at, so it counts as alive.
 *
 * Throws `data-dir-in-use`, `data-dir-unwritable`, or `disk-full`.
 */
export async function takeDataLock(dataDir: string): Promise<DataLock> {
  makePrivateDirectory(dataDir);
  const path = join(dataDir, 'elwatch.lock');
  const mine: LockHolder = {
    nonce: randomUUID(),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    hostname: hostname(),
    processStart: processStartOf(process.pid),
    url: null,
  };
  const holder = await takeFile(path, mine);
  if (holder !== null) throw inUseError(dataDir, path, holder);
  const isMine = (): boolean => readHolder(path)?.nonce === mine.nonce;
  return {
    path,
    announceUrl: (url) => {
      mine.url = url;
      if (isMine()) renameSync(writeBeside(path, mine), path);
    },
    release: () => {
      if (isMine()) rmSync(path, { force: true });
    },
  };
}

const ROUNDS = 100;
const ROUND_MS = 30;

/**
 * Creates the file with its content in one step (`link` fails where the name exists, and nobody ever sees a
 * half-written lock). Over a dead holder's file it renames, but only inside a lock of the same kind beside
 * it, after looking again: so of two that find it dead, one wins and the other meets the winner.
 * Answers null when taken, else the live holder.
 */
async function takeFile(path: string, mine: LockHolder): Promise<LockHolder | null> {
  let holder: LockHolder | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (linkNew(path, mine)) return null;
    holder = readHolder(path);
    if (holder === null) continue;
    if (isAlive(holder)) return holder;
    const guard = `${path}.takeover`;
    if ((await takeFile(guard, mine)) === null) {
      try {
        if (readHolder(path)?.nonce === holder.nonce) {
          renameSync(writeBeside(path, mine), path);
          return null;
        }
      } finally {
        rmSync(guard, { force: true });
      }
    }
    await sleep(ROUND_MS);
  }
  return holder;
}

function linkNew(path: string, mine: LockHolder): boolean {
  const draft = writeBeside(path, mine);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritableError(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeBeside(path: string, holder: LockHolder): string {
  const draft = `${path}.${holder.pid}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // A full disk takes the name, and none of the bytes.
    rmSync(draft, { force: true });
    throw unwritableError(path, error);
  }
  return draft;
}

/** Null when the file is gone. A file that is no lock of ours (damaged by hand) counts as a dead holder's. */
function readHolder(path: string): LockHolder | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unwritableError(path, error);
  }
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return { nonce: text, pid: 0, startedAt: '', hostname: hostname(), processStart: null, url: null };
  }
}

function isAlive(holder: LockHolder): boolean {
  if (holder.hostname !== hostname()) return true;
  if (!Number.isInteger(holder.pid) || holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const start = processStartOf(holder.pid);
  return start === null || holder.processStart === null || start === holder.processStart;
}

/** Field 22 of /proc/<pid>/stat. The second field holds the program's name, which may hold spaces and ')'. */
function processStartOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function makePrivateDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unwritableError(dataDir, error);
  }
}

const NO_ROOM = ['ENOSPC', 'EDQUOT'];

function unwritableError(path: string, cause: unknown): ElwatchError {
  if (NO_ROOM.includes((cause as NodeJS.ErrnoException).code ?? ''))
    return diskFull(`Cannot write to ${path}`, 0, cause);
  return new ElwatchError('data-dir-unwritable', `Cannot write to ${path}: ${(cause as Error).message}`, {
    retry: false,
    hint: 'Give the user that runs the program the right to write there, or set DATA_DIR to another directory.',
    cause,
  });
}

function inUseError(dataDir: string, path: string, holder: LockHolder): ElwatchError {
  const elsewhere = holder.hostname === hostname() ? '' : ` on host ${holder.hostname}`;
  const address = holder.url === null ? 'its web address' : holder.url;
  return new ElwatchError(
    'data-dir-in-use',
    `${dataDir} is in use by process ${holder.pid}${elsewhere} since ${holder.startedAt}.`,
    {
      retry: false,
      hint:
        `Stop that process, or use ${address}, or set DATABASE_URL so that several processes can share one ` +
        `database.${elsewhere === '' ? '' : ` If that host is gone for good, delete ${path}.`}`,
    },
  );
}
