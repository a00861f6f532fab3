import { jaroWinkler } from '@skyra/jaro-winkler';
import { compareNames } from '../src/screen/compare-names.ts';
import { buildNameIndex, isAddressLabel } from '../src/screen/name-index.ts';
import { DEFAULT_THRESHOLD, screen } from '../src/screen/screen.ts';
import { readRealList } from '../test/helpers/real-list.ts';
import type { Figure } from './measure.ts';
import { COPIES } from './screen/copies.ts';
import { findOnList } from './screen/find-on-list.ts';
import { type LabelledPair, readOwnPairs, readPublicPairs, UNLISTED_ALIAS } from './screen/labelled-pairs.ts';
import { bestThreshold, measure, thresholdFor } from './screen/measures.ts';

type Score = (pair: LabelledPair) => number;

const ours: Score = ({ a, b }) => compareNames(a, b).score;
const plain = (name: string) => name.toLowerCase();
const letters: Score = ({ a, b }) => jaroWinkler(plain(a), plain(b));
const scored = (pairs: readonly LabelledPair[], score: Score) =>
  pairs.map((pair) => ({ ...pair, score: score(pair) }));
const half = (pairs: readonly LabelledPair[], wanted: LabelledPair['half']) =>
  pairs.filter((pair) => pair.half === wanted);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

interface Share {
  name: string;
  found: number;
  least: number;
  baseline: string;
  baselineFound: number;
}

/** A share of what there is to find, as what is missed: the ratio is ours to the baseline's, so that less is better. */
function figureOf({ name, found, least, baseline, baselineFound }: Share): Figure {
  return {
    name,
    milliseconds: null,
    says: percent(found),
    baseline: `${baseline}: ${percent(baselineFound)}`,
    baselineMilliseconds: null,
    ratio: (1 - found) / (1 - baselineFound),
    goal: { text: `at least ${percent(least)}`, reached: found >= least },
  };
}

/** Recall over the kinds of variant, at the threshold at which one of a hundred near names hits. */
function benchVariants(): Figure[] {
  const pairs = readOwnPairs().filter(({ kind }) => kind !== UNLISTED_ALIAS);
  const threshold = thresholdFor(scored(half(pairs, 'choose'), ours), 0.01);
  const other = thresholdFor(scored(half(pairs, 'choose'), letters), 0.01);
  const onList = findOnList(readRealList());
  const variants = half(pairs, 'report').filter(({ match }) => match);
  const shareOf = (those: readonly LabelledPair[], is: (pair: LabelledPair) => boolean) =>
    those.filter(is).length / those.length;
  const isFound = (pair: LabelledPair) => onList(pair) >= threshold;
  const isNear = (pair: LabelledPair) => letters(pair) >= other;
  const byKind = [...new Set(variants.map(({ kind }) => kind))]
    .map((kind) => ({ kind, those: variants.filter((pair) => pair.kind === kind) }))
    .map(({ kind, those }) => ({ kind, found: shareOf(those, isFound), near: shareOf(those, isNear) }));
  const worst = byKind.reduce((least, one) => (one.found < least.found ? one : least));
  const baseline = 'Jaro-Winkler in small letters, with as few false hits';
  return [
    figureOf({
      name: `variants of ${byKind.length} kinds that find their entry, with one false hit in a hundred near names`,
      found: shareOf(variants, isFound),
      least: 0.98,
      baseline,
      baselineFound: shareOf(variants, isNear),
    }),
    figureOf({
      name: `the same of the worst kind (${worst.kind})`,
      found: worst.found,
      least: 0.95,
      baseline,
      baselineFound: worst.near,
    }),
  ];
}

/** F1 on the public pairs, on the half that nothing was chosen on; nothing where they are not at hand. */
function benchPublicPairs(): Figure[] {
  const all = readPublicPairs();
  if (all === null) return [];
  return (
    [
      ['all', all, 0.8],
      ['companies', all.filter(({ kind }) => kind === 'Company'), 0.88],
    ] as const
  ).map(([who, pairs, least]) => {
    const logicV2: Score = (pair) => pair.logicV2!;
    const best = bestThreshold(scored(half(pairs, 'choose'), logicV2));
    return figureOf({
      name: `F1 on public labelled pairs, ${who}, at our threshold of ${DEFAULT_THRESHOLD}`,
      found: measure(scored(half(pairs, 'report'), ours), DEFAULT_THRESHOLD).f1,
      least,
      baseline: `logic-v2 at ${best}, its best`,
      baselineFound: measure(scored(half(pairs, 'report'), logicV2), best).f1,
    });
  });
}

/** Every name of the list, as it is copied by hand, finds its own entry. */
function benchCopies(): Figure {
  const subjects = readRealList();
  const index = buildNameIndex(subjects);
  const names = subjects.flatMap(({ id, names: all }) =>
    all.filter((name) => !isAddressLabel(name)).map((name) => ({ id, name })),
  );
  const listed = new Map(names.map(({ id, name }) => [plain(name), id]));
  let found = 0;
  let same = 0;
  for (const [, copy] of COPIES)
    for (const { id, name } of names) {
      const hits = screen(index, [{ id: 'q', names: [copy(name)], addresses: [], country: null }]);
      if (hits.some(({ subjectId }) => subjectId === id)) found += 1;
      if (listed.get(plain(copy(name))) === id) same += 1;
    }
  const tried = names.length * COPIES.length;
  return figureOf({
    name: `${tried.toLocaleString('en')} copies of names of the list that find their own entry`,
    found: found / tried,
    least: 1,
    baseline: 'the same letters, small or capital',
    baselineFound: same / tried,
  });
}

export function benchRecall(): Figure[] {
  return [...benchVariants(), benchCopies(), ...benchPublicPairs()];
}
