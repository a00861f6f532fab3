import type { App } from '../app.ts';
import { ElwatchError } from '../errors.ts';
import { CHANGE_KINDS, type ChangeKind } from '../model.ts';
import { readCountries } from './lists.ts';
import { needWatchlist, type Owner } from './owner.ts';

/** Options that say what a subscription is about and how it comes. An empty text takes a restriction away. */
export interface SettingsOptions {
  destination?: string;
  kind?: string;
  list?: string;
  keyword?: string;
  /** Names or ids. */
  watchlist?: string[];
  minimum?: number;
  provisional?: boolean;
  held?: boolean;
  quietDays?: boolean;
  schedule?: string;
  dateLanguage?: string;
  contact?: string;
  name?: string;
}

/**
 * Settings as a request of the API says them; what they hold is judged there. What no option gives is undefined.
 *
 * @throws ElwatchError `unknown-destination`, `unknown-kind`, `unknown-schedule`, `watchlist-unknown`
 */
export async function readSettings(app: App, options: SettingsOptions, owner: Owner) {
  const { destination, kind, list, keyword, watchlist, schedule, contact } = options;
  const watchlists: string[] = [];
  for (const one of (watchlist ?? []).filter((text) => text !== ''))
    watchlists.push((await needWatchlist(app, one, owner)).watchlistId);
  return {
    destinations: destination === undefined ? undefined : readCountries(destination),
    kinds: kind === undefined ? undefined : readKinds(kind),
    lists: list === undefined ? undefined : words(list),
    keywords: keyword === undefined ? undefined : words(keyword),
    watchlists: watchlist === undefined ? undefined : [...new Set(watchlists)],
    minimumCount: options.minimum,
    provisional: options.provisional,
    held: options.held,
    quietDays: options.quietDays,
    schedule: schedule === undefined ? undefined : readSchedule(schedule),
    dateLanguage: options.dateLanguage,
    contact: contact === '' ? null : contact,
    name: options.name,
  };
}

const words = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

function readKinds(text: string): ChangeKind[] {
  const kinds = words(text);
  const unknown = kinds.find((kind) => !CHANGE_KINDS.includes(kind as ChangeKind));
  if (unknown !== undefined)
    throw new ElwatchError('unknown-kind', `“${unknown}” is no kind of change`, {
      retry: false,
      hint: `use ${CHANGE_KINDS.join(', ')}`,
    });
  return kinds as ChangeKind[];
}

/** "daily 08:30 Europe/Berlin", "weekly monday 08:30 Europe/Berlin" or "immediate", as a request says it. */
function readSchedule(text: string): object {
  const [mode = '', ...rest] = text.trim().split(/\s+/u);
  if (mode === 'immediate' && rest.length === 0) return { mode };
  if (mode === 'daily' && rest.length === 2) return { mode, at: rest[0], timeZone: rest[1] };
  const weekday = WEEKDAYS.indexOf((rest[0] ?? '').toLowerCase()) + 1;
  if (mode === 'weekly' && rest.length === 3 && weekday > 0)
    return { mode, weekday, at: rest[1], timeZone: rest[2] };
  throw new ElwatchError('unknown-schedule', `“${text}” is no schedule`, {
    retry: false,
    hint: 'say "immediate", "daily 08:30 Europe/Berlin" or "weekly monday 08:30 Europe/Berlin"',
  });
}

const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
