/**
 * Writes `fixtures/screen/pairs.csv`: labelled pairs of a name of the real list and another name. It looks at names
 * as plain text only, and uses nothing of the matcher that is measured with them.
 *
 *     node --import tsx bench/screen/make-pairs.ts
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import { distance } from 'fastest-levenshtein';
import { Converter } from 'opencc-js/cn2t';
import { pinyin } from 'pinyin-pro';
import { readSupplement } from '../../src/parse/supplement.ts';
import { admitXml } from '../../src/parse/xml.ts';
import { DISTORTIONS, LATER_DISTORTIONS, seededRandom } from './distort.ts';
import { UNLISTED_ALIAS } from './labelled-pairs.ts';
import { IN_CHARACTERS, IN_CYRILLIC, UNLISTED } from './real-spellings.ts';

const EACH = 120;
/** Spellings written by hand are all taken. */
const ALL = 1_000;
const FIXTURES = new URL('../../fixtures/', import.meta.url);
const random = seededRandom(20250324);

interface Pair {
  kind: string;
  match: boolean;
  listed: string;
  other: string;
}

const { entries } = readSupplement(
  admitXml(gunzipSync(readFileSync(new URL('list/supplement-4-2025-03-24.xml.gz', FIXTURES)))),
);
const named = entries.filter(({ name }) => !/^Address \d/u.test(name));
const names = new Set(named.flatMap(({ name, aliases }) => [name, ...aliases]));
const wordsOf = (name: string) => name.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [];
const counts = new Map<string, number>();
for (const name of names)
  for (const word of new Set(wordsOf(name))) counts.set(word, (counts.get(word) ?? 0) + 1);
/** Words that name a group of firms rather than a trade or a place. */
const rareWords = (name: string) => wordsOf(name).filter((word) => (counts.get(word) ?? 0) <= 12);
const likeness = (a: string, b: string) =>
  1 - distance(a.toLowerCase(), b.toLowerCase()) / Math.max(a.length, b.length);
const shuffled = <T>(items: readonly T[]) =>
  items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

const pairs: Pair[] = [];
const take = (kind: string, match: boolean, found: Iterable<readonly [string, string]>, most = EACH) => {
  let count = 0;
  for (const [listed, other] of found) {
    if (count === most) return;
    pairs.push({ kind, match, listed, other });
    count += 1;
  }
};

// Another name of the body, which shares a word that few names have. It is found by being listed itself; compared with
// the first name alone, as if it were not, nothing but that word can tell: it is told apart and counts in no recall.
take(
  UNLISTED_ALIAS,
  true,
  shuffled(named).flatMap(({ name, aliases }) => {
    const alias = shuffled(aliases).find((one) =>
      rareWords(one).some((word) => rareWords(name).includes(word)),
    );
    return alias === undefined ? [] : [[name, alias] as const];
  }),
);
for (const [kind, distort] of Object.entries(DISTORTIONS))
  take(
    kind,
    true,
    shuffled(named).flatMap(({ name }) => {
      const other = distort(name, random);
      return other === null || other === name ? [] : [[name, other] as const];
    }),
  );
const isListed = ([listed]: readonly [string, string]) => {
  if (!names.has(listed)) process.stderr.write(`not on the list, left out: ${listed}\n`);
  return names.has(listed);
};
const traditional = Converter({ from: 'cn', to: 'tw' }) as (text: string) => string;
const characters = IN_CHARACTERS.filter(isListed);
take('simplified characters', true, characters, ALL);
take(
  'traditional characters',
  true,
  characters.map(([listed, text]) => [listed, traditional(text)] as const),
  ALL,
);
// As pinyin a translated name is another name; only what the list prints in pinyin can be meant.
const spelled = characters.filter(([listed, text]) =>
  pinyin(text, { toneType: 'none', type: 'array' }).some((_, at, all) =>
    listed.toLowerCase().includes(all.slice(at, at + 2).join('')),
  ),
);
take(
  'pinyin with tones',
  true,
  spelled.map(([listed, text]) => [listed, pinyin(text)] as const),
  ALL,
);
take(
  'pinyin without tones',
  true,
  spelled.map(([listed, text]) => [listed, pinyin(text, { toneType: 'none' })] as const),
  ALL,
);
take('Cyrillic', true, IN_CYRILLIC.filter(isListed));

/**
 * The name of another entry that is the nearest by letters and of no firm of the same group. By edit distance, which
 * neither we nor the baseline go by: the nearest by its own measure would be its worst case.
 */
function nearest(name: string, among: readonly string[]): string | null {
  const rare = new Set(rareWords(name));
  let best: string | null = null;
  let score = 0;
  for (const other of among) {
    if (other === name || rareWords(other).some((word) => rare.has(word))) continue;
    const alike = likeness(name, other);
    if (alike > score) [best, score] = [other, alike];
  }
  return best;
}
const all = [...new Set(named.map(({ name }) => name))];
const withRare = shuffled(all.filter((name) => rareWords(name).length > 0));
take(
  'near name of the list',
  false,
  withRare.slice(0, EACH * 5).flatMap((name) => {
    const other = nearest(name, withRare);
    return other === null ? [] : [[name, other] as const];
  }),
  EACH * 5,
);
take(
  'another name in the same pattern',
  false,
  shuffled(all.filter((name) => rareWords(name).length === 1)).flatMap((name, at, every) => {
    const [mine] = rareWords(name);
    const [theirs] = rareWords(every[(at + 1) % every.length]!);
    const pattern = new RegExp(mine!, 'iu');
    if (mine === theirs || likeness(mine!, theirs!) > 0.7) return [];
    return [[name, name.replace(pattern, theirs![0]!.toUpperCase() + theirs!.slice(1))] as const];
  }),
  EACH * 5,
);
take(
  'unlisted firm',
  false,
  UNLISTED.flatMap((name) => {
    const other = nearest(name, all);
    return other === null ? [] : [[other, name] as const];
  }),
);

// Kinds that were added later, with a sequence of their own.
const later = seededRandom(20251125);
const shuffledLater = <T>(items: readonly T[]) =>
  items
    .map((item) => ({ item, at: later() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
const syllables = (text: string) => pinyin(text, { toneType: 'none', type: 'array', nonZh: 'removed' });
take(
  'pinyin without spaces',
  true,
  spelled.map(([listed, text]) => [listed, syllables(text).join('')] as const),
  ALL,
);
for (const [kind, distort] of Object.entries(LATER_DISTORTIONS))
  take(
    kind,
    true,
    shuffledLater(all).flatMap((name) => {
      const other = distort(name, later);
      return other === null || other === name ? [] : [[name, other] as const];
    }),
  );

/** All pairs of one listed name are in one half, so that nothing chosen on the first is known of the second. */
const halfOf = (listed: string) =>
  (createHash('sha256').update(listed).digest()[0]! & 1) === 0 ? 'choose' : 'report';
const rows = pairs.map(({ kind, match, listed, other }) => ({
  half: halfOf(listed),
  kind,
  match,
  listed,
  other,
}));
writeFileSync(
  new URL('screen/pairs.csv', FIXTURES),
  stringify(rows, { header: true, cast: { boolean: String } }),
);
process.stdout.write(`${rows.length} pairs, ${rows.filter(({ match }) => match).length} of them positive\n`);
