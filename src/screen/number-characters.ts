const DIGITS: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/** Chinese numerals below a thousand as a number ("十四" → 14, "七一四" → 714), or null for anything else. */
export function readNumberCharacters(text: string): number | null {
  if (!/^[〇零一二三四五六七八九十百]{1,7}$/u.test(text)) return null;
  if (!/[十百]/u.test(text)) return Number([...text].map((character) => DIGITS[character]).join(''));
  let sum = 0;
  let digit = 0;
  for (const character of text) {
    if (character === '百') sum += (digit || 1) * 100;
    else if (character === '十') sum += (digit || 1) * 10;
    digit = DIGITS[character] ?? 0;
  }
  return sum + digit;
}
