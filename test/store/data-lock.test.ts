import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeDataLock } from '../../src/store/data-lock.ts';

let dataDir: string;
const children: ChildProcess[] = [];
const lockPath = () => join(dataDir, 'elwatch.lock');
const readLock = () => JSON.parse(readFileSync(lockPath(), 'utf8'));

beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'elwatch-lock-')), 'data');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(join(dataDir, '..'), { recursive: true });
});

/** A process that takes the lock, says "taken" or the error's code, and stays. */
async function startHolder(): Promise<{ child: ChildProcess; said: string }> {
  const program = `
    const { takeDataLock } = await import(${JSON.stringify(join(process.cwd(), 'src/store/data-lock.ts'))});
    takeDataLock(process.argv[1]).then(() => console.log('taken'), (error) => console.log(error.code));
    setInterval(() => {}, 1_000);
  `;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program, dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [said] = await once(child.stdout!, 'data');
  return { child, said: String(said).trim() };
}

test('the directory is private, and the lock says who holds it', async () => {
  const lock = await takeDataLock(dataDir);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(readLock()).toMatchObject({ pid: process.pid, hostname: hostname(), url: null });
  lock.announceUrl('http://127.0.0.1:8080');
  expect(readLock()).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:8080' });
  lock.release();
  lock.release();
  expect(readdirSync(dataDir)).toEqual([]);
});

test('a second taker is told who, since when, where and what to do', async () => {
  const { child } = await startHolder();
  const error = await takeDataLock(dataDir).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'data-dir-in-use', retry: false });
  for (const part of [dataDir, String(child.pid), readLock().startedAt])
    expect(error.message).toContain(part);
  expect(error.hint).toContain('DATABASE_URL');
});

test('the same process cannot take it twice', async () => {
  const lock = await takeDataLock(dataDir);
  await expect(takeDataLock(dataDir)).rejects.toMatchObject({ code: 'data-dir-in-use' });
  lock.release();
});

test('the lock of a killed process is taken over', async () => {
  const { child } = await startHolder();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await takeDataLock(dataDir);
  expect(readLock().pid).toBe(process.pid);
  lock.release();
  expect(existsSync(lockPath())).toBe(false);
});

test('a lock whose pid now belongs to another process is taken over', async () => {
  if (process.platform !== 'linux') return;
  (await takeDataLock(dataDir)).release();
  const reused = {
    nonce: 'old',
    pid: process.ppid,
    startedAt: '',
    hostname: hostname(),
    processStart: '1',
    url: null,
  };
  writeFileSync(lockPath(), JSON.stringify(reused));
  (await takeDataLock(dataDir)).release();
});

test('a live lock is not taken over, however old', async () => {
  await startHolder();
  await utimes(lockPath(), 0, 0);
  await expect(takeDataLock(dataDir)).rejects.toMatchObject({ code: 'data-dir-in-use' });
});

test('a lock of another host counts as live, and the error says how to end it', async () => {
  (await takeDataLock(dataDir)).release();
  const far = {
    nonce: 'far',
    pid: 1,
    startedAt: 'then',
    hostname: 'elsewhere',
    processStart: '1',
    url: null,
  };
  writeFileSync(lockPath(), JSON.stringify(far));
  const error = await takeDataLock(dataDir).catch((thrown) => thrown);
  expect(error.message).toContain('elsewhere');
  expect(error.hint).toContain(lockPath());
});

test('release leaves the lock of a successor alone', async () => {
  const lock = await takeDataLock(dataDir);
  writeFileSync(lockPath(), JSON.stringify({ ...readLock(), nonce: 'successor' }));
  lock.release();
  expect(readLock().nonce).toBe('successor');
});

test('of several processes that find a dead lock, exactly one wins', async () => {
  for (let round = 0; round < 3; round += 1) {
    (await takeDataLock(dataDir).catch(() => null))?.release();
    const dead = {
      nonce: `dead-${round}`,
      pid: 2 ** 22 + 1,
      hostname: hostname(),
      processStart: '1',
      url: null,
    };
    writeFileSync(lockPath(), JSON.stringify({ ...dead, startedAt: '' }));
    const holders = await Promise.all(Array.from({ length: 5 }, startHolder));
    expect(holders.map(({ said }) => said).sort()).toEqual([...Array(4).fill('data-dir-in-use'), 'taken']);
    const winner = holders.find(({ said }) => said === 'taken');
    expect(readLock().pid).toBe(winner?.child.pid);
    for (const { child } of holders) child.kill('SIGKILL');
    await Promise.all(holders.map(({ child }) => once(child, 'exit')));
    expect(readdirSync(dataDir).filter((name) => name !== 'elwatch.lock' && name !== 'pglite')).toEqual([]);
  }
});

test('a taker that was killed during its takeover does not block the next', async () => {
  (await takeDataLock(dataDir)).release();
  const dead = {
    nonce: 'dead',
    pid: 2 ** 22 + 1,
    startedAt: '',
    hostname: hostname(),
    processStart: '1',
    url: null,
  };
  writeFileSync(lockPath(), JSON.stringify(dead));
  writeFileSync(`${lockPath()}.takeover`, JSON.stringify({ ...dead, nonce: 'dead-too' }));
  const lock = await takeDataLock(dataDir);
  lock.release();
  expect(readdirSync(dataDir)).toEqual([]);
});

test('a directory that cannot be made is named', async () => {
  (await takeDataLock(dataDir)).release();
  const file = join(dataDir, 'file');
  writeFileSync(file, '');
  await expect(takeDataLock(join(file, 'below'))).rejects.toMatchObject({ code: 'data-dir-unwritable' });
});
