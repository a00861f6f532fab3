import { editDistance } from './edit-distance.ts';
import { isPinyin, joinSyllables, splitPinyin } from './join-syllables.ts';
import { latinReadings } from './latin-readings.ts';
import {
  ABBREVIATIONS,
  AMBIGUOUS_FORMS,
  KNOWN_WORDS,
  PHRASE_WORDS,
  PHRASES,
  PLAIN_PHRASE_WORDS,
} from './lexicon.ts';
import { FOREIGN } from './places.ts';
import { makeToken, type Token } from './token.ts';

/** More words than this are left out: no name has as many, and comparing is quadratic in them. */
export const MOST_TOKENS = 24;

/** One way to read a name. */
export interface Reading {
  tokens: Token[];
  /** Per token the words of the (transliterated) name that it stands for. */
  printed: string[];
}

/** Tokens of words seen so far. Words repeat: a million names have some ten thousand different ones. */
const seen = new Map<string, Token>();
const MOST_SEEN = 100_000;

/** Letters of the shortest word of the tables that a misspelled one can be: "Motor" is near "Rotor". */
const LEAST_MEANT = 7;
/** The same, of a word of pinyin: shorter ones are near the names of many firms. */
const LEAST_PINYIN = 10;
/** Two words of pinyin below this are two names: "zhongyuan" is no "zhongduan" misspelled. */
const LEAST_MEANT_PINYIN = 12;
/** Shorter words that are taken for misspelled all the same: they stand in legal forms, or are numbers. */
const MEANT_TOO = new Set(['closed', 'public', 'second', 'fourth', 'eighth', 'eleven', 'twelve', 'twenty']);

/** Words of the tables by their first letter, for words that are misspelled. */
const LONG_KNOWN = (() => {
  const long = new Map<string, string[]>();
  const plain = [...KNOWN_WORDS].filter(([, { kind }]) => kind !== 'particle' && kind !== 'title');
  for (const word of new Set([...plain.map(([known]) => known), ...PHRASE_WORDS])) {
    const plain = KNOWN_WORDS.has(word) || PLAIN_PHRASE_WORDS.has(word);
    if (word.length < (plain ? LEAST_MEANT : LEAST_PINYIN) && !MEANT_TOO.has(word)) continue;
    const same = long.get(word[0]!);
    if (same) same.push(word);
    else long.set(word[0]!, [word]);
  }
  return long;
})();

/** Words seen so far, with what they were taken for. */
const taken = new Map<string, string | null>();

/**
 * The word of the tables that a misspelled one is ("Technlogy", "Copmaany"), or null: one letter apart, or two from
 * ten letters on, and from eight where it is a legal form, which no person is named after.
 */
function misspelled(word: string): string | null {
  if (word.length < LEAST_MEANT - 2) return null;
  const before = taken.get(word);
  if (before !== undefined) return before;
  let found: string | null = null;
  let least = word.length < 8 ? 2 : 3;
  const named = word.length < LEAST_MEANT_PINYIN && isPinyin(word);
  for (const known of LONG_KNOWN.get(word[0]!) ?? []) {
    if (Math.abs(known.length - word.length) >= least) continue;
    const apart = editDistance(known, word, least - 1);
    if (apart === 2 && word.length < 10 && KNOWN_WORDS.get(known)?.kind !== 'legal') continue;
    if (apart < least && !(named && isPinyin(known))) [found, least] = [known, apart];
  }
  if (taken.size >= MOST_SEEN) taken.clear();
  taken.set(word, found);
  return found;
}

/** Digits that stand for letters within a word: "Sech1n", "Ig0r". */
const LEET: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 5: 's', 9: 'g' };

function classify(word: string): Token {
  if (/^\d+$/u.test(word)) return makeToken(word.replace(/^0+(?=\d)/u, ''), 'number', word);
  const ordinal = /^(\d+)(?:st|nd|rd|th)$/u.exec(word);
  if (ordinal) return makeToken(ordinal[1]!, 'number', word);
  if (/\d/u.test(word)) {
    const unmasked = word.replace(
      /(?<=[a-z])[01359](?=[a-z]|$)|^[01359](?=[a-z]{3})/gu,
      (digit) => LEET[digit]!,
    );
    if (/^[a-z]{4,}$/u.test(unmasked) && /[a-z].*[a-z].*[a-z]/u.test(word)) return classify(unmasked);
    return makeToken(word, 'number');
  }
  if (word.length === 1) return makeToken(word, 'initial');
  const meant = KNOWN_WORDS.get(misspelled(word) ?? '');
  return meant ? makeToken(meant.text, meant.kind, word) : makeToken(word, 'word');
}

function tokenOf(word: string): Token {
  const known = KNOWN_WORDS.get(word) ?? seen.get(word);
  if (known) return known;
  const token = classify(word);
  if (seen.size >= MOST_SEEN) seen.clear();
  seen.set(word, token);
  return token;
}

/** One letter between words that stands for "and". */
const AND = /(?<=\s)[iye](?=\s)/gu;

/**
 * Words of a transliterated name. "A.B.C.", "A/S" and "A B C" are one word each, and an apostrophe parts none
 * ("Xi'an").
 */
