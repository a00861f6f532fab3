/**
 * Letters that print like plain Latin ones. The list holds some ("Со., Ltd." and "Но King Commercial Center"
 * with two Cyrillic letters each: sources, §7, trap 19), so names are compared in this folded form and stored
 * as printed. A Greek letter goes by its capital, which is the perfect double. Small l and capital I stay
 * apart: joining them would join "Ali" and "All".
 */
const LOOKALIKES: Record<string, string> = {
  // Cyrillic
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
  ӏ: 'l',
  м: 'm',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  ѕ: 's',
  т: 't',
  ѵ: 'v',
  ԝ: 'w',
  у: 'y',
  ү: 'y',
  х: 'x',
  // Greek
  α: 'a',
  β: 'b',
  ε: 'e',
  ζ: 'z',
  η: 'h',
  ι: 'i',
  κ: 'k',
  μ: 'm',
  ν: 'n',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'y',
  χ: 'x',
  ς: 'σ',
  // Latin letters without a mark that NFKD could split off
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŋ: 'n',
  ŧ: 't',
  þ: 'th',
  ə: 'e',
  ɑ: 'a',
  ɡ: 'g',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};

/**
 * Signs that Unicode counts as letters or turns into them, though no name has them for a letter: the
 * apostrophes of transliterations (U+02B9 to U+02DF), and ™ and ℠.
 */
const SIGNS = /[\u02b9-\u02df\u2120\u2122]/u;

/** Folded forms of characters seen so far: a list of names uses a few hundred different ones. */
const folded = new Map<string, string>();

/** One character in folded form: lower-case letters and digits, or '' for everything else. */
function foldCharacter(character: string): string {
  const known = folded.get(character);
  if (known !== undefined) return known;
  let form = '';
  // NFKD splits accents off; İ becomes i + dot, which the class below drops again (sources, §7, trap 20).
  const parts = SIGNS.test(character) ? '' : character.normalize('NFKD').toLowerCase();
  for (const part of parts) {
    const mapped = LOOKALIKES[part] ?? part;
    if (/^[\p{L}\p{N}]+$/u.test(mapped) && !SIGNS.test(mapped)) form += mapped;
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

/** What may stand behind a whole name: nothing, punctuation, or the words before another name of it. */
const NAME_ENDS =
  /^\s*(?:[,;:.([]|(?:[afn]\.?\s?k\.?\s?a|d\.?\s?b\.?\s?a|[afn]\/k\/a|d\/b\/a|(?:also|formerly|now) known as|doing business as)\b|$)/iu;

function plainMark(mark: string | undefined): string | undefined {
  return mark?.replace(/[‘’]/u, "'").replace(/[“”]/u, '"');
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
  // A mark is one mark, curly or straight: “OOO Shipyard ‘Zaliv’” is printed OOO Shipyard 'Zaliv'.
  for (const mark of closing) if (plainMark(text[length]) === plainMark(mark)) length += 1;
  // "Ltd.," is an abbreviation in the middle of a sentence: its stop is the name's, though the quotation lacks it.
  if (text[length] === '.' && text[length + 1] === ',') length += 1;
  return NAME_ENDS.test(text.slice(length, length + 40)) ? length : null;
}
