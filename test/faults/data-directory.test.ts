import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendChangeSet, latestSeq } from '../../src/store/changes.ts';
import { openDatabase } from '../../src/store/db.ts';
import { roomIn } from '../../src/store/room.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { ELWATCH, runElwatch } from '../helpers/run-elwatch.ts';
import { startElwatch } from '../helpers/start-elwatch.ts';
import { until } from '../helpers/until.ts';
import { makeChange, makeChangeSet } from '../store/facts.ts';

const closers: (() => unknown)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'elwatch-directory-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const environment = (dataDir: string) => ({
  PATH: process.env.PATH ?? '',
  DATA_DIR: dataDir,
  PORT: '0',
  LOG_LEVEL: 'error',
  FEDERAL_REGISTER_URL: 'http://127.0.0.1:9',
  ECFR_URL: 'http://127.0.0.1:9',
  GOVINFO_URL: 'http://127.0.0.1:9',
  CSL_URL: 'http://127.0.0.1:9',
});
const run = (args: string[], dataDir: string) => runElwatch(args, { cwd: folder, env: environment(dataDir) });

/** A store with one rule. */
async function makeStore(dataDir: string): Promise<void> {
  const database = await openDatabase({ dataDir });
  await inTransaction(database.kysely, (tx) => appendChangeSet(tx, makeChangeSet(), [makeChange()]));
  await database.close();
}
async function countChanges(dataDir: string): Promise<number> {
  const database = await openDatabase({ dataDir });
  try {
    return await latestSeq(database.kysely);
  } finally {
    await database.close();
  }
}
/** What a person reads: one line for the fault and one for what helps, and no trace. */
function expectExplained(
  { code, stderr }: { code: number; stderr: string },
  exitCode: number,
  ...parts: string[]
): void {
  expect(code).toBe(exitCode);
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/\n\s+at /u);
}

