import type { SubscriptionFilter } from '../model.ts';
import { countryName } from './country-name.ts';

const KINDS = {
  added: 'additions',
  revised: 'revisions',
  removed: 'removals',
  editorial: 'editorial fixes',
} as const;

/** A subscription in words: "additions and removals under China and Russia, when at least 5 match". */
export function describeFilter(filter: SubscriptionFilter): string {
  const kinds =
    filter.kinds.length === 0 ? 'every change' : joinWords(filter.kinds.map((kind) => KINDS[kind]));
  const places =
    filter.countries.length === 0
      ? 'under every destination'
      : `under ${joinWords(filter.countries.map((code) => countryName(code)))}`;
  const minimum = filter.minimumCount > 1 ? `, when at least ${filter.minimumCount} match` : '';
  return `${kinds} ${places}${minimum}`;
}

function joinWords(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
