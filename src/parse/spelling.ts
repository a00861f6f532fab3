import { foldName } from '../fold.ts';

/** The name in the form in which print variants are equal: white space, quotes, dashes. */
function printedAlike(name: string): string {
  return name
    .normalize('NFC')
    .replace(/[‘’`]/gu, "'")
    .replace(/[“”]/gu, '"')
    .replace(/[‐-―−]/gu, '-')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** "Ltd." and "Co." keep their stop within a sentence; after a longer word it may be the sentence's. */
const ABBREVIATED = /(?:^|[\s.,(])\p{Lu}\p{L}{0,3}\.$/u;

/**
 * Whether a quoted name is spelled as its row is. A sentence that ends behind the quotation puts its stop inside
 * it, so that a stop that only the quotation has can be no part of the name.
 */
export function isSpelledAlike(quoted: string, printed: string): boolean {
  const [own, row] = [printedAlike(quoted), printedAlike(printed)];
  return own === row || (own === `${row}.` && !ABBREVIATED.test(own));
}

/** Whether two names have a word in common that is no legal form: else the row may be a stranger's. */
export function shareWord(one: string, other: string): boolean {
  const words = (name: string) => name.split(/[^\p{L}\p{N}]+/u).map(foldName);
  const own = new Set(words(other));
  return words(one).some((word) => word.length >= 4 && own.has(word));
}
