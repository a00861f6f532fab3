/** Prints how well names are matched: `npm run eval:screen`, with `-- --misses` for the pairs that are not. */
import { jaroWinkler } from '@skyra/jaro-winkler';
import Table from 'cli-table3';
import { compareNames } from '../src/screen/compare-names.ts';
import { DEFAULT_THRESHOLD } from '../src/screen/screen.ts';
import { readRealList } from '../test/helpers/real-list.ts';
import { findOnList } from './screen/find-on-list.ts';
import { type LabelledPair, readOwnPairs, readPublicPairs, UNLISTED_ALIAS } from './screen/labelled-pairs.ts';
import { bestThreshold, type Measures, measure, thresholdFor } from './screen/measures.ts';

type Score = (pair: LabelledPair) => number;

const ours: Score = ({ a, b }) => compareNames(a, b).score;
/** What anybody would write first: letters and digits in lower case, in one call. */
const plain = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const baseline: Score = ({ a, b }) => jaroWinkler(plain(a), plain(b));
const logicV2: Score = ({ logicV2: score }) => score!;

const percent = (share: number) => (share * 100).toFixed(1);
const write = (text: string) => process.stdout.write(`${text}\n`);
const scoredBy = (score: Score) => (pair: LabelledPair) => ({ ...pair, score: score(pair) });

function row(set: string, who: string, { threshold, precision, recall, f1, falsePositives }: Measures) {
  return [
    set,
    who,
    threshold.toFixed(2),
    percent(precision),
    percent(recall),
    percent(f1),
    percent(falsePositives),
  ];
}

/**
 * Rows of a set: each matcher at the threshold that is best on the first half, told of the second, and the others
 * once more at the lowest threshold at which they take no more negatives of the first half for matches than ours:
 * where most pairs match, the best F-score may be that of a matcher that takes nearly everything for a match.
 */
function rowsOf(
  set: string,
  pairs: readonly LabelledPair[],
  matchers: readonly (readonly [string, Score])[],
) {
  const halfOf = (score: Score, wanted: LabelledPair['half']) =>
    pairs.filter(({ half }) => half === wanted).map(scoredBy(score));
  const { falsePositives } = measure(halfOf(ours, 'choose'), DEFAULT_THRESHOLD);
  return matchers.flatMap(([who, score]) => {
    const [choosing, reporting] = [halfOf(score, 'choose'), halfOf(score, 'report')];
    const rowAt = (name: string, threshold: number) => row(set, name, measure(reporting, threshold));
    if (score === ours) return [rowAt(who, DEFAULT_THRESHOLD)];
    return [
      rowAt(who, bestThreshold(choosing)),
      rowAt(`${who}, as few false positives`, thresholdFor(choosing, falsePositives)),
    ];
  });
}

const heads = ['set', 'matcher', 'threshold', 'precision %', 'recall %', 'F1 %', 'false positives %'];
const all = readOwnPairs();
const own = all.filter(({ kind }) => kind !== UNLISTED_ALIAS);
const others = readPublicPairs();

write('The half that was not used for choosing anything:');
const table = new Table({ head: heads, style: { head: [], border: [] } });
table.push(
  ...rowsOf('the list and its variants', own, [
    ['ours', ours],
    ['Jaro-Winkler', baseline],
  ]),
);
if (others !== null) {
  const matchers = [
    ['ours', ours],
    ['logic-v2', logicV2],
    ['Jaro-Winkler', baseline],
  ] as const;
  table.push(...rowsOf('public pairs', others, matchers));
  for (const [kind, set] of [
    ['Company', 'public pairs, companies'],
    ['Person', 'public pairs, persons'],
  ] as const)
    table.push(
      ...rowsOf(
        set,
        others.filter((pair) => pair.kind === kind),
        matchers,
      ),
    );
}
write(table.toString());
if (others === null)
  write('The public pairs (../shared/data/name-pairs.csv) are not at hand and were left out.');

const strict = thresholdFor(own.filter(({ half }) => half === 'choose').map(scoredBy(ours)), 0.01);
const onList = findOnList(readRealList());
const reported = all.filter(({ half }) => half === 'report').map(scoredBy(ours));
const byKind = new Table({
  head: [
    'kind',
    'pairs',
    `right at ${DEFAULT_THRESHOLD} %`,
    `right at ${strict} %`,
    `found on the list at ${DEFAULT_THRESHOLD} %`,
    `found on the list at ${strict} %`,
  ],
  style: { head: [], border: [] },
});
const share = <T>(pairs: readonly T[], is: (pair: T) => boolean) =>
  percent(pairs.filter(is).length / pairs.length);
const found = new Map(reported.filter(({ match }) => match).map((pair) => [pair, onList(pair)]));
const kindRow = (name: string, pairs: readonly (typeof reported)[number][]) => {
  const right = (threshold: number) => share(pairs, ({ match, score }) => match === score >= threshold);
  const met = (threshold: number) =>
    pairs.every(({ match }) => match) ? share(pairs, (pair) => found.get(pair)! >= threshold) : '';
  return [name, pairs.length, right(DEFAULT_THRESHOLD), right(strict), met(DEFAULT_THRESHOLD), met(strict)];
};
for (const kind of new Set(all.map((pair) => pair.kind)))
  byKind.push(
    kindRow(
      kind,
      reported.filter((pair) => pair.kind === kind),
    ),
  );
byKind.push(
  kindRow(
    'all variants',
    reported.filter(({ match, kind }) => match && kind !== UNLISTED_ALIAS),
  ),
);
write(
  `\nThe list and its variants, by kind, in the same half. ${strict} is the lowest threshold at which one of a hundred near names hits, on the half for choosing:`,
);
write(byKind.toString());
write(
  `“${UNLISTED_ALIAS}” compares an alias with the name alone. It is listed, and so found; it counts in no recall.`,
);

write(
  '\nThe half for choosing. The default threshold is the lowest at which two of a hundred near names hit, at most.',
);
const choosing = new Table({ head: heads, style: { head: [], border: [] } });
for (const threshold of [0.7, 0.72, 0.74, 0.75, 0.76, 0.78, 0.8, 0.82, 0.84])
  for (const [set, pairs] of [
    ['the list and its variants', own],
    ['public pairs', others ?? []],
  ] as const)
    if (pairs.length > 0)
      choosing.push(
        row(
          set,
          'ours',
          measure(pairs.filter(({ half }) => half === 'choose').map(scoredBy(ours)), threshold),
        ),
      );
write(choosing.toString());

if (process.argv.includes('--misses'))
  for (const pair of own.filter(({ half }) => half === 'choose').map(scoredBy(ours)))
    if (pair.match !== pair.score >= DEFAULT_THRESHOLD)
      write(`${pair.score.toFixed(2)}  ${pair.kind}: ${pair.a} | ${pair.b}`);
