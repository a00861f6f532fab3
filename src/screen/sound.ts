/** Letters that one sound is written with in other transliterations, in the order in which they are joined. */
const SOUNDS: readonly [RegExp, string][] = [
  [/tsch|tch|tsh/gu, 'c'],
  [/shch|sch|sh/gu, 's'],
  [/dzh|zh|dj/gu, 'j'],
  [/ch|tz|ts|cz/gu, 'c'],
  [/kh|gh|qh/gu, 'h'],
  [/ph/gu, 'f'],
  [/th|dt/gu, 't'],
  [/dh/gu, 'd'],
  [/ck|q|k/gu, 'k'],
  [/c(?=[eiy])/gu, 's'],
  [/x/gu, 'ks'],
  [/w/gu, 'v'],
  [/z/gu, 's'],
  [/oo|ou|o/gu, 'u'],
  [/(?<=[aeiou])[yj]|[yj]$/gu, 'i'],
  [/ee|ea|ie|ei|e|y/gu, 'i'],
  [/(.)\1+/gu, '$1'],
  [/(?<=[aiu])h$/gu, ''],
];

const sounds = new Map<string, string>();

/** How a word sounds, roughly: the same for "Mahmood" and "Mahmoud", "Zelensky" and "Selenskyj". */
export function soundOf(word: string): string {
  const known = sounds.get(word);
  if (known !== undefined) return known;
  let sound = word;
  for (const [pattern, by] of SOUNDS) sound = sound.replace(pattern, by);
  if (sounds.size > 50_000) sounds.clear();
  sounds.set(word, sound);
  return sound;
}
