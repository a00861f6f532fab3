import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import writeXlsx from 'write-excel-file/node';
import { freePort } from './helpers/free-port.ts';
import { type Ran, runElwatch } from './helpers/run-elwatch.ts';

// Each change is a bundle that is made, and two processors may have other work.
vi.setConfig({ testTimeout: 180_000 });

const ADMIN = 'an-admin-token-that-is-long-enough';
const root = fileURLToPath(new URL('..', import.meta.url));
let tree: string;
let cache: string;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'elwatch-tree-'));
  for (const name of ['bin', 'src', 'jobs', 'fixtures', 'package.json', 'tsconfig.json'])
    await cp(join(root, name), join(tree, name), { recursive: true });
  // Packages of its own as far as it can tell, with a cache of its own.
  await mkdir(join(tree, 'node_modules'));
  for (const name of await readdir(join(root, 'node_modules')))
    if (name !== '.cache') await symlink(join(root, 'node_modules', name), join(tree, 'node_modules', name));
  cache = join(tree, 'node_modules/.cache/elwatch');
});

// Most begin with the bundle of the tree as it is, which is made once.
let whole: string;
beforeAll(async () => {
  await settled();
  await elwatch('--version');
  whole = join(tree, 'whole');
  await cp(cache, whole, { recursive: true, preserveTimestamps: true });
}, 120_000);

afterAll(() => rm(tree, { recursive: true, force: true }));

beforeEach(async () => {
  await rm(cache, { recursive: true, force: true });
  await cp(whole, cache, { recursive: true, preserveTimestamps: true });
});

/** What was changed within the last moments is not bundled. */
const settled = () => sleep(100);

const elwatch = (...args: string[]): Promise<Ran> =>
  runElwatch(args, {
    program: join(tree, 'bin/elwatch'),
    cwd: tree,
    env: { PATH: process.env.PATH ?? '', DATA_DIR: join(tree, 'data') },
  });

/** Folder of this tree's bundles; there is one, since there is one tree. */
async function ofTree(): Promise<string> {
  const [only, ...others] = await readdir(cache);
  expect(others).toEqual([]);
  return join(cache, only!);
}

async function bundles(): Promise<string[]> {
  return (await readdir(await ofTree())).filter((name) => name.startsWith('made-')).sort();
}

async function currentBundle(): Promise<string> {
  const { folder } = JSON.parse(await readFile(join(await ofTree(), 'current.json'), 'utf8'));
  return join(await ofTree(), folder);
}

async function replaceIn(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

/** Runs with a file that is changed or, where `change` answers null, gone; then it is again what it was, also by its time. */
async function withChange(
  path: string,
  change: (text: string) => string | null,
  run: () => Promise<void>,
): Promise<void> {
  const file = join(tree, path);
  const aside = `${file}.aside`;
  const text = await readFile(file, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await rename(file, aside);
  if (changed !== null) await writeFile(file, changed);
  await settled();
  try {
    await run();
  } finally {
    await rename(aside, file);
    await settled();
  }
}

test('the first start makes a bundle, which is what later ones run', async () => {
  await rm(cache, { recursive: true });
  expect(await elwatch('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Watches the') });
  const [made] = await bundles();
  // As many bytes as before, so that it is taken for what was made.
  await replaceIn(join(await currentBundle(), 'cli.mjs'), 'Watches the', 'WATCHES THE');
  expect(await elwatch('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('WATCHES THE') });
  expect(await bundles()).toEqual([made]);
});

test('a changed source is run, and not the bundle of before', async () => {
  const regards = (text: string) => text.replace('Watches the', 'Regards the');
  await withChange('src/cli.ts', regards, async () => {
    expect((await elwatch('--help')).stdout).toContain('Regards the');
    expect(await bundles()).toHaveLength(2);
  });
  expect((await elwatch('--help')).stdout).toContain('Watches the');
});

test('a source that only one command loads counts as well', async () => {
  const parse = () => elwatch('parse', 'no-such-file.xml');
  const { stderr } = await parse();
  expect(stderr).toContain('no-such-file.xml');
  const telling = (text: string) =>
    text.replace(/^export async function runParse\(/mu, "process.stderr.write('read anew\\n');\n$&");
  await withChange('src/cli/parse.ts', telling, async () => {
    expect((await parse()).stderr).toBe(`read anew\n${stderr}`);
  });
});

test('a source that is gone is missed', () =>
  withChange(
    'src/version.ts',
    () => null,
    async () => {
      expect(await elwatch('--version')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('cannot be loaded'),
      });
    },
  ));

test('another installation of the packages is not run with the bundle of before', () =>
  withChange(
    'node_modules/.package-lock.json',
    (text) => `${text} `,
    async () => {
      expect((await elwatch('--version')).code).toBe(0);
      expect(await bundles()).toHaveLength(2);
    },
  ));

test('a bundle that lacks a file or the end of one is not used', async () => {
  const cli = join(await currentBundle(), 'cli.mjs');
  await truncate(cli, Math.floor((await stat(cli)).size / 2));
  expect((await elwatch('--help')).stdout).toContain('Watches the');
  const lists = (await readdir(await currentBundle())).find((name) => /^lists-.*\.mjs$/u.test(name))!;
  await rm(join(await currentBundle(), lists));
  expect((await elwatch('list')).stderr).not.toContain('internal');
  expect(await bundles()).toHaveLength(3);
});

test('a bundle that is broken otherwise gives way to the sources, and is made anew', async () => {
  const broken = await currentBundle();
  const cli = join(broken, 'cli.mjs');
  await writeFile(cli, Buffer.alloc((await stat(cli)).size));
  expect(await elwatch('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Watches the') });
  expect(await elwatch('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Watches the') });
  expect(await currentBundle()).not.toBe(broken);
});

test('what was begun and never finished is not used', async () => {
  await rm(join(await ofTree(), 'current.json'));
  await writeFile(join(await ofTree(), 'current.json'), '{"folder":"made-');
  expect((await elwatch('--help')).stdout).toContain('Watches the');
  expect(await bundles()).toHaveLength(2);
});

test('several that start at once each run, and agree on one bundle', async () => {
  await rm(cache, { recursive: true });
  const all = await Promise.all([elwatch('--help'), elwatch('--help'), elwatch('--help')]);
  for (const { code, stdout } of all) expect([code, stdout.includes('Watches the')]).toEqual([0, true]);
  const made = await bundles();
  expect((await elwatch('--help')).code).toBe(0);
  expect(await bundles()).toEqual(made);
});

test('where nothing can be written the sources are run as they are', async () => {
  await rm(cache, { recursive: true });
  await writeFile(cache, 'in the way');
  expect(await elwatch('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Watches the') });
  expect(await readFile(cache, 'utf8')).toBe('in the way');
});

