import { CHINESE_FIRMS } from './chinese-firms.ts';
import { CHINESE_PLACE_NAMES } from './chinese-places.ts';
import { CHINESE_TRADES } from './chinese-trades.ts';
import { CHINESE_WORDS } from './chinese-words.ts';

/** All Chinese words with a translation; of words that are spelled alike in pinyin an earlier table counts. */
export const TRANSLATIONS: ReadonlyMap<string, string> = new Map(
  [CHINESE_WORDS, CHINESE_PLACE_NAMES, CHINESE_FIRMS, CHINESE_TRADES].flatMap((table) =>
    Object.entries(table),
  ),
);
