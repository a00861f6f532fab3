import { CHANGE_KINDS, type ChangeKind, LIST_NAMES, type ListName, type Subscription } from '../../model.ts';
import { template } from '../../render/template.ts';
import { LIST_TITLES } from '../../render/words.ts';
import { DATE_LANGUAGES } from '../../subscription-request.ts';
import { layoutPage } from '../layout.ts';

/** What the fields of the form hold: what is stored, or what was sent and refused. */
export interface PreferencesFields {
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

interface Choice {
  value: string;
  label: string;
}

const KIND_LABELS: Record<ChangeKind, string> = {
  added: 'Additions',
  revised: 'Revisions',
  removed: 'Removals',
  editorial: 'Editorial fixes',
};
/** What no kind at all stands for in a filter. */
export const USUAL_KINDS: readonly ChangeKind[] = ['added', 'revised', 'removed'];
const NOTICES: Choice[] = [
  { value: 'provisional', label: 'Filings on public inspection, before they are published' },
  { value: 'held', label: 'Rules whose reading we could not confirm' },
  { value: 'quietDays', label: 'A message on business days without any other' },
];
const MODES: Choice[] = [
  { value: 'immediate', label: 'At once' },
  { value: 'daily', label: 'Each day' },
  { value: 'weekly', label: 'Each week' },
];
const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'
  .split(' ')
  .map((label, at) => ({ value: String(at + 1), label }));

/** The fields as a subscription has them. */
export function fieldsOf({ filter, notices, schedule, dateLanguage }: Subscription): PreferencesFields {
  return {
    lists: filter.lists.length === 0 ? LIST_NAMES : filter.lists,
    destinations: filter.countries.join(', '),
    kinds: filter.kinds.length === 0 ? USUAL_KINDS : filter.kinds,
    minimumCount: String(filter.minimumCount),
    keywords: filter.keywords.join('\n'),
    notices: Object.entries(notices).flatMap(([name, wanted]) => (wanted ? [name] : [])),
    mode: schedule.mode,
    at: schedule.mode === 'immediate' ? '08:00' : schedule.at,
    timeZone: schedule.mode === 'immediate' ? 'America/New_York' : schedule.timeZone,
    weekday: schedule.mode === 'weekly' ? String(schedule.weekday) : '1',
    dateLanguage,
  };
}

const renderForm = template<{
  target: string;
  fields: PreferencesFields;
  fault: string;
  isSaved: boolean;
  lists: Choice[];
  kinds: Choice[];
  notices: Choice[];
  modes: Choice[];
  weekdays: Choice[];
  languages: Choice[];
}>(`<% const f = it.fields; %>
<% const boxes = (name, choices, chosen) => { for (const one of choices) { %><label><input type="checkbox" name="<%= name %>" value="<%= one.value %>"<% if (chosen.includes(one.value)) { %> checked<% } %>> <%= one.label %></label><br>
<% } } %>
<% const picks = (choices, chosen) => { for (const one of choices) { %><option value="<%= one.value %>"<% if (one.value === chosen) { %> selected<% } %>><%= one.label %></option><% } } %>
<h1>What is told to <%= it.target %></h1>
<% if (it.isSaved) { %><p role="status"><strong>Saved.</strong></p><% } %>
<% if (it.fault) { %><p role="alert"><strong>Not saved: <%= it.fault %></strong></p><% } %>
<form method="post">
<fieldset><legend>Lists</legend>
<% boxes('lists', it.lists, f.lists) %></fieldset>
<fieldset><legend>Changes</legend>
<% boxes('kinds', it.kinds, f.kinds) %></fieldset>
<p><label for="destinations">Destinations, as country codes with commas between (CN, HK); empty for all</label><br>
<input id="destinations" name="destinations" maxlength="1500" value="<%= f.destinations %>"></p>
<p><label for="keywords">Only entries that mention one of these, one a line; empty for all</label><br>
<textarea id="keywords" name="keywords" rows="3" maxlength="9000"><%= f.keywords %></textarea></p>
<p><label for="minimumCount">Only documents with at least so many matching changes</label><br>
<input id="minimumCount" name="minimumCount" type="number" min="1" max="10000" required value="<%= f.minimumCount %>"></p>
<fieldset><legend>Also tell of</legend>
<% boxes('notices', it.notices, f.notices) %></fieldset>
<fieldset><legend>When</legend>
<p><label for="mode">Messages come</label> <select id="mode" name="mode"><% picks(it.modes, f.mode) %></select>
<label for="weekday">on</label> <select id="weekday" name="weekday"><% picks(it.weekdays, f.weekday) %></select>
<label for="at">at</label> <input id="at" name="at" type="time" value="<%= f.at %>">
<label for="timeZone">by the clock of</label> <input id="timeZone" name="timeZone" maxlength="60" value="<%= f.timeZone %>"></p>
<p>The day counts for each week only; time and clock for each day and each week. A clock is named as Europe/Berlin or America/New_York.</p></fieldset>
<p><label for="dateLanguage">Days are written in</label> <select id="dateLanguage" name="dateLanguage"><% picks(it.languages, f.dateLanguage) %></select></p>
<button type="submit">Save</button>
</form>
`);

/** The private page on which a subscription is changed, without a script. */
export function renderPreferencesPage(
  { target }: Subscription,
  fields: PreferencesFields,
  baseUrl: string,
  { fault = '', isSaved = false } = {},
): string {
  const languageNames = new Intl.DisplayNames('en', { type: 'language' });
  const content = renderForm({
    ...{ target, fields, fault, isSaved },
    lists: LIST_NAMES.map((value: ListName) => ({ value, label: LIST_TITLES[value] })),
    kinds: CHANGE_KINDS.map((value) => ({ value, label: KIND_LABELS[value] })),
    notices: NOTICES,
    modes: MODES,
    weekdays: WEEKDAYS,
    languages: DATE_LANGUAGES.map((value) => ({ value, label: languageNames.of(value) ?? value })),
  });
  return layoutPage('Preferences', content, baseUrl, { isPrivate: true });
}
