import type { Token } from './token.ts';

/** Letters and digits and the beginning of a word: each gram is a number of three such digits. */
const BASE = 37;
export const GRAM_COUNT = BASE ** 3;

const codeOf = (unit: number) => (unit >= 97 ? unit - 86 : unit - 47);

/** Whether a name has a word or a number that tells it apart; one without is found by all of its words. */
export function isTelling(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind }) => kind === 'word');
}

/**
 * Distinct runs of three letters, as numbers below `GRAM_COUNT`; the beginning of a word counts as a letter.
 * `telling` takes them from words and numbers only, without what a firm does and where.
 */
export function gramsOf(tokens: readonly Token[], telling: boolean): number[] {
  const grams: number[] = [];
  for (const { text, kind } of tokens) {
    if (kind === 'legal' || kind === 'particle' || kind === 'title') continue;
    if (telling && (kind === 'generic' || kind === 'place')) continue;
    let window = codeOf(text.charCodeAt(0));
    if (text.length === 1) grams.push(window * BASE);
    for (let at = 1; at < text.length; at += 1) {
      window = (window * BASE + codeOf(text.charCodeAt(at))) % GRAM_COUNT;
      grams.push(window);
    }
  }
  return grams.length < 2 ? grams : [...new Set(grams)];
}
