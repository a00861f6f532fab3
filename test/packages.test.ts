import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');

interface Locked {
  version: string;
  os?: string[];
  license?: string;
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
}
const own = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
/** What `npm ci --omit=dev` may put on a disk, by folder: two versions of one package are two. */
const runtime = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev);
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/**
 * What there is now and a little room, so that an update may bring a package or two, and whoever adds one looks at what
 * comes with it and raises this number with a reason. Most of it comes with the web server (fastify and its plugins),
 * the dashboard of the queues, the MCP server, which brings a web server of its own, and the mailbox of bounces. The
 * optional ones are mostly those of traces, which are on the disk and not loaded until a collector is named.
 *
 * The goal was 15 direct ones and 120 in all (`docs/design.md`, “Packages”, says why it is missed).
 */
const BUDGET = { direct: 45, all: 320, optional: 20 };

test('packages that run are within their budget, direct ones and all that they bring', () => {
  const all = runtime.filter(([, { optional, devOptional }]) => !optional && !devOptional);
  // Not those of which there is one for each system.
  const optional = runtime.filter(([, one]) => one.optional && one.os === undefined);
  const direct = Object.keys(own.dependencies);
  expect(all.length).toBeGreaterThan(direct.length);
  expect(direct.length).toBeLessThanOrEqual(BUDGET.direct);
  expect(all.length).toBeLessThanOrEqual(BUDGET.all);
  expect(optional.length).toBeGreaterThan(0);
  expect(optional.length).toBeLessThanOrEqual(BUDGET.optional);
});

/** Permissive, and fit for a service that is run by others: none asks for more than a notice. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);
/** The registry's entries of other systems lack it in the lock file; their siblings have it. */
const NOT_IN_THE_LOCK: Record<string, string> = { '@msgpackr-extract/msgpackr-extract-': 'MIT' };

/** One of several by choice, or all of several at once. */
function isAllowed(licence: string): boolean {
  const bare = licence.replace(/^\((.*)\)$/u, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isAllowed);
  return bare.split(' AND ').every((one) => ALLOWED.has(one));
}

test('packages that run have licences that ask for no more than a notice', () => {
  const faulty = runtime
    .map(([path, { license }]) => {
      const name = nameOf(path);
      const known = Object.entries(NOT_IN_THE_LOCK).find(([start]) => name.startsWith(start))?.[1];
      return { name, licence: license ?? known ?? 'none' };
    })
    .filter(({ licence }) => !isAllowed(licence));
  expect(faulty).toEqual([]);
  expect(isAllowed('(MIT OR GPL-3.0)')).toBe(true);
  expect(isAllowed('MIT AND GPL-3.0')).toBe(false);
  expect(isAllowed('GPL-3.0')).toBe(false);
});

// Not with --omit dev: npm then leaves out all that tests use too, such as zod.
test('npm run sbom lists every package, those that run and those that test, and marks the latter', () => {
  execFileSync('npm', ['run', 'sbom'], { cwd: root, stdio: 'pipe' });
  const bom = JSON.parse(read('sbom.cdx.json')) as {
    bomFormat: string;
    components: { name: string; group?: string; version: string; properties?: { name: string }[] }[];
  };
  expect(bom.bomFormat).toBe('CycloneDX');
  const listed = new Map(
    bom.components.map((one) => [`${one.group ? `${one.group}/` : ''}${one.name}@${one.version}`, one]),
  );
  for (const [path, { version, optional }] of Object.entries(lock.packages))
    if (path !== '' && !optional) expect([...listed.keys()]).toContain(`${nameOf(path)}@${version}`);
  const isForTests = (name: string) =>
    listed
      .get(`${name}@${lock.packages[`node_modules/${name}`]!.version}`)!
      .properties?.some((property) => property.name === 'cdx:npm:package:development') === true;
  expect(['vitest', 'knip', 'zod', 'fastify'].filter(isForTests)).toEqual(['vitest', 'knip']);
  const ignored = execFileSync('git', ['check-ignore', 'sbom.cdx.json'], { cwd: root, encoding: 'utf8' });
  expect(ignored.trim()).toBe('sbom.cdx.json');
});

test('one command checks all, and CI runs that command', () => {
  const { scripts } = own;
  expect(scripts.check.split(' && ')).toEqual([
    'npm run types',
    'npm run lint',
    'npm run unused',
    'npm test',
  ]);
  expect(read('.ci/run')).toContain('\nstep npm run check\n');
  for (const name of scripts.check.matchAll(/npm run (\w+)/gu))
    expect(Object.keys(scripts)).toContain(name[1]);
});

test('the lint refuses a promise that nobody waits for, also where its type comes from elsewhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elwatch-lint-'));
  try {
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true } }');
    writeFileSync(
      join(folder, 'store.d.ts'),
      'export interface Store { first(): { execute(): Promise<number[]> } }',
    );
    const lint = (statement: string) => {
      const code = `import type { Store } from './store.js';\nexport async function use(db: Store) { ${statement} }\n`;
      writeFileSync(join(folder, 'use.ts'), code);
      const [, options] = own.scripts.lint.split(' && oxlint ');
      return spawnSync('npx', ['oxlint', ...options!.split(' '), '-c', '.oxlintrc.json', folder], {
        cwd: root,
        encoding: 'utf8',
      });
    };
    const refused = lint('db.first().execute();');
    expect([refused.status, refused.stdout]).toEqual([1, expect.stringContaining('no-floating-promises')]);
    expect(lint('await db.first().execute();').status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every command that the documents for contributors name is there', () => {
  const named = [...read('CONTRIBUTING.md').matchAll(/`npm run ([\w:]+)`/gu)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(8);
  for (const name of named) expect(Object.keys(own.scripts)).toContain(name);
});