describe('a data directory in use', { timeout: 120_000 }, () => {
  async function startHolder(dataDir: string) {
    const child = spawn(ELWATCH, ['start'], {
      env: environment(dataDir),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    closers.push(() => child.kill('SIGKILL'));
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    await until('the service', () => said.includes('listens on'), 90);
    return { child, url: /http:\/\/localhost:\d+/u.exec(said)![0] };
  }

  test('refuses a command and a second service at once, and names the process and its address', async () => {
    const dataDir = join(folder, 'data');
    const { child, url } = await startHolder(dataDir);
    for (const args of [['changes'], ['start'], ['export', join(folder, 'x.gz')]])
      expectExplained(await run(args, dataDir), 1, `process ${child.pid}`, url, 'DATABASE_URL');
    const { stdout, stderr } = await run(['changes', '--json'], dataDir);
    expect(stdout + stderr).toContain('data-dir-in-use');
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  test('is taken over from a service that was killed, with all that it had', async () => {
    const dataDir = join(folder, 'data');
    await makeStore(dataDir);
    const { child } = await startHolder(dataDir);
    const isGone = once(child, 'exit');
    child.kill('SIGKILL');
    await isGone;
    expect(existsSync(join(dataDir, 'elwatch.lock'))).toBe(true);
    const ran = await run(['changes', '--json'], dataDir);
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('Inspur Group')]);
  });
});

/** A disk of a few megabytes; null where this user may not mount one. */
function mountSmallDisk(at: string, megabytes: number): boolean {
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', at], { stdio: 'ignore' });
  } catch {
    return false;
  }
  closers.push(() => execFileSync('umount', ['-l', at]));
  return true;
}
const canMount = (() => {
  const probe = mkdtempSync(join(tmpdir(), 'elwatch-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
})();
if (!canMount) console.log('This user may not mount a small disk: tests of a full one are left out');

describe('a disk', { timeout: 120_000 }, () => {
  test.runIf(canMount)(
    'that is too small for a store is said at once, and nothing is left but what can be removed',
    async () => {
      const disk = join(folder, 'disk');
      mountSmallDisk(disk, 4);
      expectExplained(await run(['changes'], join(disk, 'data')), 5, join(disk, 'data'), 'full');
      expect(existsSync(join(disk, 'data', 'elwatch.lock'))).toBe(false);
    },
  );

  // PGlite needs a third of it; the rest is what somebody else writes.
  const DISK_MB = 300;
  /** Leaves so many bytes on the disk. */
  function fill(disk: string, left: number): void {
    const room = roomIn(disk) - left;
    for (let written = 0; written < room; written += 1_000_000)
      appendFileSync(join(disk, 'ballast'), Buffer.alloc(Math.min(1_000_000, room - written)));
  }

  test.runIf(canMount).each([
    ['is short of room', 30_000_000],
    ['has not a byte left', 0],
  ])(
    'that %s under a service ends it with what to do, and what was stored is there when there is room again',
    async (_what, left) => {
      const disk = join(folder, 'disk');
      mountSmallDisk(disk, DISK_MB);
      const dataDir = join(disk, 'data');
      await makeStore(dataDir);
      const service = startElwatch({ ...environment(dataDir), LOG_LEVEL: 'info' });
      closers.push(() => service.kill());
      await service.started();
      fill(disk, left);
      expect(await service.ended).toBe(5);
      expectExplained({ code: 5, stderr: service.said() }, 5, join(dataDir), 'the disk is full', 'DATA_DIR');
      expectExplained(await run(['start'], dataDir), 5, 'the disk is full');
      rmSync(join(disk, 'ballast'));
      expect(await countChanges(dataDir)).toBe(1);
    },
  );

  test('that may not be written to is said with its path', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expectExplained(await run(['changes'], join(file, 'data')), 5, file, 'DATA_DIR');
    if (process.getuid?.() === 0) return;
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    expectExplained(await run(['changes'], join(closed, 'data')), 5, closed, 'DATA_DIR');
    chmodSync(closed, 0o700);
  });

  test.runIf(canMount)('that was mounted for reading alone is said with its path', async () => {
    const disk = join(folder, 'disk');
    mountSmallDisk(disk, 200);
    const dataDir = join(disk, 'data');
    await makeStore(dataDir);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    expectExplained(await run(['changes'], dataDir), 5, dataDir, 'DATA_DIR');
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    expect(await countChanges(dataDir)).toBe(1);
  });
});

describe('a store', { timeout: 120_000 }, () => {
  test('of another major version of the embedded database is refused and left as it is', async () => {
    const dataDir = join(folder, 'data');
    await makeStore(dataDir);
    const version = join(dataDir, 'pglite', 'PG_VERSION');
    const was = readFileSync(version, 'utf8');
    writeFileSync(version, '14\n');
    const ran = await run(['changes'], dataDir);
    expectExplained(ran, 5, join(dataDir, 'pglite'), '14');
    expect(ran.stderr).toMatch(/export|import/u);
    expect(readFileSync(version, 'utf8')).toBe('14\n');
    writeFileSync(version, was);
    expect(await countChanges(dataDir)).toBe(1);
  });

  test.each([
    ['whose control file is cut', 'global/pg_control', 10],
    ['whose log of writes is cut', 'pg_wal', 100],
  ])('%s is refused with what to do', async (_what, path, bytes) => {
    const dataDir = join(folder, 'data');
    await makeStore(dataDir);
    const place = join(dataDir, 'pglite', path);
    const files = statSync(place).isDirectory()
      ? readdirSync(place)
          .filter((name) => /^[0-9A-F]{24}$/u.test(name))
          .map((name) => join(place, name))
      : [place];
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) writeFileSync(file, readFileSync(file).subarray(0, bytes));
    expectExplained(await run(['changes'], dataDir), 5, 'does not open', 'backup');
    expect(existsSync(join(dataDir, 'elwatch.lock'))).toBe(false);
  });
});
