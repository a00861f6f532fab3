type Random = () => number;

const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)]!;

/** What turns up where it should not: ends of strings and files, other scripts, what turns text, markup, formulas. */
const ODD = [
  '\0',
  '\uFEFF',
  '\u202E',
  '\u200B',
  '\uD800',
  '\u00A0',
  '\u2028',
  '\r\n',
  '\t',
  'и',
  '中',
  '🚩',
  '“',
  '”',
  '—',
  '§',
  '*',
  '(',
  ')',
  ';',
  ',',
  '.',
  '"',
  "'",
  '<',
  '>',
  '&',
  '&amp;',
  '&#0;',
  '&j;',
  '<!DOCTYPE x>',
  ']]>',
  '<!--',
  '</P>',
  '<ROW>',
  '=1+1',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  '%00',
  '__proto__',
  'null',
  '-1',
  '1e999',
  '99999999999999999999',
  'one hundred and ',
  'a.k.a., the following ',
  'under the destination of ',
];

/** Each makes one change to a text, and says which. */
const CHANGES: Record<string, (text: string, random: Random, other: string) => string> = {
  'cut off': (text, random) => text.slice(0, Math.floor(random() * text.length)),
  'left out': (text, random) => {
    const [from, to] = range(text, random);
    return text.slice(0, from) + text.slice(to);
  },
  doubled: (text, random) => {
    const [from, to] = range(text, random);
    return text.slice(0, to) + text.slice(from);
  },
  moved: (text, random) => {
    const [from, to] = range(text, random);
    const rest = text.slice(0, from) + text.slice(to);
    const at = Math.floor(random() * rest.length);
    return rest.slice(0, at) + text.slice(from, to) + rest.slice(at);
  },
  odd: (text, random) => {
    const at = Math.floor(random() * text.length);
    return text.slice(0, at) + pick(ODD, random) + text.slice(at);
  },
  changed: (text, random) => {
    const at = Math.floor(random() * text.length);
    return text.slice(0, at) + String.fromCharCode(32 + Math.floor(random() * 224)) + text.slice(at + 1);
  },
  'another number': (text, random) => {
    const numbers = [...text.matchAll(/\d+/gu)];
    if (numbers.length === 0) return text;
    const found = pick(numbers, random);
    const number = String(Math.floor(random() * 10 ** (1 + Math.floor(random() * 5))));
    return text.slice(0, found.index) + number + text.slice(found.index + found[0].length);
  },
  'a piece of another': (text, random, other) => {
    const [from, to] = range(other, random);
    const at = Math.floor(random() * text.length);
    return text.slice(0, at) + other.slice(from, to) + text.slice(at);
  },
  'many times': (text, random) => {
    const [from] = range(text, random);
    const piece = text.slice(from, from + 1 + Math.floor(random() * 20));
    return text.slice(0, from) + piece.repeat(2_000) + text.slice(from);
  },
};

/** A piece of a text, mostly short: its two ends. */
function range(text: string, random: Random): [number, number] {
  const from = Math.floor(random() * text.length);
  return [from, Math.min(text.length, from + 1 + Math.floor(random() ** 4 * text.length))];
}

/**
 * A text after one to four changes, or after exactly one. Bytes are handed over as latin1, where each is a character.
 */
export function mutate(
  text: string,
  { random, other, most = 4 }: { random: Random; other: string; most?: number },
): { text: string; what: string[] } {
  const what: string[] = [];
  for (let left = 1 + Math.floor(random() * most); left > 0; left -= 1) {
    const [name, change] = pick(Object.entries(CHANGES), random);
    text = change(text, random, other);
    what.push(name);
  }
  return { text, what };
}
