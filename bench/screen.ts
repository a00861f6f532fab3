import { jaroWinkler } from '@skyra/jaro-winkler';
import { readSupplement } from '../src/parse/supplement.ts';
import { admitXml } from '../src/parse/xml.ts';
import { entrySubject } from '../src/screen/entry-subject.ts';
import { buildNameIndex } from '../src/screen/name-index.ts';
import { DEFAULT_THRESHOLD, screen } from '../src/screen/screen.ts';
import type { Subject } from '../src/screen/subject.ts';
import { readSupplementInput } from './inputs.ts';
import type { Figure } from './measure.ts';
import { DISTORTIONS, seededRandom } from './screen/distort.ts';

const COUNTERPARTIES = 100_000;
/** Names that the baseline is timed on; it takes minutes for all of them, and as long for each. */
const SAMPLE = 100;

/** Counterparties as a customer has them: one of a hundred is on the list, misspelled; the rest mix its words. */
function makeCounterparties(listed: readonly string[], count: number): Subject[] {
  const random = seededRandom(1);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const words = [...new Set(listed.flatMap((name) => name.split(/\s+/u)))];
  const misspell = DISTORTIONS['one typo']!;
  return Array.from({ length: count }, (_, at) => {
    const mixed = Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(words)).join(' ');
    const name = at % 100 === 0 ? pick(listed) : mixed;
    return { id: String(at), names: [misspell(name, random) ?? name], addresses: [], country: null };
  });
}

/** A hundred thousand counterparties against every name of the list, the index included. */
export function benchScreen(): Figure {
  const { entries } = readSupplement(admitXml(readSupplementInput()));
  const subjects = entries.map((entry, at) => entrySubject({ ...entry, entryId: String(at) }));
  const listed = subjects.flatMap(({ names }) => names);
  const counterparties = makeCounterparties(listed, COUNTERPARTIES);
  const begun = performance.now();
  const index = buildNameIndex(subjects);
  screen(index, counterparties);
  const ours = performance.now() - begun;

  const plain = (name: string) => name.toLowerCase();
  const names = listed.map(plain);
  const sample = counterparties.filter((_, at) => at % (COUNTERPARTIES / SAMPLE) === 0);
  const naive = performance.now();
  let hits = 0;
  for (const { names: theirs } of sample)
    for (const name of names) if (jaroWinkler(plain(theirs[0]!), name) >= DEFAULT_THRESHOLD) hits += 1;
  const baseline = ((performance.now() - naive) / SAMPLE) * COUNTERPARTIES;
  return {
    name: `100,000 counterparties against the ${listed.length.toLocaleString('en')} names of the list`,
    milliseconds: ours,
    baseline: `Jaro-Winkler of each with each, from ${SAMPLE} of them (${hits.toLocaleString('en')} hits)`,
    baselineMilliseconds: baseline,
    ratio: ours / baseline,
    goal: { text: 'at most 0.01 × that', reached: ours / baseline <= 0.01 },
  };
}
