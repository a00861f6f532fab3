import { mkdirSync, writeFileSync } from 'node:fs';
import { benchFanOut } from './fan-out.ts';
import { benchFeed } from './feed.ts';
import { benchApply, benchDiff } from './lists.ts';
import { benchMail } from './mail.ts';
import type { Figure } from './measure.ts';
import { benchPages } from './pages.ts';
import { benchParseRule } from './parse-rule.ts';
import { benchParseSupplement } from './parse-supplement.ts';
import { benchScreen } from './screen.ts';
import { benchWakeUp } from './wake-up.ts';

const figures: Figure[] = [
  benchParseRule(),
  benchParseSupplement(),
  benchApply(),
  benchDiff(),
  benchScreen(),
  ...(await benchWakeUp()),
  ...(await benchMail()),
  ...(await benchFeed()),
  ...(await benchFanOut()),
  ...(await benchPages()),
];
for (const { name, milliseconds, ratio, baseline, baselineMilliseconds, goal } of figures) {
  const verdict = goal === null ? '' : goal.reached ? 'pass' : 'fall short';
  process.stdout.write(
    `${verdict.padEnd(10)}  ${name}: ${milliseconds.toFixed(1)} ms, ${ratio.toFixed(3)} × ${baseline} (${baselineMilliseconds.toFixed(1)} ms)${goal ? `; goal: ${goal.text}` : ''}\n`,
  );
}
const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
writeFileSync(
  new URL('latest.json', results),
  `${JSON.stringify({ node: process.version, figures }, null, 2)}\n`,
);
process.stdout.write('Written to bench/results/latest.json\n');
