import { latinReadings } from './latin-readings.ts';

/** Names that are one but for what no reading of words can know: where the spaces were, or the order. */
export const SAME_LETTERS = 0.98;
export const SAME_WORDS = 0.97;

/** Marks a key as one of words, which a name of letters alone cannot have. */
const WORDS = ' ';

/**
 * Keys under which names are equal whatever a scribe did to punctuation and spaces ("3-K" and "3K"), or to the
 * order of words ("(Hong Kong) AccoTest"): up to two for each reading, none for a name without a letter or digit.
 */
export function sameKeys(name: string): string[] {
  const keys: string[] = [];
  for (const reading of latinReadings(name)) {
    const words = reading
      .toLowerCase()
      .split(/[^a-z0-9]+/u)
      .filter((word) => word !== '');
    if (words.length === 0) continue;
    keys.push(words.join(''));
    if (words.length > 1) keys.push(WORDS + words.sort().join(' '));
  }
  return keys;
}

/** Score of two names that share a key. */
export const scoreOfKey = (key: string) => (key.startsWith(WORDS) ? SAME_WORDS : SAME_LETTERS);

/** Why two names that share a key are taken for one. */
export const reasonOfKey = (key: string) =>
  key.startsWith(WORDS)
    ? 'the same words in another order'
    : 'the same letters, but for spaces and punctuation';
