import { createRequire } from 'node:module';
import countries from 'i18n-iso-countries';

// The package carries its names as JSON; `createRequire` reads it on every Node that we support.
countries.registerLocale(createRequire(import.meta.url)('i18n-iso-countries/langs/en.json'));

/** A destination: its heading as the supplement prints it, and its code. */
export interface Destination {
  heading: string;
  country: string;
}

/**
 * Headings of the supplements that are not the ISO name of the country, and other names under which rules
 * mention them. `UA-43` is the ISO 3166-2 code of Crimea.
 */
const HEADINGS: Record<string, { heading: string; also: string[] }> = {
  AE: { heading: 'UNITED ARAB EMIRATES', also: ['UAE', 'U.A.E.', 'the Emirates'] },
  BA: { heading: 'BOSNIA AND HERZEGOVINA', also: ['Bosnia', 'Bosnia & Herzegovina'] },
  BN: { heading: 'BRUNEI', also: [] },
  BO: { heading: 'BOLIVIA', also: [] },
  CD: {
    heading: 'CONGO, DEMOCRATIC REPUBLIC OF THE',
    also: [
      'Congo, Democratic Republic of',
      'Congo, the Democratic Republic of the',
      'Congo (Kinshasa)',
      'Democratic Republic of the Congo',
      'Democratic Republic of Congo',
      'DRC',
    ],
  },
  // Bare "Congo" is either of two.
  CG: {
    heading: 'REPUBLIC OF THE CONGO',
    also: ['Congo, Republic of the', 'Congo, Republic of', 'Congo (Brazzaville)', 'Republic of Congo'],
  },
  CI: { heading: "COTE D'IVOIRE", also: ['Ivory Coast'] },
  CN: {
    heading: "CHINA, PEOPLE'S REPUBLIC OF",
    also: [
      'China',
      "People's Republic of China",
      'Peoples Republic of China',
      'PRC',
      'P.R.C.',
      "China (People's Republic of)",
      "China, the People's Republic of",
      'China, Peoples Republic of',
    ],
  },
  CZ: { heading: 'CZECH REPUBLIC', also: ['Czechia'] },
  FM: { heading: 'MICRONESIA, FEDERATED STATES OF', also: ['Micronesia', 'Federated States of Micronesia'] },
  GB: { heading: 'UNITED KINGDOM', also: ['UK', 'U.K.', 'Great Britain'] },
  HK: { heading: 'HONG KONG', also: [] },
  IR: { heading: 'IRAN', also: ['Islamic Republic of Iran'] },
  KN: { heading: 'SAINT KITTS AND NEVIS', also: ['Saint Kitts', 'St. Kitts', 'St. Kitts and Nevis'] },
  KP: {
    heading: 'KOREA, NORTH',
    also: [
      'North Korea',
      "Korea, Democratic People's Republic of",
      "Korea, the Democratic People's Republic of",
      "Democratic People's Republic of Korea",
      'DPRK',
    ],
  },
  KR: { heading: 'KOREA, SOUTH', also: ['South Korea', 'Republic of Korea'] },
  LA: { heading: 'LAOS', also: [] },
  MD: { heading: 'MOLDOVA', also: [] },
  MK: { heading: 'NORTH MACEDONIA', also: ['Macedonia'] },
  MM: { heading: 'BURMA', also: ['Myanmar'] },
  MO: { heading: 'MACAU', also: ['Macao'] },
  NL: { heading: 'NETHERLANDS', also: ['the Netherlands', 'Holland'] },
  RU: { heading: 'RUSSIA', also: ['Russian Federation'] },
  SS: { heading: 'SOUTH SUDAN', also: ['Sudan, South'] },
  SY: { heading: 'SYRIA', also: [] },
  SZ: { heading: 'ESWATINI', also: ['Swaziland'] },
  TR: { heading: 'TURKEY', also: ['Turkiye', 'T[uuml]rkiye'] },
  TW: { heading: 'TAIWAN', also: [] },
  TZ: { heading: 'TANZANIA', also: [] },
  'UA-43': {
    heading: 'CRIMEA REGION OF UKRAINE',
    also: ['Crimea', 'Crimea (Occupied)', 'Crimea (Region of Ukraine)'],
  },
  US: { heading: 'UNITED STATES', also: [] },
  VE: { heading: 'VENEZUELA', also: [] },
  VG: { heading: 'VIRGIN ISLANDS, BRITISH', also: ['British Virgin Islands'] },
  VN: { heading: 'VIETNAM', also: ['Viet Nam'] },
  XK: { heading: 'KOSOVO', also: [] },
};

