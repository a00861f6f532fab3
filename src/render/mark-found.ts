import { foldName } from '../fold.ts';

/** A run of text, with whether it is what was searched for. */
export interface Piece {
  text: string;
  isFound: boolean;
}

/**
 * Whether a folded word is found only where a word begins. A longer one stands inside others where they are written
 * together ("optics" in "Microoptics"), and in Chinese nothing tells where a word begins.
 */
export const isShort = (word: string) => /^[a-z0-9]{1,4}$/u.test(word);

/** What parts words. */
export const BETWEEN_WORDS = /[\s\p{P}\p{S}]+/u;

/**
 * Cuts a text where folded words stand in it, so that what was found can be marked: “Institut für” is found by
 * "institutfur". The pieces together spell the text exactly.
 *
 * @param phrase all that was searched for, folded (`foldName`)
 * @param words its words, folded; they are marked where the phrase does not occur, short ones where a word begins
 */
export function markFound(text: string, phrase: string, words: readonly string[]): Piece[] {
  const { folded, starts, ends } = foldWithPlaces(text);
  const isBeginning = ([from]: Range) => {
    const before = [...text.slice(Math.max(0, starts[from]! - 2), starts[from]!)].at(-1);
    return before === undefined || BETWEEN_WORDS.test(before);
  };
  const placesOf = (needle: string, first: string) =>
    rangesOf(folded, needle).filter((range) => !isShort(first) || isBeginning(range));
  const ranges = placesOf(phrase, words[0] ?? '');
  const found = ranges.length > 0 ? ranges : words.flatMap((word) => placesOf(word, word));
  const pieces: Piece[] = [];
  let at = 0;
  for (const [from, to] of found.sort((a, b) => a[0] - b[0])) {
    const start = Math.max(at, starts[from]!);
    const end = ends[to - 1]!;
    if (end <= start) continue;
    if (start > at) pieces.push({ text: text.slice(at, start), isFound: false });
    pieces.push({ text: text.slice(start, end), isFound: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isFound: false });
  return pieces;
}

/** The folded text, with where in the text each of its units begins and ends. */
function foldWithPlaces(text: string): { folded: string; starts: number[]; ends: number[] } {
  let folded = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    const form = foldName(character);
    for (let unit = 0; unit < form.length; unit += 1) {
      starts.push(at);
      ends.push(at + character.length);
    }
    folded += form;
    at += character.length;
  }
  return { folded, starts, ends };
}

type Range = [from: number, to: number];

function rangesOf(folded: string, needle: string): Range[] {
  if (needle === '') return [];
  const ranges: Range[] = [];
  for (let at = folded.indexOf(needle); at >= 0; at = folded.indexOf(needle, at + needle.length))
    ranges.push([at, at + needle.length]);
  return ranges;
}
