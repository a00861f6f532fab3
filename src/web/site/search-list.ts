import { foldName } from '../../fold.ts';
import type { Entry } from '../../model.ts';

/** What somebody searches for, in the forms in which it is compared. */
export interface Needle {
  /** As it was typed. */
  text: string;
  /** All of it, folded. */
  phrase: string;
  /** Each word of it, folded. */
  words: readonly string[];
  /** The folded words with a space around each, to find whole words. */
  spaced: string;
}

/** Null for marks alone, which fold to nothing and would find everything. */
export function readNeedle(text: string): Needle | null {
  const phrase = foldName(text);
  if (phrase === '') return null;
  const spaced = foldWords(text);
  return { text: text.trim(), phrase, words: spaced.trim().split(' '), spaced };
}

/** Behind all that hold the phrase: those that hold its words, each somewhere. */
const WORDS_APART = 6;

/**
 * Places of the entries that hold what is searched for, the best first: by name before alias before address, as
 * whole words before parts of words; of equals, in their order.
 *
 * @param folded the names, aliases and addresses of each entry, folded, one a line
 */
export function searchEntries(
  entries: readonly Entry[],
  folded: readonly string[],
  needle: Needle,
): number[] {
  const places: number[][] = Array.from({ length: WORDS_APART + 1 }, () => []);
  for (const [at, text] of folded.entries()) {
    const isWhole = text.includes(needle.phrase);
    if (!isWhole && !needle.words.every((word) => text.includes(word))) continue;
    const rank = isWhole ? rankOf(entries[at]!, text, needle) : WORDS_APART;
    places[rank]!.push(at);
  }
  return places.flat();
}

function rankOf(entry: Entry, folded: string, { phrase, spaced }: Needle): number {
  const words = wordsOf(entry);
  let best = WORDS_APART;
  for (const [line, text] of folded.split('\n').entries()) {
    if (!text.includes(phrase)) continue;
    const field = line === 0 ? 0 : line <= entry.aliases.length ? 1 : 2;
    const rank = 2 * field + (words[line]!.includes(spaced) ? 0 : 1);
    if (rank < best) best = rank;
    // Later lines are never of a better field, but another alias may hold whole words.
    if (best % 2 === 0) break;
  }
  return best;
}

const spacedWords = new WeakMap<Entry, readonly string[]>();

/** The lines of an entry with their words kept apart; remembered, since entries of a snapshot live long. */
function wordsOf(entry: Entry): readonly string[] {
  let words = spacedWords.get(entry);
  if (words === undefined) {
    words = [entry.name, ...entry.aliases, ...entry.addresses].map(foldWords);
    spacedWords.set(entry, words);
  }
  return words;
}

/** " beijing example institute ": folded words, with a space around each. */
function foldWords(text: string): string {
  const words = text
    .split(/[\s\p{P}\p{S}]+/u)
    .map(foldName)
    .filter((word) => word !== '');
  return ` ${words.join(' ')} `;
}
