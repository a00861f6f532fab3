import { Converter } from 'opencc-js/t2cn';
import { pinyin } from 'pinyin-pro';
import { TRANSLATIONS } from './chinese-lexicon.ts';
import { CHINESE_PLACES } from './chinese-places.ts';
import { readNumberCharacters } from './number-characters.ts';

const LONGEST = Math.max(...[...TRANSLATIONS.keys(), ...CHINESE_PLACES].map((word) => word.length));
const isWord = (text: string) => TRANSLATIONS.has(text) || CHINESE_PLACES.has(text);

/** Loading the table of characters takes 20 ms: a process that meets no traditional character is spared. */
let simplify: ((text: string) => string) | undefined;

/** One stretch of a name: a word of the table with its translation, a numeral, or characters between those. */
interface Piece {
  characters: string;
  translation: string | null;
}

/** Takes the longest word of the table at each place; what is between the words stays together. */
function split(text: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = '';
  const flush = () => {
    const numeral = /第([〇零一二三四五六七八九十百]{1,7})$|([〇零一二三四五六七八九十百]{2,7})$/u.exec(rest);
    const number = numeral ? readNumberCharacters((numeral[1] ?? numeral[2])!) : null;
    const word = number === null ? rest : rest.slice(0, numeral!.index);
    if (word !== '') pieces.push({ characters: word, translation: null });
    if (number !== null) pieces.push({ characters: numeral![0], translation: String(number) });
    rest = '';
  };
  for (let at = 0; at < text.length; ) {
    let length = Math.min(LONGEST, text.length - at);
    while (length > 0 && !isWord(text.slice(at, at + length))) length -= 1;
    const word = text.slice(at, at + Math.max(length, 1));
    // 第 begins an ordinal, which the characters before the next word complete.
    if (length === 0 || word === '第') rest += word;
    else {
      flush();
      pieces.push({ characters: word, translation: TRANSLATIONS.get(word) ?? null });
    }
    at += word.length;
  }
  flush();
  return pieces;
}

const spell = (characters: string) =>
  pinyin(characters, { toneType: 'none', type: 'array', nonZh: 'removed' }).join('').replaceAll('ü', 'u');

/** Numbers, and the two provinces that pinyin without tones does not tell apart: never spelled. */
const KEPT = /^(?:\d+|Shaanxi|Shan1xi1)$/u;

/**
 * A stretch of Chinese characters in Latin letters, in each way in which a list may print it: words of the trade
 * translated and the rest in pinyin; and all of it in pinyin. Both have spaces between words.
 */
export function readHan(characters: string): string[] {
  simplify ??= Converter({ from: 'tw', to: 'cn' }) as (text: string) => string;
  const pieces = split(simplify(characters));
  const translated = pieces.map((piece) => piece.translation ?? spell(piece.characters));
  const spelled = pieces.map((piece) =>
    KEPT.test(piece.translation ?? '') ? piece.translation! : spell(piece.characters),
  );
  return [...new Set([translated.join(' '), spelled.join(' ')])];
}
