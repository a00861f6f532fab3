import { soundOf } from './sound.ts';

/**
 * What a word of a name is, which says how much it tells.
 * `word` tells names apart, `generic` says what a firm does, `legal` is its legal form, `initial` one letter.
 */
export type TokenKind = 'word' | 'generic' | 'place' | 'number' | 'initial' | 'title' | 'particle' | 'legal';

/** One word of a name in plain lower-case letters and digits, in the one spelling that stands for all. */
export interface Token {
  text: string;
  /** As it is spelled in the name, without spaces. */
  spelled: string;
  kind: TokenKind;
  /** How much it counts, beside 1 for a word that tells names apart. */
  weight: number;
  /** Which letters it has, a bit each: two words of few common letters need no closer look. */
  letters: number;
  /** The same for words of the same letters in another order: "Luarel" and "Laurel". */
  anagram: number;
  /** How it sounds, and the letters of that. */
  sound: string;
  soundLetters: number;
}

/** Chosen on the first half of the labelled pairs. */
const WEIGHTS: Readonly<Record<TokenKind, number>> = {
  word: 1,
  place: 0.45,
  number: 0.45,
  generic: 0.3,
  initial: 0.4,
  title: 0.06,
  particle: 0.06,
  legal: 0,
};

/** Makes a token; a word of one or two letters counts less, since such words are many firms' and persons'. */
export function makeToken(text: string, kind: TokenKind, spelled = text): Token {
  const short = kind === 'word' ? (text.length <= 2 ? 0.65 : text.length === 3 ? 0.85 : 1) : 1;
  let anagram = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // A sum does not know the order; each letter's part of it is spread over all bits.
    anagram = (anagram + Math.imul(unit ^ (unit << 13), 0x9e3779b1)) | 0;
  }
  const sound = soundOf(text);
  return {
    ...{
      text,
      spelled,
      kind,
      weight: WEIGHTS[kind] * short,
      letters: lettersOf(text),
      anagram: anagram >>> 0,
    },
    ...{ sound, soundLetters: lettersOf(sound) },
  };
}

function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) letters |= 1 << (text.charCodeAt(at) & 31);
  return letters;
}
