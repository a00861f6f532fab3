import countries from 'i18n-iso-countries';
import { foldName } from '../fold.ts';

/** Languages whose names of countries are known. */
const LANGUAGES = ['en', 'zh', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'ru', 'ja', 'ko'];

/** What people write besides the names of ISO 3166, and the regions that have headings of their own. */
const OTHERS: Record<string, string> = {
  CN: "prc, p r china, mainland china, china mainland, people's republic of china, china people's republic of, 中华人民共和国, 中国大陆, 大陆, 中國, 中國大陸",
  HK: 'hong kong sar, hk sar, hongkong, hong kong china, 香港, 香港特别行政区, 香港特別行政區',
  MO: 'macau, macao sar, 澳门, 澳門',
  TW: 'taiwan, taiwan roc, taiwan province of china, 台湾, 台灣, 臺灣',
  KR: 'south korea, korea, korea south, republic of korea, rok',
  KP: 'north korea, dprk, korea north',
  AE: 'uae, u a e, emirates, dubai',
  GB: 'uk, great britain, england, scotland',
  US: 'usa, us of america, united states, america',
  RU: 'russia, russian federation, rf',
  IR: 'iran, iran islamic republic of',
  SY: 'syria',
  VN: 'vietnam, viet nam',
  TR: 'turkey, türkiye, turkiye',
  CZ: 'czech republic, czechia',
  LA: 'laos',
  BN: 'brunei',
  CI: 'ivory coast',
  CD: 'dr congo, democratic republic of the congo',
  CG: 'republic of the congo',
  'UA-43': 'crimea, crimea region, crimea region of ukraine',
  'UA-14': 'donetsk region',
  'UA-09': 'luhansk region',
};

let names: Map<string, string> | null = null;

/** Folded name → code. Made when the first file is read: it holds some three thousand names. */
function knownNames(): Map<string, string> {
  if (names !== null) return names;
  names = new Map<string, string>();
  for (const language of LANGUAGES)
    for (const [code, spellings] of Object.entries(countries.getNames(language, { select: 'all' })))
      for (const name of [spellings].flat()) names.set(foldName(name), code);
  for (const [code, others] of Object.entries(OTHERS))
    for (const name of others.split(',')) names.set(foldName(name), code);
  return names;
}

/**
 * The code of a country that is given as a code of two or three letters or a name in one of twelve languages;
 * null where it is none that is known.
 */
export function readCountry(text: string): string | null {
  const code = text.trim().toUpperCase();
  if (code === 'UK') return 'GB';
  if (/^[A-Z]{2}$/u.test(code)) return countries.isValid(code) ? code : null;
  if (/^UA-(?:43|14|09)$/u.test(code)) return code;
  if (/^[A-Z]{3}$/u.test(code)) {
    const short = countries.alpha3ToAlpha2(code);
    if (short !== undefined) return short;
  }
  return knownNames().get(foldName(text)) ?? null;
}
