import { type ChangeKind, LIST_NAMES, type Subscription } from '../model.ts';
import { splitDestinations } from '../parse/read-destination.ts';
import {
  type FieldFault,
  InvalidSubscription,
  readSubscriptionSettings,
  type SubscriptionSettings,
} from '../subscription-request.ts';

/** What the fields of a form about a subscription hold: what is stored, or what was sent and refused. */
export interface SettingsFields {
  lists: readonly string[];
  destinations: string;
  kinds: readonly string[];
  minimumCount: string;
  keywords: string;
  notices: readonly string[];
  mode: string;
  at: string;
  timeZone: string;
  weekday: string;
  dateLanguage: string;
}

/** What no kind at all stands for in a filter. */
const USUAL_KINDS: readonly ChangeKind[] = ['added', 'revised', 'removed'];

/** The fields before anybody chose anything: every change, at once. */
export const USUAL_FIELDS: SettingsFields = {
  lists: LIST_NAMES,
  destinations: '',
  kinds: USUAL_KINDS,
  minimumCount: '1',
  keywords: '',
  notices: ['provisional', 'held'],
  mode: 'immediate',
  at: '08:00',
  timeZone: 'America/New_York',
  weekday: '1',
  dateLanguage: 'en',
};

/** The fields as a subscription has them. */
export function fieldsOf({ filter, notices, schedule, dateLanguage }: Subscription): SettingsFields {
  return {
    lists: filter.lists.length === 0 ? LIST_NAMES : filter.lists,
    destinations: filter.countries.join(', '),
    kinds: filter.kinds.length === 0 ? USUAL_KINDS : filter.kinds,
    minimumCount: String(filter.minimumCount),
    keywords: filter.keywords.join('\n'),
    notices: Object.entries(notices).flatMap(([name, wanted]) => (wanted ? [name] : [])),
    mode: schedule.mode,
    at: schedule.mode === 'immediate' ? USUAL_FIELDS.at : schedule.at,
    timeZone: schedule.mode === 'immediate' ? USUAL_FIELDS.timeZone : schedule.timeZone,
    weekday: schedule.mode === 'weekly' ? String(schedule.weekday) : USUAL_FIELDS.weekday,
    dateLanguage,
  };
}

/** The fields as hidden ones of another form, which `readFields` reads again. */
export function toHidden({
  lists,
  kinds,
  notices,
  ...single
}: SettingsFields): { name: string; value: string }[] {
  return [
    ...Object.entries({ lists, kinds, notices }).flatMap(([name, values]) =>
      values.map((value) => ({ name, value })),
    ),
    ...Object.entries(single).map(([name, value]) => ({ name, value })),
    { name: 'chosen', value: '1' },
  ];
}

/** The fields as a form sends them; a box that is not ticked is not sent. */
export function readFields(form: URLSearchParams): SettingsFields {
  const one = (name: string) => form.get(name) ?? '';
  return {
    lists: form.getAll('lists'),
    destinations: one('destinations'),
    kinds: form.getAll('kinds'),
    minimumCount: one('minimumCount'),
    keywords: one('keywords'),
    notices: form.getAll('notices'),
    mode: one('mode'),
    at: one('at'),
    timeZone: one('timeZone'),
    weekday: one('weekday'),
    dateLanguage: one('dateLanguage'),
  };
}

const NONE_CHOSEN: Record<string, string> = {
  lists: 'Choose at least one list.',
  kinds: 'Choose at least one kind of change. To get nothing at all, use the unsubscribe link.',
};

/** @throws InvalidSubscription with what is wrong with each field */
export function toSettings(fields: SettingsFields): SubscriptionSettings {
  const { lists, kinds, notices, mode, at, timeZone, weekday } = fields;
  const empty = Object.entries({ lists, kinds }).flatMap(([field, chosen]): FieldFault[] =>
    chosen.length === 0 ? [{ field, text: NONE_CHOSEN[field]! }] : [],
  );
  if (empty.length > 0) throw new InvalidSubscription(empty);
  const words = (text: string, separator: RegExp) =>
    text
      .split(separator)
      .map((word) => word.trim())
      .filter((word) => word !== '');
  const isUsual = kinds.length === USUAL_KINDS.length && USUAL_KINDS.every((kind) => kinds.includes(kind));
  return readSubscriptionSettings({
    // All of them are no restriction: a list that comes to be later is meant too.
    lists: LIST_NAMES.every((list) => lists.includes(list)) ? [] : [...new Set(lists)],
    kinds: isUsual ? [] : [...new Set(kinds)],
    destinations: splitDestinations(fields.destinations),
    keywords: words(fields.keywords, /[\r\n]+/u),
    minimumCount: Number(fields.minimumCount),
    provisional: notices.includes('provisional'),
    held: notices.includes('held'),
    quietDays: notices.includes('quietDays'),
    schedule:
      mode === 'daily'
        ? { mode, at, timeZone }
        : mode === 'weekly'
          ? { mode, at, timeZone, weekday: Number(weekday) }
          : { mode },
    dateLanguage: fields.dateLanguage,
  });
}
