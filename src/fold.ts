/**
 * Cyrillic and Greek letters that print like Latin ones. The list holds some ("Со., Ltd." with two Cyrillic
 * letters), so names are compared in this folded form and stored as printed.
 */
const LOOKALIKES: Record<string, string> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  н: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'h',
  ι: 'i',
  κ: 'k',
  μ: 'm',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'y',
  χ: 'x',
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};

/** Folded forms of characters seen so far: a list of names uses a few hundred different ones. */
const folded = new Map<string, string>();

/** One character in folded form: lower-case letters and digits, or '' for everything else. */
function foldCharacter(character: string): string {
  const known = folded.get(character);
  if (known !== undefined) return known;
  let form = '';
  // NFKD splits accents off; İ becomes i + dot, which the class below drops again.
  for (const part of character.normalize('NFKD').toLowerCase()) {
    const mapped = LOOKALIKES[part] ?? part;
    if (/^[\p{L}\p{N}]+$/u.test(mapped)) form += mapped;
  }
  if (folded.size < 10_000) folded.set(character, form);
  return form;
}

/**
 * A name in the form in which two spellings of one printed name are equal: no case, accents, punctuation,
 * white space or look-alike letters. A lookup key, never an identity.
 */
export function foldName(name: string): string {
  // Nearly every name is plain ASCII, and comparing whole lists folds thousands.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is all of ASCII.
  if (/^[\x00-\x7f]*$/u.test(name)) return name.toLowerCase().replace(/[^a-z0-9]+/gu, '');
  let form = '';
  for (const character of name) form += foldCharacter(character);
  return form;
}

/**
 * How many UTF-16 units of `text` spell `name` when both are folded, or null where `text` does not begin
 * with that name as a whole ("Foo" begins neither "Foobar" nor "Foo Bar, Kabul").
 */
export function foldedPrefixLength(text: string, name: string): number | null {
  const wanted = foldName(name);
  if (wanted === '') return null;
  let seen = 0;
  let length = 0;
  for (const character of text) {
    if (seen === wanted.length) break;
    const form = foldCharacter(character);
    if (!wanted.startsWith(form, seen)) return null;
    seen += form.length;
    length += character.length;
  }
  if (seen !== wanted.length) return null;
  // Closing punctuation of the name itself ("Ltd.", "(HK)") belongs to it when the name has it.
  const closing = /[.)\]'"’”]{1,8}$/u.exec(name.trim().slice(-8))?.[0] ?? '';
  for (const mark of closing) if (text[length] === mark) length += 1;
  return /^\s*(?:[,;:.(]|a\.?k\.?a\b|$)/u.test(text.slice(length)) ? length : null;
}
