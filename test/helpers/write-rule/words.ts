import type { ListName } from '../../../src/model.ts';

/** Destinations as the supplement prints them, as an abstract writes them, and as an adjective. */
export const PLACES: Record<string, { heading: string; prose: string; adjective: string | null }> = {
  AE: { heading: 'UNITED ARAB EMIRATES', prose: 'the United Arab Emirates (UAE)', adjective: null },
  BY: { heading: 'BELARUS', prose: 'Belarus', adjective: 'Belarusian' },
  CN: {
    heading: "CHINA, PEOPLE'S REPUBLIC OF",
    prose: "China, People's Republic of (China)",
    adjective: 'Chinese',
  },
  DE: { heading: 'GERMANY', prose: 'Germany', adjective: 'German' },
  EE: { heading: 'ESTONIA', prose: 'Estonia', adjective: 'Estonian' },
  HK: { heading: 'HONG KONG', prose: 'Hong Kong', adjective: null },
  IR: { heading: 'IRAN', prose: 'Iran', adjective: 'Iranian' },
  KG: { heading: 'KYRGYZSTAN', prose: 'Kyrgyzstan', adjective: null },
  KR: { heading: 'KOREA, SOUTH', prose: 'South Korea', adjective: null },
  PK: { heading: 'PAKISTAN', prose: 'Pakistan', adjective: 'Pakistani' },
  RU: { heading: 'RUSSIA', prose: 'the Russian Federation (Russia)', adjective: 'Russian' },
  TR: { heading: 'TURKEY', prose: 'Turkey', adjective: 'Turkish' },
};

export const SUPPLEMENT_OF: Record<ListName, number> = {
  'entity-list': 4,
  'unverified-list': 6,
  'military-end-user-list': 7,
};

export const TITLE_OF: Record<ListName, string> = {
  'entity-list': 'Entity List',
  'unverified-list': 'Unverified List',
  'military-end-user-list': "Military End-User' List",
};

/** The list as an abstract calls it. */
export const PROSE_OF: Record<ListName, string> = {
  'entity-list': 'the Entity List',
  'unverified-list': 'the Unverified List (UVL)',
  'military-end-user-list': 'the Military End-User (MEU) List',
};

const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** "forty-two". */
export function inWords(count: number): string {
  if (count < 20) return UNITS[count]!;
  if (count >= 100) return String(count);
  const rest = count % 10;
  return TENS[Math.floor(count / 10) - 2]! + (rest === 0 ? '' : `-${UNITS[rest]}`);
}

/** "a", "a and b", "a, b, and c". */
export function series(items: readonly string[], separator = ','): string {
  if (items.length < 2) return items.join('');
  const last = items.at(-1)!;
  if (items.length === 2 && separator === ',') return `${items[0]} and ${last}`;
  return `${items.slice(0, -1).join(`${separator} `)}${separator} and ${last}`;
}

/** "March 4, 2031". */
export function longDay(day: string): string {
  return new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** "3/4/31". */
export function shortDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${month}/${date}/${String(year! % 100).padStart(2, '0')}`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
