// The sources and the packages of many small files as a few files, since reading a thousand files and translating half
// of them is most of what a start takes. It is made by whoever starts and finds none that is of these very sources;
// there is no step to remember, and what runs is always what stands in the checkout.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** By the place of the checkout: several may share one node_modules, and a bundle names the files of its own. */
const CACHE = join(
  ROOT,
  'node_modules/.cache/elwatch',
  createHash('sha256').update(ROOT).digest('hex').slice(0, 8),
);
/** Names the bundle that holds, and what it was made of. It is written last, so that a bundle it names is whole. */
const CURRENT = join(CACHE, 'current.json');
/** There while one process makes a bundle; the others do not wait for it. */
const MAKING = join(CACHE, 'making');
const MAKING_MS = 60_000;
/** What else decides how a bundle comes out; npm writes the first at each installation. */
const SETTINGS = ['node_modules/.package-lock.json', 'package.json', 'tsconfig.json', 'bin/bundle.mjs'];
/** A process that runs may still load a part of its own bundle when later ones are there. */
const KEPT = 5;
const KEPT_MS = 600_000;

/**
 * Packages that go into the bundle: of JavaScript alone, and read by nobody else that is loaded with them. The others
 * stay where they are, since they read files beside them (queues, PGlite, the dashboard) or know each other (Fastify).
 */
const BUNDLED = new Set([
  'cheerio',
  'cli-table3',
  'commander',
  'csv-parse',
  'csv-stringify',
  'diff',
  'eta',
  'fastify-type-provider-zod',
  'feed',
  'ipaddr.js',
  'kysely',
  'nodemailer',
  'p-throttle',
  'picocolors',
  'prom-client',
  'saxes',
  'standardwebhooks',
  'temporal-polyfill',
  'undici',
  'zod',
]);

/**
 * Folder of the bundle of these sources, made now where there is none. Null where it cannot be made or kept, as in a
 * tree that this user may not write: the sources are then run as they are.
 */
export async function openBundle() {
  return findBundle() ?? (await makeBundle().catch(() => null));
}

/** Has a bundle that could not be loaded made anew by the next process, where this one may write. */
export function forgetBundle() {
  try {
    rmSync(CURRENT, { force: true });
  } catch {
    // In a tree that is read-only the sources are run at every start.
  }
}

/** Null unless every file that it was made of, and every file of its own, is as it was then. */
function findBundle() {
  try {
    const { folder, inputs, outputs } = JSON.parse(readFileSync(CURRENT, 'utf8'));
    const isThere = inputs.every((then) => isSame(then, describe(then.path)));
    return isThere && outputs.every(({ path, size }) => describe(path)?.size === size)
      ? join(CACHE, folder)
      : null;
  } catch {
    return null;
  }
}

/** Size and time of a file; null where it is not there. */
function describe(path) {
  const stats = statSync(join(ROOT, path), { throwIfNoEntry: false });
  return stats === undefined ? null : { size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs };
}

function isSame(then, now) {
  if (then.size === undefined || now === null) return then.size === undefined && now === null;
  // Layers of an image keep whole seconds only.
  return (
    then.size === now.size &&
    (then.mtimeMs === now.mtimeMs || Math.floor(then.mtimeMs / 1_000) * 1_000 === now.mtimeMs)
  );
}

/** @throws where another makes one, it cannot be written, a source cannot be read, or one was changed meanwhile */
async function makeBundle() {
  mkdirSync(CACHE, { recursive: true });
  const making = statSync(MAKING, { throwIfNoEntry: false });
  // One that died at it says so for ever.
  if (making !== undefined && Date.now() - making.mtimeMs > MAKING_MS) rmSync(MAKING, { force: true });
  writeFileSync(MAKING, '', { flag: 'wx' });
  try {
    const { build, stop } = await import('esbuild');
    // It would stay as long as this process, with hundreds of megabytes.
    return await writeBundle(build).finally(stop);
  } finally {
    rmSync(MAKING, { force: true });
  }
}

async function writeBundle(build) {
  const folder = mkdtempSync(join(CACHE, 'made-'));
  // Whoever may read the packages may read this.
  chmodSync(folder, 0o755);
  // The clock of files may be a little behind this one.
  const begun = Date.now() - 50;
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli.ts', ...findThreads('src')],
    entryNames: '[name]',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What a command loads when it runs stays in files of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    // Packages of the older kind ask for parts of Node by require.
    banner: {
      js: "import { createRequire as ofNode } from 'node:module'; const require = ofNode(import.meta.url);",
    },
    plugins: [ownFiles],
  });
  const inputs = [...Object.keys(metafile.inputs), ...SETTINGS].map((path) => ({ path, ...describe(path) }));
  if (inputs.some(({ ctimeMs = 0 }) => ctimeMs >= begun)) {
    rmSync(folder, { recursive: true });
    throw new Error('a file was changed meanwhile');
  }
  const outputs = readdirSync(folder).map((name) => {
    const path = relative(ROOT, join(folder, name));
    return { path, size: describe(path).size };
  });
  const current = join(folder, 'current.json');
  writeFileSync(current, JSON.stringify({ folder: basename(folder), inputs, outputs }));
  renameSync(current, CURRENT);
  removeOld(folder);
  return folder;
}

/** Modules that run in a thread are loaded by name (src/thread.ts). */
function findThreads(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? findThreads(path) : entry.name.endsWith('-thread.ts') ? [path] : [];
  });
}

const ownFiles = {
  name: 'own files',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@opentelemetry/'))
        return { external: kind !== 'entry-point', path };
      const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/');
      // What a bundled package needs comes with it.
      return resolveDir.includes('node_modules') || BUNDLED.has(name) ? undefined : { external: true, path };
    });
    // Files beside a source stay beside it; only a module for a thread is beside the bundle.
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const contents = readFileSync(path, 'utf8')
        .replace(/new URL\('\.\/([\w-]+-thread)\.ts', import\.meta\.url\)/g, "new URL('./$1.mjs', ofBundle)")
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('ofBundle', 'import.meta.url');
      return { contents, loader: 'ts' };
    });
  },
};

function removeOld(newest) {
  const made = readdirSync(CACHE)
    .filter((name) => name.startsWith('made-'))
    .map((name) => ({ path: join(CACHE, name), at: statSync(join(CACHE, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path, at } of made.slice(KEPT))
    if (path !== newest && Date.now() - at > KEPT_MS) rmSync(path, { recursive: true, force: true });
}