/** Upper case, straight apostrophes, no accents, single spaces: the form in which names of places meet. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘`]/gu, "'")
    .replace(/\s+/gu, ' ')
    .trim()
    .toUpperCase();
}

/** Letters by which names are looked up; no name is shorter than "UK". */
const START = 2;

/** Letters that tell most words from every name. */
const OPENING = 6;

/** No name of a place is longer. */
const LONGEST = 120;

interface Gazetteer {
  byName: Map<string, Destination>;
  byCode: Map<string, Destination>;
  /** Names that two places share, as "Congo". */
  shared: Set<string>;
  /** Names by their first letters, the longest first: what running text is compared with. */
  byStart: Map<string, string[]>;
}

function buildGazetteer(): Gazetteer {
  const byName = new Map<string, Destination>();
  const byCode = new Map<string, Destination>();
  const shared = new Set<string>();
  const codes = new Set([...Object.keys(countries.getAlpha2Codes()), ...Object.keys(HEADINGS)]);
  for (const country of codes) {
    const isoNames = countries.getName(country, 'en', { select: 'all' }) ?? [];
    const own = HEADINGS[country];
    const heading = own?.heading ?? plain(isoNames[0] ?? country);
    const destination = { heading, country };
    byCode.set(country, destination);
    for (const name of [heading, ...(own?.also ?? []), ...isoNames].map(plain)) {
      if (byName.has(name) && byName.get(name) !== destination) shared.add(name);
      byName.set(name, destination);
    }
  }
  for (const name of shared) byName.delete(name);
  // "North Macedonia" and "Macedonia", "Korea, South" and ISO's bare "Korea": own headings win.
  for (const [country, own] of Object.entries(HEADINGS))
    for (const name of [own.heading, ...own.also].map(plain)) {
      byName.set(name, byCode.get(country)!);
      shared.delete(name);
    }
  const byStart = new Map<string, string[]>();
  for (const name of [...byName.keys()].sort((a, b) => b.length - a.length)) {
    const start = name.slice(0, START);
    byStart.set(start, [...(byStart.get(start) ?? []), name]);
  }
  return { byName, byCode, shared, byStart };
}

let gazetteer: Gazetteer | undefined;
function places(): Gazetteer {
  gazetteer ??= buildGazetteer();
  return gazetteer;
}

/** The destination that a heading or a phrase of the preamble names as a whole, or null. */
export function findDestination(text: string): Destination | null {
  if (text.length > LONGEST) return null;
  const whole = plain(text).replace(/^THE /u, '');
  const wanted = whole.replace(/[:.,;]+$/u, '');
  const { byName } = places();
  return byName.get(whole) ?? byName.get(wanted) ?? findBracketed(wanted);
}

/**
 * A name with a bracket behind it that repeats it ("RUSSIAN FEDERATION (RUSSIA)") or belongs to it ("IRAN
 * (ISLAMIC REPUBLIC OF)"). Any other bracket may mean another place: "CHINA (TAIWAN)".
 */
function findBracketed(text: string): Destination | null {
  const [, name, bracket] = /^(.*?) ?\(([^()]*)\)$/u.exec(text) ?? [];
  if (name === undefined || bracket === undefined) return null;
  const { byName } = places();
  const own = byName.get(name);
  const inner = bracket.trim().replace(/^THE /u, '');
  if (own && (/^\d{1,4}$/u.test(inner) || byName.get(inner) === own)) return own;
  return byName.get(`${name}, ${inner}`) ?? byName.get(`${inner} ${name}`) ?? null;
}

