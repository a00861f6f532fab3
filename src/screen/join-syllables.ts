/** Beginnings and ends of the syllables of pinyin; a few of their pairs do not occur, which does no harm here. */
const SYLLABLE =
  /^(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|ong|er|i|ia|iao|ie|iu|ian|in|iang|ing|iong|u|ua|uo|uai|ui|uan|un|uang|ue|v|ve)$/u;
/** Syllables of the longest word that is looked for: "gong cheng wu li". */
const MOST = 4;

/**
 * Joins syllables of pinyin that are written apart, where they make a word that is known: "bei jing li gong da
 * xue" is "beijing ligong daxue", and syllables of names stay as they are. The longest word wins.
 */
export function joinSyllables(words: readonly string[], isKnown: (word: string) => boolean): string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; ) {
    let count = 0;
    while (count < MOST && at + count < words.length && SYLLABLE.test(words[at + count]!)) count += 1;
    while (count > 1 && !isKnown(words.slice(at, at + count).join(''))) count -= 1;
    joined.push(words.slice(at, at + Math.max(count, 1)).join(''));
    at += Math.max(count, 1);
  }
  return joined;
}
