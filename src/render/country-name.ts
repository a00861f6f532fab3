import countries from 'i18n-iso-countries';
import { cleanLine } from './clean.ts';

/** Where ISO's own short name is not what readers say, and the regions that have no ISO 3166-1 code. */
const PLAIN_NAMES: Record<string, string> = {
  AE: 'UAE',
  BA: 'Bosnia and Herzegovina',
  BN: 'Brunei',
  CD: 'DR Congo',
  CG: 'Republic of the Congo',
  CI: 'Ivory Coast',
  CZ: 'Czech Republic',
  FM: 'Micronesia',
  GB: 'UK',
  KR: 'South Korea',
  LA: 'Laos',
  MD: 'Moldova',
  MO: 'Macau',
  NL: 'Netherlands',
  SY: 'Syria',
  'UA-09': 'Luhansk region',
  'UA-14': 'Donetsk region',
  'UA-43': 'Crimea region',
  VG: 'British Virgin Islands',
};

/**
 * The plain English name of a destination: "China", "UAE", "Crimea region". Where the code says nothing,
 * the heading as the supplement prints it.
 */
export function countryName(code: string | null, heading = ''): string {
  const name =
    code === null ? undefined : (PLAIN_NAMES[code] ?? countries.getName(code, 'en', { select: 'alias' }));
  return name ?? (cleanLine(heading) || code || 'unknown destination');
}
