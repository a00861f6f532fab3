const UNITS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

const VALUES = new Map<string, number>([
  ...UNITS.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, (index + 2) * 10] as const),
]);

const WORD = `(?:${[...TENS, ...UNITS].sort((a, b) => b.length - a.length).join('|')})`;

/**
 * A whole number below 10,000 as rules write it: "70", "1,106", "forty-two", "one hundred and fourteen",
 * "thirty-three (33)", "a dozen". For use inside other patterns; has no groups.
 */
export const NUMBER_PATTERN = `(?:\\d{1,3},\\d{3}|\\d{1,4}|(?:half (?:a )?dozen|(?:an?|${WORD}) dozen|${WORD} hundred(?: and)?(?:[ -]${WORD}(?:[ -]${WORD})?)?|${WORD}(?:[ -]${WORD})?)(?: \\(\\d{1,4}\\))?)(?![\\w%])`;

/** The value of text that `NUMBER_PATTERN` matched; null for anything else. */
export function readNumber(text: string): number | null {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/\s*\(\d+\)$/u, '');
  if (/^\d{1,3}(?:,\d{3})*$|^\d+$/u.test(plain)) return Number(plain.replaceAll(',', ''));
  if (/^half (?:a )?dozen$/u.test(plain)) return 6;
  let total = 0;
  for (const word of plain.split(/[\s-]+/u)) {
    if (word === 'and') continue;
    if (word === 'dozen') return 12 * total;
    if (/^an?$/u.test(word)) {
      total = 1;
      continue;
    }
    if (word === 'hundred') {
      total *= 100;
      continue;
    }
    const value = VALUES.get(word);
    if (value === undefined) return null;
    total += value;
  }
  return total;
}
