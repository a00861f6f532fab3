import { editDistance } from './edit-distance.ts';
import { soundOf } from './sound.ts';
import type { Token } from './token.ts';

/** Two words that are less alike than this are different words. */
export const LEAST_SIMILAR = 0.55;

/** How often a letter may differ in a word of so many: none in two, one from three on, two from six, three from ten. */
const allowed = (length: number) => (length < 3 ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3);

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** 0 to 1: how alike two words are by letters, or by sound a little less. Below `LEAST_SIMILAR` it is 0. */
export function wordSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  const longest = Math.max(a.length, b.length);
  const most = allowed(longest);
  const distance = editDistance(a, b, most);
  const byLetters = distance > most ? 0 : 1 - distance / longest;
  if (longest < 4) return byLetters;
  const soundA = soundOf(a);
  const soundB = soundOf(b);
  let bySound = 0;
  if (soundA === soundB) bySound = 0.93;
  else if (soundA !== a || soundB !== b) {
    const longestSound = Math.max(soundA.length, soundB.length);
    const mostSound = allowed(longestSound);
    const apart = editDistance(soundA, soundB, mostSound);
    if (apart <= mostSound) bySound = 0.93 - apart / longestSound;
  }
  const best = Math.max(byLetters, bySound);
  return best < LEAST_SIMILAR ? 0 : best;
}

/**
 * Words of the tables that one Chinese or Russian word is translated as (研究院 is an institute and an academy), and
 * what is written "Shanxi": 山西 as the lists print it, or 陕西 in pinyin without tones. With tones they are two.
 */
const ALIKE: ReadonlyMap<string, number> = new Map(
  (
    [
      ['institute academy', 0.85],
      ['university institute', 0.85],
      ['university academy', 0.85],
      ['state national', 0.85],
      ['shanxi shan1xi1', 1],
      ['shanxi shaanxi', 0.7],
    ] as const
  ).flatMap(([pair, similarity]) => [
    [pair, similarity],
    [pair.split(' ').reverse().join(' '), similarity],
  ]),
);

/** As `wordSimilarity`, for tokens: legal forms and numbers are the same or not, an initial may be any name's. */
export function tokenSimilarity(a: Token, b: Token): number {
  if (a.text === b.text) return 1;
  if (a.kind === 'initial' || b.kind === 'initial')
    return a.text[0] === b.text[0] && a.kind !== 'number' && b.kind !== 'number' ? 0.8 : 0;
  if (a.kind === 'legal' || b.kind === 'legal' || a.kind === 'number' || b.kind === 'number') return 0;
  // A table's word is told from another of the tables by standing there.
  if (a.kind !== 'word' && b.kind !== 'word') return ALIKE.get(`${a.text} ${b.text}`) ?? 0;
  if (Math.abs(a.text.length - b.text.length) > 3) return 0;
  const apart = bits(a.letters ^ b.letters);
  if (apart > 7) return 0;
  return wordSimilarity(a.text, b.text);
}
