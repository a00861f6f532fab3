import { editDistance } from './edit-distance.ts';
import { soundOf } from './sound.ts';
import type { Token } from './token.ts';

/** Two words that are less alike than this are different words. */
export const LEAST_SIMILAR = 0.55;

/** Of two words that sound the same and are written differently. */
const SAME_SOUND = 0.93;

/** How often a letter may differ in a word of so many: none in two, one from three on, two from six, three from ten. */
const allowed = (length: number) => (length < 3 ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3);

/** How many bits are set. */
function bits(mask: number): number {
  let sum = mask - ((mask >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
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
  if (soundA === soundB) bySound = SAME_SOUND;
  else if (soundA !== a || soundB !== b) {
    const longestSound = Math.max(soundA.length, soundB.length);
    const mostSound = allowed(longestSound);
    const apart = editDistance(soundA, soundB, mostSound);
    if (apart <= mostSound) bySound = SAME_SOUND - apart / longestSound;
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
      ['college institute', 0.85],
      ['college academy', 0.85],
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
  const byText = nearness(a, b);
  // A word of the tables may be misspelled as the name spells it: "Holinng" is near "Holding" and not "group".
  const known = a.kind === 'word' ? b : a;
  if (a.kind === b.kind || known.spelled === known.text || a.spelled[0] !== b.spelled[0]) return byText;
  if (Math.abs(a.spelled.length - b.spelled.length) > 2) return byText;
  return Math.max(byText, wordSimilarity(a.spelled, b.spelled));
}

/**
 * As `wordSimilarity`, for what tokens know of their letters. A letter changed, left out or put in changes two of the
 * set of letters at most, so most words that differ need no look at their order.
 */
function nearness(a: Token, b: Token): number {
  const apart = bits(a.letters ^ b.letters);
  if (apart > 7 || Math.abs(a.text.length - b.text.length) > 3) return 0;
  const longest = Math.max(a.text.length, b.text.length);
  const most = allowed(longest);
  let best = 0;
  if (apart <= 2 * most) {
    const distance = editDistance(a.text, b.text, most);
    if (distance <= most) best = 1 - distance / longest;
  }
  if (longest < 4) return best;
  if (a.sound === b.sound) best = Math.max(best, SAME_SOUND);
  else if (a.sound !== a.text || b.sound !== b.text) {
    const longestSound = Math.max(a.sound.length, b.sound.length);
    const mostSound = allowed(longestSound);
    if (bits(a.soundLetters ^ b.soundLetters) <= 2 * mostSound) {
      const distance = editDistance(a.sound, b.sound, mostSound);
      if (distance <= mostSound) best = Math.max(best, SAME_SOUND - distance / longestSound);
    }
  }
  return best < LEAST_SIMILAR ? 0 : best;
}
