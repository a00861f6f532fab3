import { CHANGE_KINDS, LIST_NAMES } from '../../model.ts';
import { LIST_TITLES } from '../../render/words.ts';
import { DATE_LANGUAGES, type FieldFault } from '../../subscription-request.ts';
import type { SettingsFields } from '../settings-form.ts';
import { KIND_TITLES } from './filter-fields.ts';

interface Choice {
  value: string;
  label: string;
}

/** What the part of a template below reads as `it.settings`. */
export interface SettingsView {
  fields: SettingsFields;
  lists: Choice[];
  kinds: Choice[];
  notices: Choice[];
  modes: Choice[];
  weekdays: Choice[];
  languages: Choice[];
  /** What is wrong with a field, in sentences; empty where nothing is. */
  faultOf(field: string): string;
}

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

/** The fields with what can be chosen in them. */
export function viewSettings(fields: SettingsFields, faults: readonly FieldFault[] = []): SettingsView {
  const languageNames = new Intl.DisplayNames('en', { type: 'language' });
  return {
    fields,
    lists: LIST_NAMES.map((value) => ({ value, label: LIST_TITLES[value] })),
    kinds: CHANGE_KINDS.map((value) => ({ value, label: KIND_TITLES[value] })),
    notices: NOTICES,
    modes: MODES,
    weekdays: WEEKDAYS,
    languages: DATE_LANGUAGES.map((value) => ({ value, label: languageNames.of(value) ?? value })),
    faultOf: (field) =>
      [...new Set(faults.filter((one) => one.field === field).map(({ text }) => text))].join(' '),
  };
}

/** A part of a template: the fields of a form about a subscription, from `it.settings`. */
export const SETTINGS_FIELDS = `<% const s = it.settings; const f = s.fields; %>
<% const boxes = (name, choices, chosen) => { for (const one of choices) { %><label><input type="checkbox" name="<%= name %>" value="<%= one.value %>"<% if (chosen.includes(one.value)) { %> checked<% } %>> <%= one.label %></label><br>
<% } } %>
<% const picks = (choices, chosen) => { for (const one of choices) { %><option value="<%= one.value %>"<% if (one.value === chosen) { %> selected<% } %>><%= one.label %></option><% } } %>
<% const fault = (name) => { const text = s.faultOf(name); if (text) { %><span class="fault" id="<%= name %>-fault"><%= text %></span><% } } %>
<% const marked = (name) => { if (s.faultOf(name)) { %> aria-invalid="true" aria-describedby="<%= name %>-fault"<% } } %>
<fieldset<% marked('lists') %>><legend>Lists</legend>
<% boxes('lists', s.lists, f.lists) %><% fault('lists') %></fieldset>
<fieldset<% marked('kinds') %>><legend>Changes</legend>
<% boxes('kinds', s.kinds, f.kinds) %><% fault('kinds') %></fieldset>
<p class="field"><label for="destinations">Destinations, by name or code with commas between (China, HK); empty for all</label>
<input id="destinations" name="destinations" maxlength="1500" value="<%= f.destinations %>"<% marked('destinations') %>><% fault('destinations') %></p>
<p class="field"><label for="keywords">Only entries that mention one of these, one a line; empty for all</label>
<textarea id="keywords" name="keywords" rows="3" maxlength="9000"<% marked('keywords') %>><%= f.keywords %></textarea><% fault('keywords') %></p>
<p class="field"><label for="minimumCount">Only documents with at least so many matching changes</label>
<input id="minimumCount" name="minimumCount" type="number" min="1" max="10000" required value="<%= f.minimumCount %>"<% marked('minimumCount') %>><% fault('minimumCount') %></p>
<fieldset><legend>Also tell of</legend>
<% boxes('notices', s.notices, f.notices) %></fieldset>
<fieldset><legend>When</legend>
<p><label for="mode">Messages come</label> <select id="mode" name="mode"<% marked('mode') %>><% picks(s.modes, f.mode) %></select>
<label for="weekday">on</label> <select id="weekday" name="weekday"<% marked('weekday') %>><% picks(s.weekdays, f.weekday) %></select>
<label for="at">at</label> <input id="at" name="at" type="time" value="<%= f.at %>"<% marked('at') %>>
<label for="timeZone">by the clock of</label> <input id="timeZone" name="timeZone" maxlength="60" value="<%= f.timeZone %>"<% marked('timeZone') %>> <% for (const name of ['mode', 'weekday', 'at', 'timeZone']) fault(name) %></p>
<p class="soft">The day counts for each week only; time and clock for each day and each week. A clock is named as Europe/Berlin or America/New_York.</p></fieldset>
<p class="field"><label for="dateLanguage">Days are written in</label> <select id="dateLanguage" name="dateLanguage"<% marked('dateLanguage') %>><% picks(s.languages, f.dateLanguage) %></select> <% fault('dateLanguage') %></p>
`;
