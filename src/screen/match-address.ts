import { ADDRESS_WORDS } from './address-words.ts';
import { latinReadings } from './latin-readings.ts';
import { PLACES } from './places.ts';
import { wordSimilarity } from './similarity.ts';

/** One word or number of an address. */
export interface AddressPart {
  text: string;
  kind: 'number' | 'word' | 'common' | 'place';
}

const MOST_PARTS = 32;
const WEIGHTS = { number: 1, word: 1, common: 0.15, place: 0.3 } as const;

/** Of parts that stand in each other's place, and of parts that only one address has. */
const INSTEAD = 1.5;
const MISSING = 0.35;

/** An address as words and numbers, without what "See alternate addresses" notes add. Linear, 32 parts at most. */
export function readAddress(address: string): AddressPart[] {
  const text = latinReadings(address.replace(/\((?:see|alternat)[^)]{0,200}\)/giu, ' '))[0] ?? '';
  const words = text
    .toLowerCase()
    .replace(/['’`]/gu, '')
    .split(/[^a-z0-9]+/u)
    .filter((word) => word !== '');
  const parts: AddressPart[] = [];
  for (const [at, word] of words.entries()) {
    if (parts.length === MOST_PARTS) break;
    const pair = PLACES.get(word + (words[at + 1] ?? ''));
    const place = PLACES.get(word) ?? pair;
    const common = ADDRESS_WORDS.get(word);
    if (/^\d+(?:st|nd|rd|th)$|^\d+$/u.test(word))
      parts.push({ text: String(Number.parseInt(word, 10)), kind: 'number' });
    else if (/\d/u.test(word) || word.length === 1) parts.push({ text: word, kind: 'number' });
    else if (common !== undefined) parts.push({ text: common, kind: 'common' });
    else if (place !== undefined) parts.push({ text: place, kind: 'place' });
    else parts.push({ text: word, kind: 'word' });
  }
  return parts;
}

/**
 * Whether an address is precise enough to be compared: a number and two telling words or numbers more. "Ghazni
 * City, Afghanistan" is none.
 */
export function isPrecise(parts: readonly AddressPart[]): boolean {
  const telling = new Set(
    parts.filter(({ kind }) => kind === 'word' || kind === 'number').map(({ text }) => text),
  );
  return (
    telling.size >= 3 &&
    parts.some(({ kind }) => kind === 'number') &&
    parts.some(({ kind }) => kind === 'word')
  );
}

/** 0 to 1: whether two addresses are one place. Numbers must agree, words may be misspelled or left out. */
export function compareAddresses(a: readonly AddressPart[], b: readonly AddressPart[]): number {
  const free = new Set(b);
  let matched = 0;
  let words = 0;
  let left = 0;
  for (const part of a) {
    let best: AddressPart | null = null;
    let likeness = 0;
    for (const other of free) {
      const alike =
        part.text === other.text
          ? 1
          : part.kind === 'word' && other.kind === 'word' && part.text.length > 3
            ? wordSimilarity(part.text, other.text)
            : 0;
      if (alike > likeness && (alike === 1 || alike >= 0.75)) {
        best = other;
        likeness = alike;
        if (alike === 1) break;
      }
    }
    if (best === null) left += WEIGHTS[part.kind];
    else {
      free.delete(best);
      matched += likeness * Math.min(WEIGHTS[part.kind], WEIGHTS[best.kind]);
      if (part.kind === 'word') words += 1;
    }
  }
  let right = 0;
  for (const part of free) right += WEIGHTS[part.kind];
  if (matched === 0 || words === 0) return 0;
  return matched / (matched + INSTEAD * Math.min(left, right) + MISSING * Math.abs(left - right));
}
