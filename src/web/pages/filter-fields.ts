import { CHANGE_KINDS, type ChangeKind, LIST_NAMES, type ListName } from '../../model.ts';
import { countryName } from '../../render/country-name.ts';
import { LIST_TITLES } from '../../render/words.ts';

/** One choice of a select; `selected` where the address of the page says so. */
export interface Option {
  value: string;
  label: string;
  selected: boolean;
}

export const KIND_TITLES: Record<ChangeKind, string> = {
  added: 'Additions',
  revised: 'Revisions',
  removed: 'Removals',
  editorial: 'Editorial fixes',
};

/** "All lists" and each of them. */
export function listOptions(chosen: ListName | undefined, all = 'All lists'): Option[] {
  const lists = LIST_NAMES.map((value) => ({ value, label: LIST_TITLES[value], selected: value === chosen }));
  return all === '' ? lists : [{ value: '', label: all, selected: chosen === undefined }, ...lists];
}

/** "All changes" and each kind. */
export function kindOptions(chosen: ChangeKind | undefined): Option[] {
  return [
    { value: '', label: 'All changes', selected: chosen === undefined },
    ...CHANGE_KINDS.map((value) => ({ value, label: KIND_TITLES[value], selected: value === chosen })),
  ];
}

/** "All destinations" and those of some entries, by name; the chosen one stands there in any case. */
export function destinationOptions(codes: Iterable<string>, chosen: string | undefined): Option[] {
  const all = new Set(codes);
  if (chosen !== undefined) all.add(chosen);
  return [
    { value: '', label: 'All destinations', selected: chosen === undefined },
    ...[...all]
      .map((value) => ({ value, label: countryName(value), selected: value === chosen }))
      .sort((a, b) => a.label.localeCompare(b.label, 'en')),
  ];
}

/** The address of a page with its filters; those without a value are left out. */
export function addressOf(
  path: string,
  filters: Readonly<Record<string, string | number | null | undefined>>,
) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query}`;
}

/** A part of a template: the options of a select. */
export const OPTIONS = `<% const choose = (choices) => { for (const one of choices) { %><option value="<%= one.value %>"<% if (one.selected) { %> selected<% } %>><%= one.label %></option><% } } %>`;
