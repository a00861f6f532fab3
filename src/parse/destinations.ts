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
  BN: { heading: 'BRUNEI', also: [] },
  BO: { heading: 'BOLIVIA', also: [] },
  CD: { heading: 'CONGO, DEMOCRATIC REPUBLIC OF THE', also: ['Democratic Republic of the Congo'] },
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
  GB: { heading: 'UNITED KINGDOM', also: ['UK', 'U.K.', 'Great Britain'] },
  HK: { heading: 'HONG KONG', also: [] },
  IR: { heading: 'IRAN', also: ['Islamic Republic of Iran'] },
  KP: { heading: 'KOREA, NORTH', also: ['North Korea'] },
  KR: { heading: 'KOREA, SOUTH', also: ['South Korea', 'Republic of Korea'] },
  LA: { heading: 'LAOS', also: [] },
  MD: { heading: 'MOLDOVA', also: [] },
  MK: { heading: 'NORTH MACEDONIA', also: ['Macedonia'] },
  MM: { heading: 'BURMA', also: ['Myanmar'] },
  MO: { heading: 'MACAU', also: ['Macao'] },
  NL: { heading: 'NETHERLANDS', also: ['the Netherlands'] },
  RU: { heading: 'RUSSIA', also: ['Russian Federation'] },
  SY: { heading: 'SYRIA', also: [] },
  TR: { heading: 'TURKEY', also: ['Turkiye', 'T[uuml]rkiye'] },
  TW: { heading: 'TAIWAN', also: [] },
  TZ: { heading: 'TANZANIA', also: [] },
  'UA-43': {
    heading: 'CRIMEA REGION OF UKRAINE',
    also: ['Crimea', 'Crimea (Occupied)', 'Crimea (Region of Ukraine)'],
  },
  US: { heading: 'UNITED STATES', also: [] },
  VE: { heading: 'VENEZUELA', also: [] },
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

interface Gazetteer {
  byName: Map<string, Destination>;
  byCode: Map<string, Destination>;
  /** Every name, the longest first, as one alternation. */
  pattern: string;
}

function buildGazetteer(): Gazetteer {
  const byName = new Map<string, Destination>();
  const byCode = new Map<string, Destination>();
  const codes = new Set([...Object.keys(countries.getAlpha2Codes()), ...Object.keys(HEADINGS)]);
  for (const country of codes) {
    const isoNames = countries.getName(country, 'en', { select: 'all' }) ?? [];
    const own = HEADINGS[country];
    const heading = own?.heading ?? plain(isoNames[0] ?? country);
    const destination = { heading, country };
    byCode.set(country, destination);
    for (const name of [heading, ...(own?.also ?? []), ...isoNames]) byName.set(plain(name), destination);
  }
  // "North Macedonia" and "Macedonia", "Korea, South" and ISO's bare "Korea": own headings win.
  for (const [country, own] of Object.entries(HEADINGS))
    for (const name of [own.heading, ...own.also]) byName.set(plain(name), byCode.get(country)!);
  const pattern = [...byName.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'))
    .join('|');
  return { byName, byCode, pattern };
}

let gazetteer: Gazetteer | undefined;
function places(): Gazetteer {
  gazetteer ??= buildGazetteer();
  return gazetteer;
}

/** The destination that a heading or a phrase of the preamble names as a whole, or null. */
export function findDestination(text: string): Destination | null {
  const wanted = plain(text)
    .replace(/[:.,;]+$/u, '')
    .replace(/^THE /u, '');
  const { byName } = places();
  return byName.get(wanted) ?? byName.get(wanted.replace(/ ?\([^()]*\)$/u, '')) ?? null;
}

/** The destination of a code of this product ("CN", "UA-43"), or null. */
export function destinationOfCode(country: string): Destination | null {
  return places().byCode.get(country) ?? null;
}

let leading: RegExp | undefined;

/**
 * The destination that stands at the beginning of running text, with the length of what names it: an
 * optional "the", the name, and a repetition in parentheses as in "China, People's Republic of (China)".
 */
export function readLeadingDestination(text: string): { destination: Destination; length: number } | null {
  // Length is kept: accents are stripped only where that does not move anything.
  const normal = text.replace(/[’‘`]/gu, "'").replace(/[üÜ]/gu, 'u').replace(/[\s ]/gu, ' ');
  leading ??= new RegExp(
    `^\\s*(?:the )?(${places().pattern})(?![A-Za-z0-9])(?:\\s*\\((?!\\d)(?:the )?(?:${places().pattern})(?:'s)?\\))?`,
    'iu',
  );
  const match = leading.exec(normal);
  if (!match) return null;
  const destination = places().byName.get(plain(match[1]!));
  return destination ? { destination, length: match[0].length } : null;
}
