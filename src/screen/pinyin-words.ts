import { pinyin } from 'pinyin-pro';
import { TRANSLATIONS } from './chinese-lexicon.ts';
import { isSyllable } from './join-syllables.ts';

/** Fewer letters are two syllables of many a name; and one syllable may be a surname (立昂 is "liang"). */
const LEAST_LETTERS = 5;

/**
 * Chinese words by their pinyin without spaces, in plain letters, with what they are translated as: "weidianzi" is
 * "Microelectronics". Of words that are spelled alike the first of the table counts.
 */
export const PINYIN_WORDS: ReadonlyMap<string, string> = (() => {
  const words = new Map<string, string>();
  for (const [characters, translation] of TRANSLATIONS) {
    const spelled = pinyin(characters, { toneType: 'none', type: 'array' }).join('').replaceAll('ü', 'u');
    if (translation === '' || characters.length < 2 || words.has(spelled)) continue;
    if (spelled.length >= LEAST_LETTERS && !isSyllable(spelled)) words.set(spelled, translation);
  }
  return words;
})();