/**
 * True for the name of a place with whatever bracket behind it, as addresses end: "U.A.E. (Behind the Hotel)". It
 * may be one that two places share.
 */
export function namesPlace(text: string): boolean {
  if (text.length > LONGEST) return false;
  const bare = text.replace(/ ?\([^()]*\)[:.,;]*$/u, '');
  return (
    findDestination(text) !== null ||
    findDestination(bare) !== null ||
    places().shared.has(plain(bare).replace(/^THE /u, ''))
  );
}

/** The form of each sign that was met, since making it costs fifty times as much as looking it up. */
const forms = new Map<string, string>();

function formOf(sign: string): string {
  const known = forms.get(sign);
  if (known !== undefined) return known;
  const bare = /[’‘`]/u.test(sign) ? "'" : /\s/u.test(sign) ? ' ' : (sign.normalize('NFKD')[0] ?? sign);
  const upper = bare.toUpperCase();
  const form = upper.length === 1 ? upper : sign;
  forms.set(sign, form);
  return form;
}

/** `text` in the form of `plain`, letter for letter, so that positions stay. */
function plainInPlace(text: string): string {
  let form = '';
  for (let at = 0; at < text.length; at += 1) form += formOf(text[at]!);
  return form;
}

/** The longest name of a place at `at`, where it ends as a word. */
function nameAt(text: string, at: number): string | null {
  for (const name of places().byStart.get(text.slice(at, at + START)) ?? []) {
    if (!text.startsWith(name, at) || /[A-Z0-9]/u.test(text[at + name.length] ?? '')) continue;
    // "Sudan, South Africa" is two places, and neither is "Sudan, South".
    const comma = name.lastIndexOf(', ') + 2;
    const next = comma < 2 ? null : nameAt(text, at + comma);
    if (next === null || comma + next.length <= name.length) return name;
  }
  return null;
}

/** Where the text goes on behind an optional "the" and white space. */
function skipThe(text: string, at: number): number {
  const space = (from: number) => {
    let to = from;
    while (text[to] === ' ') to += 1;
    return to;
  };
  const start = space(at);
  return text.startsWith('THE ', start) ? start + 4 : start;
}

/**
 * The destination that stands at the beginning of running text, with the length of what names it: an
 * optional "the", the name, and a repetition in parentheses as in "China, People's Republic of (China)".
 */
export function readLeadingDestination(text: string): { destination: Destination; length: number } | null {
  // Asked at every word of a text, so most answers are given by the first letters.
  const before = /^\s*(?:the\s)?/iu.exec(text)![0].length;
  const opening = plainInPlace(text.slice(before, before + OPENING));
  const near = places().byStart.get(opening.slice(0, START)) ?? [];
  if (!near.some((one) => opening.startsWith(one.slice(0, OPENING)))) return null;
  const form = plainInPlace(text.slice(0, before + 2 * LONGEST));
  const start = skipThe(form, 0);
  const name = nameAt(form, start);
  const destination = name === null ? undefined : places().byName.get(name);
  if (name === null || !destination) return null;
  let length = start + name.length;
  const bracket = /^ *\( */u.exec(form.slice(length))?.[0].length;
  if (bracket !== undefined) {
    const inner = skipThe(form, length + bracket);
    const again = nameAt(form, inner);
    const closing =
      again === null ? null : /^(?:'S)?\)/u.exec(form.slice(inner + again.length, inner + again.length + 3));
    if (again !== null && closing) {
      // "China (Taiwan)": which of the two is meant is not said.
      if (places().byName.get(again) !== destination) return null;
      length = inner + again.length + closing[0].length;
    }
  }
  return { destination, length };
}

/** The destination of a code ("CN", "hk", "UA-43"), or null. */
export function destinationOfCode(code: string): Destination | null {
  return places().byCode.get(code.trim().toUpperCase()) ?? null;
}
