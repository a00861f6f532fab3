import type { Token } from './token.ts';

/** Letters and digits and the beginning of a word: each gram is a number of three such digits. */
const BASE = 37;
const TRIGRAMS = BASE ** 3;
/** Below are runs of letters, from here on what is common beside them (`isExtra`). */
export const GRAM_COUNT = TRIGRAMS * 2;
/** Letters of the shortest word that is found by its letters in any order. */
const LEAST_ANAGRAM = 4;
/** Words of more letters are not written apart or joined by chance: "hai tian", "Ali Reza". */
const MOST_JOINED = 6;

const codeOf = (unit: number) => (unit >= 97 ? unit - 86 : unit - 47);

/** Whether a name has a word or a number that tells it apart; one without is found by all of its words. */
export function isTelling(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind }) => kind === 'word');
}

/**
 * Whether a gram only helps to find a name: the letters of a word in any order. Two names that lack it are no less
 * alike.
 */
export const isExtra = (gram: number) => gram >= TRIGRAMS;

/**
 * Distinct runs of three letters, as numbers below `GRAM_COUNT`; the beginning of a word counts as a letter.
 * `telling` takes them from words and numbers only, without what a firm does and where.
 */
export function gramsOf(tokens: readonly Token[], telling: boolean): number[] {
  const grams: number[] = [];
  for (const token of tokens) {
    const { text, kind } = token;
    if (kind === 'legal' || kind === 'particle' || kind === 'title') continue;
    if (telling && (kind === 'generic' || kind === 'place')) continue;
    let window = codeOf(text.charCodeAt(0));
    if (text.length === 1 && !grams.includes(window * BASE)) grams.push(window * BASE);
    for (let at = 1; at < text.length; at += 1) {
      window = (window * BASE + codeOf(text.charCodeAt(at))) % TRIGRAMS;
      if (!grams.includes(window)) grams.push(window);
    }
    const anagram = TRIGRAMS + (token.anagram % TRIGRAMS);
    if (kind === 'word' && text.length >= LEAST_ANAGRAM && !grams.includes(anagram)) grams.push(anagram);
  }
  return grams;
}

/** Runs of three letters across the space between short words, as a name has them that is written without it. */
export function bridgesOf(tokens: readonly Token[]): number[] {
  const bridges: number[] = [];
  const isShort = ({ text, kind }: Token) =>
    (kind === 'word' || kind === 'particle') && text.length >= 2 && text.length <= MOST_JOINED;
  for (let at = 1; at < tokens.length; at += 1) {
    if (!isShort(tokens[at - 1]!) || !isShort(tokens[at]!)) continue;
    const [last2, last, first, second] = [
      ...tokens[at - 1]!.text.slice(-2),
      ...tokens[at]!.text.slice(0, 2),
    ].map((letter) => codeOf(letter.charCodeAt(0)));
    bridges.push((last2! * BASE + last!) * BASE + first!, (last! * BASE + first!) * BASE + second!);
  }
  return bridges;
}
