import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import Table from 'cli-table3';
import { benchFanOut } from './fan-out.ts';
import { benchFeed } from './feed.ts';
import { benchFeedScreening } from './feed-screening.ts';
import { benchApply, benchDiff, benchFieldDiff } from './lists.ts';
import { readLongFigures } from './long-runs.ts';
import { benchMail } from './mail.ts';
import type { Figure } from './measure.ts';
import { benchPages } from './pages.ts';
import { benchParseRule } from './parse-rule.ts';
import { benchParseSupplement } from './parse-supplement.ts';
import { benchPublication } from './publication.ts';
import { benchRecall } from './recall.ts';
import { benchRuleNames, benchScreen, benchTrigrams } from './screen.ts';
import { benchStart } from './start.ts';
import { benchWakeUp } from './wake-up.ts';
import { benchWholeIssue } from './whole-issue.ts';

/** Each by itself, since what runs beside it takes its time. `npm run bench -- mail start` runs these two. */
const BENCHES: Record<string, () => Figure | Figure[] | Promise<Figure[]>> = {
  'parse-rule': benchParseRule,
  'parse-supplement': benchParseSupplement,
  'whole-issue': benchWholeIssue,
  apply: benchApply,
  diff: benchDiff,
  'field-diff': benchFieldDiff,
  screen: benchScreen,
  trigrams: benchTrigrams,
  'rule-names': benchRuleNames,
  recall: benchRecall,
  'wake-up': benchWakeUp,
  publication: benchPublication,
  mail: benchMail,
  feed: benchFeed,
  'feed-screening': benchFeedScreening,
  'fan-out': benchFanOut,
  pages: benchPages,
  start: benchStart,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(
    `no bench is called ${unknown.join(' or ')}; there are ${Object.keys(BENCHES).join(', ')}\n`,
  );
  process.exit(2);
}
const results = new URL('results/', import.meta.url);
const figures: Figure[] = [];
for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  if (process.stderr.isTTY) process.stderr.write(`${name} …\n`);
  figures.push(...[await BENCHES[name]!()].flat());
}
const milliseconds = (time: number | null) => (time === null ? '' : `${time.toFixed(1)} ms`);
const table = new Table({
  head: ['', 'what', 'ours', 'ratio', 'baseline in the same run', 'baseline', 'goal'],
  colWidths: [12, 46, 14, 9, 34, 14, 34],
  wordWrap: true,
  style: { head: [], border: [] },
});
for (const { name, milliseconds: ours, says, ratio, baseline, baselineMilliseconds, goal } of figures)
  table.push([
    goal === null ? '' : goal.reached ? 'pass' : 'fall short',
    name,
    says ?? milliseconds(ours),
    ratio.toFixed(3),
    baseline,
    milliseconds(baselineMilliseconds),
    goal?.text ?? '',
  ]);
process.stdout.write(`${table.toString()}\n`);
if (asked.length === 0) {
  const long = new Table({
    head: ['', 'what', 'ours', 'goal', 'by the last run of'],
    colWidths: [12, 66, 22, 18, 24],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { command, name, says, goal, isReached } of readLongFigures())
    long.push([isReached ? 'pass' : 'fall short', name, says, goal, command]);
  process.stdout.write(`${long.toString()}\n`);
}
mkdirSync(results, { recursive: true });
/** A run of some keeps what others measured before. */
const latest = new URL('latest.json', results);
const before: Figure[] =
  asked.length > 0 && existsSync(latest)
    ? (JSON.parse(readFileSync(latest, 'utf8')) as { figures: Figure[] }).figures
    : [];
const measured = new Set(figures.map(({ name }) => name));
const kept = before.filter(({ name }) => !measured.has(name));
writeFileSync(
  latest,
  `${JSON.stringify({ node: process.version, figures: [...kept, ...figures] }, null, 2)}\n`,
);
process.stdout.write('Written to bench/results/latest.json\n');
