import { type ChangeSet, type Schedule, type SubscriptionFilter, WHOLE_FILTER } from '../model.ts';
import { countryName } from './country-name.ts';
import { LIST_TITLES } from './words.ts';

const KINDS = {
  added: 'additions',
  revised: 'revisions',
  removed: 'removals',
  editorial: 'editorial fixes',
} as const;

/** A filter in words: "additions and removals under China and Russia, when at least 5 match". */
export function describeFilter(filter: SubscriptionFilter): string {
  const kinds =
    filter.kinds.length === 0 ? 'every change' : joinWords(filter.kinds.map((kind) => KINDS[kind]));
  const places =
    filter.countries.length === 0
      ? 'under every destination'
      : `under ${joinWords(filter.countries.map((code) => countryName(code)))}`;
  const lists =
    filter.lists.length === 0 ? '' : ` of the ${joinWords(filter.lists.map((list) => LIST_TITLES[list]))}`;
  const keywords =
    filter.keywords.length === 0
      ? ''
      : `, where the entry mentions ${joinWords(filter.keywords.map(quote), 'or')}`;
  const watchlists = filter.watchlists.length === 0 ? '' : ', where a watchlist is hit';
  const minimum = filter.minimumCount > 1 ? `, when at least ${filter.minimumCount} match` : '';
  return `${kinds}${lists} ${places}${keywords}${watchlists}${minimum}`;
}

/**
 * Why a subscription is told of a change set: its filter, and what goes beyond it. Notices go to all who want them,
 * since nobody knows yet what they touch, and whoever got one is told how it ends.
 */
export function describeReason(
  filter: SubscriptionFilter,
  { outcome, follows }: Pick<ChangeSet, 'outcome' | 'follows'>,
): string {
  const words = describeFilter(filter);
  if (words === describeFilter(WHOLE_FILTER)) return words;
  if (outcome !== 'applied')
    return `${words}; a notice of what is not confirmed goes to all who want notices`;
  return follows === null ? words : `${words}; who got the notice about a document is told how it ends`;
}

const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/** When messages come, in words: "at once", "each Monday at 08:00 by the clock of Europe/Berlin". */
export function describeSchedule(schedule: Schedule): string {
  if (schedule.mode === 'immediate') return 'at once';
  const day = schedule.mode === 'daily' ? 'day' : WEEKDAYS[schedule.weekday - 1]!;
  return `each ${day} at ${schedule.at} by the clock of ${schedule.timeZone}`;
}

function quote(word: string): string {
  return `“${word}”`;
}

function joinWords(words: string[], and = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}
