// Mutation testing of a random share of each area, since the whole takes hours on two cores:
// `npm run mutate:sample`, or `npm run mutate:sample -- outbox guard` for these areas alone. Whether a block of lines is
// tried follows from a seed, its file and its place alone, so that two runs over the same sources try the
// same mutants and a new file moves no draw of another.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const BLOCK_LINES = 10;
const SEED = 744;

const filesIn = (folder) =>
  readdirSync(root + folder)
    .sort()
    .map((name) => `${folder}/${name}`);

/** The areas, and how much of each is tried; the tests of each are in `vitest.mutate.config.ts`. */
const AREAS = {
  parse: { files: filesIn('src/parse'), share: 1 / 40 },
  list: { files: filesIn('src/list'), share: 1 / 10 },
  outbox: {
    files: [
      'src/deliver.ts',
      'src/deliver/give-up-target.ts',
      'src/deliver/note-sealed.ts',
      'src/deliver/record-what-was-sent.ts',
      'src/deliver/retry-wait.ts',
      'src/store/abandoned.ts',
      'src/store/deliveries.ts',
      'src/store/new-delivery.ts',
    ],
    share: 1 / 3,
  },
  guard: {
    files: ['src/channel/address-guard.ts', 'src/channel/guarded-connect.ts', 'src/channel/guarded-post.ts'],
    share: 1,
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(AREAS, name));
if (unknown.length > 0) {
  console.error(`no area is called ${unknown.join(' or ')}; there are ${Object.keys(AREAS).join(', ')}`);
  process.exit(2);
}

/** A number from 0 to 1 that follows from a text. */
function draw(text) {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}

function drawBlocks({ files, share }) {
  return files.flatMap((file) => {
    const lines = readFileSync(root + file, 'utf8').split('\n').length;
    const starts = Array.from(
      { length: Math.ceil(lines / BLOCK_LINES) },
      (_none, at) => at * BLOCK_LINES + 1,
    );
    return starts
      .filter((from) => draw(`${SEED} ${file} ${from}`) < share)
      .map((from) => `${file}:${from}-${Math.min(from + BLOCK_LINES - 1, lines)}`);
  });
}

/** Tries the mutants of an area; answers how many came to which end. */
function tryArea(name) {
  const { files, share } = AREAS[name];
  // A block cuts off the mutants that reach beyond it, so what is tried as a whole is not cut.
  const places = share === 1 ? files : drawBlocks(AREAS[name]);
  console.log(`${name}: ${share === 1 ? 'all' : `${places.length} blocks of ${BLOCK_LINES} lines`}`);
  const { status } = spawnSync('npx', ['stryker', 'run', '--mutate', places.join(',')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MUTATED_AREA: name },
  });
  if (status !== 0) process.exit(status ?? 1);
  const { files: reports } = JSON.parse(readFileSync(`${root}data/stryker/report.json`, 'utf8'));
  const ends = Object.values(reports).flatMap(({ mutants }) => mutants.map((mutant) => mutant.status));
  const count = (...of) => ends.filter((end) => of.includes(end)).length;
  const killed = count('Killed', 'Timeout');
  const survived = count('Survived');
  const noCoverage = count('NoCoverage');
  const valid = killed + survived + noCoverage;
  return {
    area: name,
    share: Number(share.toFixed(3)),
    ...{ valid, killed, survived, noCoverage },
    score: valid === 0 ? null : Number(((100 * killed) / valid).toFixed(1)),
    node: process.version,
  };
}

const results = `${root}bench/results`;
const path = `${results}/mutation.json`;
mkdirSync(results, { recursive: true });
for (const name of asked.length > 0 ? asked : Object.keys(AREAS)) {
  const measured = tryArea(name);
  // Written after each, so that one that breaks off keeps the others; a run of some keeps what others measured before.
  const before = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).areas : [];
  const all = new Map([...before, measured].map((one) => [one.area, one]));
  const areas = Object.keys(AREAS).flatMap((area) => all.get(area) ?? []);
  writeFileSync(path, `${JSON.stringify({ areas }, null, 2)}\n`);
  console.log(`${name}: ${measured.score} % of ${measured.valid} mutants found`);
}