function splitWords(text: string): string[] {
  const words = text
    .replace(AND, '&')
    .toLowerCase()
    .replace(/(?<=[a-z0-9])['’`](?=[a-z])|(?<=[a-z])['’`](?=\s|$)/gu, '')
    .replace(/(?<=\b[a-z])[./](?=[a-z]\b)/gu, '')
    .replaceAll('&', ' and ')
    .split(/[^a-z0-9]+/u)
    .filter((word) => word !== '');
  const joined: string[] = [];
  let letters = '';
  for (const word of words) {
    if (word.length === 1 && word >= 'a') letters += word;
    else {
      if (letters !== '') joined.push(letters);
      letters = '';
      joined.push(word);
    }
    if (joined.length > MOST_TOKENS * 2) return joined;
  }
  if (letters !== '') joined.push(letters);
  return joined;
}

/** A known word that is written as two: "Bei jing", "Micro electronics". */
function pairOf(word: string, next: string | undefined): Token | undefined {
  if (next === undefined || word.length + next.length < 5) return undefined;
  const token = KNOWN_WORDS.get(word + next);
  if (token?.kind === 'place') return token;
  return token?.kind === 'generic' && token.spelled.length >= 6 ? token : undefined;
}

/** A word that syllables may make: of four letters at least ("ke ji"), or names would be words. */
const isJoined = (word: string) => word.length >= 4 && (isTrade(word) || PHRASE_WORDS.has(word));
/** The same, in a name that is taken letter by letter. */
const isJoinedPlain = (word: string) => word.length >= 4 && (isTrade(word) || PLAIN_PHRASE_WORDS.has(word));
const isTrade = (word: string) => {
  const token = KNOWN_WORDS.get(word);
  return token?.kind === 'generic' || (token?.kind === 'place' && !FOREIGN.has(token.text));
};

/** The short form of a name behind it, as the lists print them: "(BUAA)", "(CETC 14)", "(CETC-7)", "(NSCC-TJ)". */
const ABBREVIATION = /\s\([A-Z]{2,8}(?:-[A-Z]{1,4})?(?:[ -]?\d{1,4})?\)/u;

/** The word of the tables that an abbreviation or a misspelled word stands for, or the word itself. */
function meantBy(word: string): string {
  if (KNOWN_WORDS.has(word)) return ABBREVIATIONS[word] ?? word;
  return PHRASE_WORDS.has(word) ? word : (misspelled(word) ?? word);
}

/** "City" and "province" in pinyin: behind a place they say nothing, elsewhere they are names. */
const OF_PLACES = new Set(['shi', 'sheng']);

/** `plain` leaves words of pinyin as they are. */
function readTokens(text: string, plain = false): Reading & { pinyin: boolean } {
  const isKnown = plain ? isJoinedPlain : isJoined;
  let pinyin = false;
  const apart = splitWords(text).flatMap((word) =>
    KNOWN_WORDS.has(word) || PHRASES.has(word) ? word : splitPinyin(word, isJoined),
  );
  const words = joinSyllables(apart, isKnown);
  const meant = words.map(meantBy);
  const tokens: Token[] = [];
  const printed: string[] = [];
  const push = (token: Token, from: number, to: number) => {
    tokens.push(token);
    printed.push(words.slice(from, to).join(' '));
  };
  for (let at = 0; at < words.length && tokens.length < MOST_TOKENS; ) {
    const word = words[at]!;
    const phrase = PHRASES.get(meant[at]!)?.find(
      (one) => !(plain && one.pinyin) && one.words.every((each, offset) => meant[at + offset] === each),
    );
    if (phrase) {
      pinyin ||= phrase.pinyin === true;
      for (const token of phrase.tokens) push(token, at, at + phrase.words.length);
      at += phrase.words.length;
      continue;
    }
    const pair = pairOf(word, words[at + 1]);
    const edge = at === 0 || at === words.length - 1 || tokens.at(-1)?.kind === 'legal';
    const small =
      (!edge && AMBIGUOUS_FORMS.has(word)) || (OF_PLACES.has(word) && tokens.at(-1)?.kind === 'place');
    const token = small ? makeToken(word, 'particle') : tokenOf(word);
    push(pair ?? token, at, at + (pair ? 2 : 1));
    at += pair ? 2 : 1;
  }
  // A name of legal forms and small words alone has nothing else to be found by.
  if (tokens.every(({ weight }) => weight < 0.2))
    return { tokens: tokens.map(({ spelled }) => makeToken(spelled, 'word')), printed, pinyin };
  return { tokens, printed, pinyin };
}

/**
 * A name as words of known kinds, in each way in which it can be read: one way for most names, two for one with
 * Chinese characters or with a word of pinyin (which may be a name that sounds like it: "Xintuo" is "trust"), and
 * twice as many for one with its own abbreviation in brackets. A name of punctuation alone has no token. Linear in
 * the name, which is cut at 400 units.
 */
export function normaliseName(name: string): Reading[] {
  const texts = latinReadings(name);
  const readings = texts.flatMap((text) => {
    const bare = text.replace(ABBREVIATION, ' ');
    const both = /[A-Za-z]/u.test(bare) && bare !== text ? [text, bare] : [text];
    return both.map((one) => ({ one, reading: readTokens(one) }));
  });
  // A name in characters has been read in both ways already.
  if (texts.length > 1) return readings.map(({ reading }) => reading);
  const literal = readings.flatMap(({ one, reading }) => {
    const other = reading.pinyin ? readTokens(one, true) : reading;
    const same =
      other.tokens.length === reading.tokens.length &&
      other.tokens.every(({ text }, at) => text === reading.tokens[at]!.text);
    return same ? [] : [other];
  });
  return [...readings.map(({ reading }) => reading), ...literal];
}
