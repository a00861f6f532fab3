import type { Change, EntryField, ListName, Locator } from '../model.ts';
import { cleanLine, shorten } from './clean.ts';
import { countryName } from './country-name.ts';
import { diffItems } from './word-diff.ts';

/** What people call the lists. */
export const LIST_TITLES: Record<ListName, string> = {
  'entity-list': 'Entity List',
  'unverified-list': 'Unverified List',
  'military-end-user-list': 'Military End-User List',
};

/** What people call the fields of an entry. */
export const FIELD_LABELS: Record<EntryField, string> = {
  name: 'name',
  aliases: 'aliases',
  addresses: 'addresses',
  seeAlso: 'cross-references',
  licenseRequirement: 'license requirement',
  licenseReviewPolicy: 'license review policy',
  footnotes: 'footnotes',
  citations: 'citations',
  destination: 'destination',
};

/** One change in one plain sentence: the single wording for mail, feed and page. */
export function describeChange(change: Change): string {
  const list = `the ${LIST_TITLES[change.list]}`;
  const where = countryName(change.country, change.destination);
  const name = shorten(cleanLine(change.name), 300);
  switch (change.kind) {
    case 'added':
      return `Added to ${list} under ${where}: ${name}${aliasNote(change)}.`;
    case 'removed':
      return `Removed from ${list} under ${where}: ${name} is no longer on the list.`;
    case 'revised':
      return `Revised on ${list} under ${where}: ${name} (${describeFields(change)}).`;
    case 'editorial':
      return `Editorial fix on ${list} under ${where}: ${name} (${describeFields(change)}).`;
  }
}

function aliasNote(change: Change): string {
  const count = change.after?.aliases.length ?? 0;
  return count === 0 ? '' : ` (${count} ${count === 1 ? 'alias' : 'aliases'})`;
}

/** What a revision touched: "aliases: 1 added; license review policy changed". */
export function describeFields(change: Change): string {
  if (change.fields.length === 0) return 'no field differs';
  return change.fields.map((field) => describeField(change, field)).join('; ');
}

function describeField(change: Change, field: EntryField): string {
  const label = FIELD_LABELS[field];
  if (field !== 'aliases' && field !== 'addresses') return `${label} changed`;
  const items = diffItems(change.before?.[field] ?? [], change.after?.[field] ?? []);
  const parts = [
    items.added.length > 0 ? `${items.added.length} added` : '',
    items.removed.length > 0 ? `${items.removed.length} removed` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? `${label} reordered` : `${label}: ${parts.join(', ')}`;
}

/** Where a change stands in its document: "paragraph 2.a, row 12, page 14035"; empty where unknown. */
export function describeLocator(locator: Locator | null): string {
  if (locator === null) return '';
  return [
    locator.instruction === '' ? '' : `paragraph ${cleanLine(locator.instruction)}`,
    locator.row === null ? '' : `row ${locator.row}`,
    locator.page === null ? '' : `page ${locator.page}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** What the footnotes of supplement no. 4 mean: foreign direct product (FDP) rules that reach further. */
const FOOTNOTES: Record<number, string> = {
  1: 'Footnote 1: Entity List FDP rule for Huawei, § 734.9(e)(1)',
  2: 'Footnote 2: Entity List FDP rule for Huawei, § 734.9(e)(1)',
  3: 'Footnote 3: Russia/Belarus military end user FDP rule, § 734.9(g)',
  4: 'Footnote 4: supercomputer FDP rule, § 734.9(e)(2)',
  5: 'Footnote 5: semiconductor FDP rule, § 734.9(e)(3)',
};

/** A footnote with its meaning where it is known; the meanings hold for the Entity List only. */
export function describeFootnote(list: ListName, footnote: number): string {
  return (list === 'entity-list' ? FOOTNOTES[footnote] : undefined) ?? `Footnote ${footnote}`;
}

/** "1 entry", "3,415 entries". */
export function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
