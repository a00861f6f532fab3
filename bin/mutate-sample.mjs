// Mutation testing of a random fortieth of src/parse and src/list: the whole takes hours on two cores. Blocks of
// lines are drawn with a fixed seed, so that two runs over the same sources try the same mutants.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const BLOCK_LINES = 10;
const SHARE = 1 / 40;

/** Numbers from 0 to 1 that follow from a seed (a linear congruential generator). */
function* randomNumbers(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const random = randomNumbers(744);
const blocks = [];
for (const folder of ['src/parse', 'src/list'])
  for (const file of readdirSync(root + folder).sort()) {
    const lines = readFileSync(`${root}${folder}/${file}`, 'utf8').split('\n').length;
    for (let from = 1; from <= lines; from += BLOCK_LINES)
      if (random.next().value < SHARE)
        blocks.push(`${folder}/${file}:${from}-${Math.min(from + BLOCK_LINES - 1, lines)}`);
  }
console.log(`${blocks.length} blocks of ${BLOCK_LINES} lines`);
const { status } = spawnSync(
  'npx',
  ['stryker', 'run', '--mutate', blocks.join(','), '--incrementalFile', 'data/stryker/sample.json'],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