test('a stack trace names the source, its line and its column', async () => {
  const failing = (text: string) =>
    text.replace('let code = 0;', "$& if (argv[0] === 'where') throw new TypeError('is it here?');");
  await withChange('src/cli.ts', failing, async () => {
    const lines = (await readFile(join(tree, 'src/cli.ts'), 'utf8')).split('\n');
    const line = lines.findIndex((one) => one.includes('is it here?'));
    const column = lines[line]!.indexOf('new TypeError') + 1;
    const { stderr } = await elwatch('where');
    expect(await bundles()).toHaveLength(2);
    expect(stderr).toContain(`TypeError: is it here?\n    at `);
    expect(stderr).toMatch(new RegExp(`at main \\(file://\\S+/src/cli\\.ts:${line + 1}:${column}\\)`, 'u'));
  });
});

test('files beside the sources and modules for threads are found from the bundle', async () => {
  const { version } = JSON.parse(await readFile(join(tree, 'package.json'), 'utf8'));
  expect((await elwatch('--version')).stdout).toBe(`${version}\n`);
  const supplement = join(tree, 'fixtures/list/supplement-4-2025-03-24.xml.gz');
  expect(await elwatch('baseline', supplement, '--on', '2025-03-24')).toMatchObject({ code: 0 });
  // A workbook is read in one thread, and so many names are compared in another.
  const names = Array.from({ length: 1_200 }, (_, at) => [{ value: `Acme Trading ${at}` }]);
  const path = join(tree, 'names.xlsx');
  await writeXlsx([[{ value: 'name' }], [{ value: 'Inspur Group Co., Ltd.' }], ...names]).toFile(path);
  const { code, stdout, stderr } = await elwatch('screen', path, '--json');
  expect(stderr).toBe('');
  expect(code).toBe(3);
  expect(stdout).toContain('Inspur Group');
  expect(await bundles()).toHaveLength(1);
});

test('the service serves its pages, its API, feeds and the dashboard of the queues from the bundle', async () => {
  const port = await freePort();
  const child = spawn(join(tree, 'bin/elwatch'), ['start'], {
    cwd: tree,
    env: {
      PATH: process.env.PATH ?? '',
      DATA_DIR: join(tree, 'served'),
      PORT: String(port),
      ADMIN_TOKEN: ADMIN,
      LOG_LEVEL: 'error',
      ...Object.fromEntries(
        ['FEDERAL_REGISTER_URL', 'ECFR_URL', 'GOVINFO_URL', 'CSL_URL'].map((name) => [
          name,
          'http://127.0.0.1:9',
        ]),
      ),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const at = `http://127.0.0.1:${port}`;
    await vi.waitFor(async () => expect((await fetch(`${at}/livez`)).status).toBe(200), { timeout: 60_000 });
    const front = await fetch(at, { headers: { 'accept-encoding': 'br' } });
    expect([front.status, front.headers.get('content-encoding')]).toEqual([200, 'br']);
    expect(await front.text()).toContain('</html>');
    expect(await (await fetch(`${at}/openapi.json`)).json()).toMatchObject({ openapi: expect.any(String) });
    expect((await fetch(`${at}/feed.atom`)).headers.get('content-type')).toContain('application/atom+xml');
    expect((await fetch(`${at}/api/v1/entries?noSuchFilter=1`)).status).toBe(400);
    const signedIn = await fetch(`${at}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token: ADMIN }),
      redirect: 'manual',
    });
    expect(signedIn.status).toBe(303);
    const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
    // Behind them is the package of the queues, which the bundle leaves where it is.
    await vi.waitFor(
      async () => {
        const queues = await fetch(`${at}/operator/queues/api/queues`, { headers: { cookie } });
        expect(await queues.text()).toContain('"name":"poll"');
      },
      { timeout: 30_000 },
    );
    expect(await bundles()).toHaveLength(1);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  expect(child.exitCode).toBe(0);
});

test('another user may read the bundle, and one in a tree that is copied by an archive holds', async () => {
  const folder = await currentBundle();
  expect((await stat(folder)).mode & 0o777).toBe(0o755);
  // An archive, such as a layer of an image, keeps whole seconds.
  const source = join(tree, 'src/cli.ts');
  const seconds = Math.floor((await stat(source)).mtimeMs / 1_000);
  await utimes(source, seconds, seconds);
  await elwatch('--version');
  expect(await bundles()).toEqual([basename(folder)]);
});
