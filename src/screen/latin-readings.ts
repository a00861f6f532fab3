import anyAscii from 'any-ascii';
import { foldName } from '../fold.ts';
import { readHan } from './read-han.ts';

/** Longer names are cut: no name is longer, and everything after this is bounded by it. */
export const LONGEST_NAME = 400;

/** The two provinces that lose what tells them apart with their tones: 山西 is Shānxī, 陕西 Shǎnxī. */
const TONED: readonly [RegExp, string][] = [
  [/shān\s?xī/giu, 'Shan1xi1'],
  [/shǎn\s?xī/giu, 'Shaanxi'],
];

const HAN = /\p{Script=Han}+/gu;

/** Whether the letters that print like Latin ones are meant as such, in a name that is Latin otherwise. */
function unmask(text: string): string {
  const latin = (text.match(/\p{Script=Latin}/gu) ?? []).length;
  return text.replace(/[\p{L}\p{M}]+/gu, (word) => {
    const masked = /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word);
    if (!masked) return word;
    const mixed = /\p{Script=Latin}/u.test(word);
    if (!mixed && latin === 0) return word;
    const folded = foldName(word);
    // A Cyrillic word beside Latin ones is a look-alike only where each of its letters is one.
    return /^[a-z]+$/u.test(folded) ? folded : word;
  });
}

/**
 * A name in plain Latin letters, in each way in which it may be read: one for most, two with Chinese characters.
 * Diacritics and tones are gone, other scripts are transliterated, and look-alikes are what they look like.
 */
export function latinReadings(name: string): string[] {
  const text = name.slice(0, LONGEST_NAME);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is all of ASCII, as nearly every name.
  if (/^[\x00-\x7f]*$/u.test(text)) return [text];
  const composed = TONED.reduce((so, [toned, by]) => so.replace(toned, by), text.normalize('NFKC'));
  const plain = unmask(composed);
  if (plain.search(HAN) < 0) {
    const readings = [toAscii(plain)];
    // A name of look-alikes alone may be either: "АСМЕ" is Cyrillic, or "ACME" in disguise.
    const folded = /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(plain)
      ? plain.replace(/[\p{L}\p{M}]+/gu, (word) => foldName(word))
      : '';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is all of ASCII.
    if (/^[\x00-\x7f]+$/u.test(folded)) readings.push(folded);
    return [...new Set(readings)];
  }
  const readings = [0, 1].map((which) =>
    plain.replace(HAN, (characters) => {
      const found = readHan(characters);
      return ` ${found[Math.min(which, found.length - 1)]!} `;
    }),
  );
  return [...new Set(readings.map(toAscii))];
}

function toAscii(text: string): string {
  const ascii = anyAscii(text);
  return ascii.length > LONGEST_NAME * 2 ? ascii.slice(0, LONGEST_NAME * 2) : ascii;
}
