/**
 * Beginnings and ends of the syllables of pinyin; a few of their pairs do not occur, which does no harm here. None
 * begins with "i", "u" or "v", or many a word of English would be one.
 */
const SYLLABLE =
  /^(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)(?:i|ia|iao|ie|iu|ian|in|iang|ing|iong|u|ua|uo|uai|ui|uan|un|uang|ue|v|ve)|(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|ong|er))$/u;
/** Syllables of the longest word that is looked for: "hang kong hang tian da xue". */
const MOST = 8;

/**
 * Joins syllables of pinyin that are written apart, where they make words that are known: "bei jing li gong da xue" is
 * "beijing ligong daxue", and syllables of names stay as they are. Of several ways the one that leaves the fewest
 * syllables over counts ("ji suan ji shu" is no "jisuanji shu"), and of those the one with the fewest words.
 */
export function joinSyllables(words: readonly string[], isKnown: (word: string) => boolean): string[] {
  if (words.length < 2) return [...words];
  // From each place on: how many syllables are left over, how many words there are, and how long the first one is.
  const left = new Uint16Array(words.length + 1);
  const count = new Uint16Array(words.length + 1);
  const first = new Uint8Array(words.length + 1);
  let run = 0;
  for (let at = words.length - 1; at >= 0; at -= 1) {
    run = SYLLABLE.test(words[at]!) ? run + 1 : 0;
    left[at] = left[at + 1]! + (run > 0 ? 1 : 0);
    count[at] = count[at + 1]! + 1;
    first[at] = 1;
    for (let length = 2; length <= Math.min(run, MOST); length += 1) {
      const [over, rest] = [left[at + length]!, count[at + length]! + 1];
      if (over > left[at]! || (over === left[at]! && rest > count[at]!)) continue;
      if (!isKnown(words.slice(at, at + length).join(''))) continue;
      [left[at], count[at], first[at]] = [over, rest, length];
    }
  }
  const joined: string[] = [];
  for (let at = 0; at < words.length; at += first[at]!)
    joined.push(words.slice(at, at + first[at]!).join(''));
  return joined;
}

/** Letters of the shortest word that is split. */
const LEAST = 8;
const LONGEST_SYLLABLE = 6;
const split = new Map<string, readonly string[]>();
const MOST_SPLIT = 50_000;

/**
 * Parts a word of pinyin that was written without spaces, where a third of it at least is words that are known:
 * "sichuandaxue" is "sichuan daxue". What is between them stays together, and any other word stays as it is.
 */
export function splitPinyin(word: string, isKnown: (word: string) => boolean): readonly string[] {
  if (word.length < LEAST || !/^[a-z]+$/u.test(word)) return [word];
  const before = split.get(word);
  if (before !== undefined) return before;
  const parts = partsOf(word, isKnown);
  if (split.size >= MOST_SPLIT) split.clear();
  split.set(word, parts);
  return parts;
}

const AFTER_PLACES = new Set(['shi', 'sheng']);

/** The best way to read a word up to some letter. */
interface Way {
  /** Letters that known words cover, and of how many words. */
  covered: number;
  words: number;
  /** Where the last part begins, and whether it is a known word. */
  from: number;
  known: boolean;
}

function partsOf(word: string, isKnown: (word: string) => boolean): readonly string[] {
  const ways: (Way | undefined)[] = [{ covered: 0, words: 0, from: 0, known: true }];
  for (let from = 0; from < word.length; from += 1) {
    const way = ways[from];
    if (way === undefined) continue;
    for (let to = from + 1; to <= word.length; to += 1) {
      const part = word.slice(from, to);
      // A syllable alone is part of a name, but for Xi'an in front, and "shi" or "sheng" (city, province) behind a word.
      const known = SYLLABLE.test(part)
        ? (part === 'xian' && from === 0) || (AFTER_PLACES.has(part) && from > 0 && way.known)
        : part.length >= 4 && isKnown(part) && isPinyin(part);
      if (!known && (part.length > LONGEST_SYLLABLE || !SYLLABLE.test(part))) continue;
      const covered = way.covered + (known && !AFTER_PLACES.has(part) ? part.length : 0);
      const words = way.words + 1;
      const best = ways[to];
      if (best === undefined || covered > best.covered || (covered === best.covered && words < best.words))
        ways[to] = { covered, words, from, known };
    }
  }
  const end = ways[word.length];
  if (end === undefined || end.covered * 3 < word.length) return [word];
  const parts: string[] = [];
  let rest = '';
  for (let to = word.length; to > 0; ) {
    const { from, known } = ways[to]!;
    const part = word.slice(from, to);
    if (known) {
      if (rest !== '') parts.push(rest);
      parts.push(part);
      rest = '';
    } else rest = part + rest;
    to = from;
  }
  if (rest !== '') parts.push(rest);
  return parts.reverse();
}

/** Whether a word is one syllable of pinyin, as a surname is. */
export const isSyllable = (word: string) => SYLLABLE.test(word);

/** Whether a word can be read as syllables of pinyin. */
export function isPinyin(word: string): boolean {
  const reached = [true];
  for (let from = 0; from < word.length; from += 1)
    if (reached[from])
      for (let to = from + 1; to <= Math.min(word.length, from + LONGEST_SYLLABLE); to += 1)
        if (SYLLABLE.test(word.slice(from, to))) reached[to] = true;
  return reached[word.length] === true;
}
