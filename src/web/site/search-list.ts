import { foldName } from '../../fold.ts';
import type { Entry } from '../../model.ts';
import { BETWEEN_WORDS, isShort } from '../../render/mark-found.ts';

/** What somebody searches for, in the forms in which it is compared. */
export interface Needle {
  /** As it was typed. */
  text: string;
  /** As it was typed, and in Latin letters where it was typed in others; the first is as it was typed. */
  spellings: readonly [Spelling, ...Spelling[]];
  /** Whether it has words in a script that cannot be read, so that only what is printed in that script is found. */
  isUnread: boolean;
}

/** One spelling of what is searched for. */
export interface Spelling {
  text: string;
  /** All of it, folded. */
  phrase: string;
  /** Each word of it, folded. */
  words: readonly string[];
}

/**
 * Null for marks alone, which fold to nothing and would find everything.
 *
 * @param readLatin readings of a text in other letters; null where it cannot be read
 */
export function readNeedle(
  text: string,
  readLatin: (text: string) => readonly string[] | null,
): Needle | null {
  const typed = readSpelling(text);
  if (typed === null) return null;
  const readings = readLatin(text);
  const read = (readings ?? []).map(readSpelling).filter((spelling) => spelling !== null);
  const others = new Map(read.map((spelling) => [spelling.phrase, spelling]));
  others.delete(typed.phrase);
  return { text: typed.text, spellings: [typed, ...others.values()], isUnread: readings === null };
}

function readSpelling(text: string): Spelling | null {
  const phrase = foldName(text);
  if (phrase === '') return null;
  // "Xi'an" is one word to whoever types it, though it is compared with two where it is printed so.
  const words = foldWords(text.replace(/(?<=\p{L})['’`ʼ](?=\p{L})/gu, ''));
  return { text: text.trim(), phrase, words: [...new Set(words.trim().split(' '))] };
}

/** Behind all that hold the phrase: those that hold its words, each somewhere. */
const WORDS_APART = 6;

/**
 * Places of the entries that hold what is searched for in one of its spellings, the best first: by name before alias
 * before address, as whole words before parts of words; of equals, in their order. Short words are found where a word
 * begins: "xian" in "Xi'an" and "Xianyang", not in "Baoxiang".
 *
 * @param folded the names, aliases and addresses of each entry, folded, one a line
 */
export function searchEntries(
  entries: readonly Entry[],
  folded: readonly string[],
  { spellings }: Needle,
): number[] {
  const places: number[][] = Array.from({ length: WORDS_APART + 1 }, () => []);
  const rankers = spellings.map(rankerOf);
  for (const [at, text] of folded.entries()) {
    let best = Number.POSITIVE_INFINITY;
    for (const rank of rankers) best = Math.min(best, rank(entries[at]!, text));
    places[best]?.push(at);
  }
  return places.flat();
}

/** Answers the rank of an entry, from 0 for the best, or infinity where it does not hold the spelling. */
function rankerOf({ phrase, words }: Spelling): (entry: Entry, folded: string) => number {
  const begins = beginning(phrase);
  const whole = new RegExp(`${begins.source} `, 'u');
  const needsBeginning = isShort(words[0]!);
  const short = words.filter(isShort).map(beginning);
  return (entry, folded) => {
    if (folded.includes(phrase)) {
      const lines = wordsOf(entry);
      let best = WORDS_APART;
      for (const [line, text] of folded.split('\n').entries()) {
        if (!text.includes(phrase) || (needsBeginning && !begins.test(lines[line]!))) continue;
        const field = line === 0 ? 0 : line <= entry.aliases.length ? 1 : 2;
        const rank = 2 * field + (whole.test(lines[line]!) ? 0 : 1);
        if (rank < best) best = rank;
        // Later lines are never of a better field, but another alias may hold whole words.
        if (best % 2 === 0) break;
      }
      if (best < WORDS_APART) return best;
    }
    if (!words.every((word) => folded.includes(word))) return Number.POSITIVE_INFINITY;
    const isHeld = short.every((word) => wordsOf(entry).some((line) => word.test(line)));
    return isHeld ? WORDS_APART : Number.POSITIVE_INFINITY;
  };
}

/** Finds folded letters in spaced words where a word begins, though they may go on in the next: "xian" in " xi an ". */
function beginning(word: string): RegExp {
  return new RegExp(` ${[...word].join(' ?')}`, 'u');
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
    .split(BETWEEN_WORDS)
    .map(foldName)
    .filter((word) => word !== '');
  return ` ${words.join(' ')} `;
}
