import type { Token } from './token.ts';

/** Letters and digits and the beginning of a word: each gram is a number of three such digits. */
const BASE = 37;
export const GRAM_COUNT = BASE ** 3;

const codeOf = (unit: number) => (unit >= 97 ? unit - 86 : unit - 47);

/**
 * Distinct runs of three letters in the telling words, as numbers below `GRAM_COUNT`; the beginning of a word
 * counts as a letter. What a firm does is left out, unless the name has nothing else.
 */
export function gramsOf(tokens: readonly Token[], all: boolean): number[] {
  const grams = new Set<number>();
  const telling = all || !tokens.some(({ kind }) => kind === 'word');
  for (const { text, kind } of tokens) {
    if (kind === 'legal' || kind === 'particle' || kind === 'title' || (kind === 'generic' && !telling))
      continue;
    let last = codeOf(text.charCodeAt(0));
    let window = last;
    if (text.length === 1) grams.add(window * BASE);
    for (let at = 1; at < text.length; at += 1) {
      last = codeOf(text.charCodeAt(at));
      window = (window * BASE + last) % GRAM_COUNT;
      grams.add(window);
    }
  }
  return [...grams];
}
