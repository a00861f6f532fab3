import { GENERIC_WORDS } from './generic-words.ts';
import { LEGAL_FORMS } from './legal-forms.ts';
import { PINYIN_WORDS } from './pinyin-words.ts';
import { PLACES } from './places.ts';
import { NUMBER_WORDS, PARTICLES, TITLES } from './small-words.ts';
import { makeToken, type Token, type TokenKind } from './token.ts';

/** Abbreviations of words that stand in phrases: "Polytechnical Univ." is read as "polytechnical university". */
export const ABBREVIATIONS: Readonly<Record<string, string>> = {
  univ: 'university',
  inst: 'institute',
  res: 'research',
  sci: 'science',
  tech: 'technology',
};

/** Words that stand together for one or more tokens. */
export interface Phrase {
  words: readonly string[];
  tokens: readonly Token[];
  /** A word of pinyin, which may be a name that only sounds like it. */
  pinyin?: true;
}

/**
 * Legal forms that are also words of other kinds. They are legal forms only at an end of a name or beside another
 * legal form: "Júlio na Nhasse" is no national association.
 */
export const AMBIGUOUS_FORMS: ReadonlySet<string> = new Set(
  'as an se na sa ab ad dd sl bv ag ao ou pt sia tat pat cc cv kg ev ug lp oy too odo tov spa inc asa sas sue sti'.split(
    ' ',
  ),
);

/** Words whose tokens are known. A later table wins: "as" is a legal form and a particle. */
export const KNOWN_WORDS: ReadonlyMap<string, Token> = (() => {
  const known = new Map<string, Token>();
  for (const word of PARTICLES)
    known.set(word, makeToken(['ve', 'und', 'et'].includes(word) ? 'and' : word, 'particle', word));
  for (const [word, place] of PLACES) known.set(word, makeToken(place, 'place', word));
  for (const row of GENERIC_WORDS.trim().split('\n')) {
    const [word, also = ''] = row.split(':') as [string, string?];
    for (const spelling of [word, ...also.trim().split(' ')])
      if (spelling !== '') known.set(spelling, makeToken(word, 'generic', spelling));
  }
  for (const word of TITLES) known.set(word, makeToken(word, 'title'));
  for (const [word, number] of Object.entries(NUMBER_WORDS))
    known.set(word, makeToken(number, 'number', word));
  for (const [family, forms] of Object.entries(LEGAL_FORMS)) {
    for (const form of spellings(forms))
      if (!form.includes(' ')) known.set(form, makeToken(family, 'legal', form));
  }
  return known;
})();

function spellings(text: string): string[] {
  return text.split(',').map((form) => form.trim().replace(/\s+/gu, ' '));
}

/** Phrases of trades, by the tokens that they stand for. */
const TRADE_PHRASES: Readonly<Record<string, string>> = {
  'research institute':
    'nauchno issledovatelskiy institut, nauchno issledovatelskii institut, scientific research institute, nii, tsnii, sri, scientific and research institute, nauchno issledovatelski institut',
  'research production':
    'nauchno proizvodstvennoe, nauchno proizvodstvennoye, scientific production, npo, npp, npk, scientific and production, research and production, scientific industrial, nauchno proizvodstvenny, nauchno proizvodstvennyy',
  'design bureau':
    'konstruktorskoe byuro, konstruktorskoye byuro, kb, okb, experimental design bureau, opytno konstruktorskoe byuro',
  'institute technology':
    'ligong daxue, ligong xueyuan, gongye daxue, polytechnic university, polytechnical university',
  technology:
    'science and technology, sci and tech, science technology, s and t, sci tech, scitech, keji fazhan',
  import:
    'import and export, import export, imp and exp, imp exp, i e, im ex, impex, imp and exp, jinchukou, ithalat ihracat, import and eksport',
  group: 'group co, group corporation',
  optoelectronics:
    'opto electronics, opto electronic, optic electric, optical electronics, optics and electronics, electro optics, electro optical, electro optic, photo electric',
  'precision machine': 'fine mechanics, fine mechanical',
  'aeronautics astronautics': 'hangkong hangtian',
};

/** Phrases by their first word, the longest first. */
export const PHRASES: ReadonlyMap<string, readonly Phrase[]> = (() => {
  const phrases: Phrase[] = [];
  const add = (form: string, kindOf: (text: string) => TokenKind, texts: string[]) => {
    const words = form.split(' ');
    // What the phrase is spelled with goes to its first token.
    phrases.push({
      words,
      tokens: texts.map((text, at) => makeToken(text, kindOf(text), at === 0 ? words.join('') : '')),
    });
  };
  for (const [family, forms] of Object.entries(LEGAL_FORMS))
    for (const form of spellings(forms)) if (form.includes(' ')) add(form, () => 'legal', [family]);
  for (const [words, forms] of Object.entries(TRADE_PHRASES))
    for (const form of spellings(forms))
      add(form, (text) => KNOWN_WORDS.get(text)?.kind ?? 'word', words.split(' '));
  const tokensOf = (text: string) =>
    text
      .toLowerCase()
      .replace(/[.,']/gu, '')
      .split(/[\s-]+/u)
      .map((word) => KNOWN_WORDS.get(word) ?? makeToken(word, 'word'));
  for (const [word, translation] of PINYIN_WORDS) {
    if (KNOWN_WORDS.has(word) || phrases.some(({ words }) => words.length === 1 && words[0] === word))
      continue;
    const form = spellings(Object.values(LEGAL_FORMS).join(',')).includes(
      translation.toLowerCase().replace(/[.,]/gu, ''),
    );
    // "Co., Ltd." is one legal form, and "Institute of Technology" is the phrase that stands for it.
    phrases.push({
      words: [word],
      tokens: form ? [makeToken('limited', 'legal', word)] : tokensOf(translation),
      pinyin: true,
    });
  }
  const byFirst = new Map<string, Phrase[]>();
  for (const phrase of phrases.sort((a, b) => b.words.length - a.words.length)) {
    const same = byFirst.get(phrase.words[0]!);
    if (same) same.push(phrase);
    else byFirst.set(phrase.words[0]!, [phrase]);
  }
  return byFirst;
})();

const wordsOf = (phrases: readonly Phrase[]) => phrases.flatMap(({ words }) => words);

/** All words that stand in phrases. */
export const PHRASE_WORDS: ReadonlySet<string> = new Set([...PHRASES.values()].flatMap(wordsOf));

/** Those that stand in others than a word of pinyin. */
export const PLAIN_PHRASE_WORDS: ReadonlySet<string> = new Set(
  [...PHRASES.values()].flatMap((phrases) => wordsOf(phrases.filter(({ pinyin }) => !pinyin))),
);
