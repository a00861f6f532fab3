import type { EntryField, EntryText, StoredChange } from '../model.ts';
import { citationText } from './citation.ts';
import { countryName } from './country-name.ts';
import { diffItems, type ItemDiff, type Segment, wordDiff } from './word-diff.ts';
import { describeFields, describeLocator, FIELD_LABELS } from './words.ts';

/** One field, old and new: by words for a text, by items for a list. */
export type FieldView =
  | { label: string; shape: 'text'; segments: Segment[] }
  | { label: string; shape: 'items'; items: ItemDiff };

/** A revised entry. */
export interface RevisionView {
  seq: number;
  name: string;
  place: string;
  summary: string;
  fields: FieldView[];
  locator: string;
}

/** A removed entry, with what it covered: the names and addresses that may be unblocked. */
export interface RemovalView {
  seq: number;
  name: string;
  place: string;
  aliases: string[];
  addresses: string[];
  locator: string;
}

/** Shows a revision field by field. */
export function viewRevision(change: StoredChange): RevisionView {
  return {
    ...headOf(change),
    summary: describeFields(change),
    fields: change.fields.map((field) => viewField(change, field)),
  };
}

/** Shows a removal. */
export function viewRemoval(change: StoredChange): RemovalView {
  return {
    ...headOf(change),
    aliases: change.before?.aliases ?? [],
    addresses: change.before?.addresses ?? [],
  };
}

function headOf(change: StoredChange) {
  return {
    seq: change.seq,
    name: change.name,
    place: countryName(change.country, change.destination),
    locator: describeLocator(change.locator),
  };
}

function viewField(change: StoredChange, field: EntryField): FieldView {
  const label = FIELD_LABELS[field];
  // Before and after hold no destination: the change carries the one in force, and the one before.
  if (field === 'destination') {
    const from = change.movedFrom?.destination;
    const left: Segment[] = from === undefined ? [] : [{ text: from, mark: 'removed' }];
    return { label, shape: 'text', segments: [...left, { text: change.destination, mark: 'added' }] };
  }
  const before = textOrItems(change.before, field);
  const after = textOrItems(change.after, field);
  if (typeof before === 'string' && typeof after === 'string') {
    return { label, shape: 'text', segments: wordDiff(before, after) };
  }
  return { label, shape: 'items', items: diffItems([before].flat(), [after].flat()) };
}

function textOrItems(entry: EntryText | null, field: keyof EntryText): string | string[] {
  switch (field) {
    case 'name':
    case 'licenseRequirement':
    case 'licenseReviewPolicy':
      return entry?.[field] ?? '';
    case 'aliases':
    case 'addresses':
    case 'seeAlso':
      return entry?.[field] ?? [];
    case 'footnotes':
      return (entry?.footnotes ?? []).map((footnote) => `Footnote ${footnote}`);
    case 'citations':
      return (entry?.citations ?? []).map(citationText);
  }
}
