import type { AlertView, ListView } from './alert-view.ts';
import { shorten } from './clean.ts';
import type { TermsView } from './group-additions.ts';
import type { FieldView } from './revision-view.ts';
import type { Segment } from './word-diff.ts';

const MAX_NAME = 300;
const MAX_TEXT = 1_200;
const MAX_ITEMS = 40;
const MAX_SEGMENTS = 80;

/**
 * Bounds every text and list of a view for mail, so that one monstrous entry cannot push the others out.
 * What is left out is counted; the CSV and the page have it whole.
 */
export function clipView(view: AlertView): AlertView {
  return { ...view, lists: view.lists.map(clipList) };
}

function clipList(list: ListView): ListView {
  const entry = <Entry extends { name: string }>(value: Entry) => ({
    ...value,
    name: shorten(value.name, MAX_NAME),
  });
  const items = <Entry extends { aliases: string[]; addresses: string[] }>(value: Entry) => ({
    ...value,
    aliases: clipItems(value.aliases),
    addresses: clipItems(value.addresses),
  });
  const revision = <Entry extends { name: string; fields: FieldView[] }>(value: Entry) => ({
    ...entry(value),
    fields: value.fields.map(clipField),
  });
  const groups = list.added.items.map((group) => ({
    ...group,
    blocks: group.blocks.map((block) => ({
      terms: clipTerms(block.terms),
      entries: block.entries.map((one) => ({ ...items(entry(one)), seeAlso: clipItems(one.seeAlso) })),
    })),
  }));
  return {
    ...list,
    added: { ...list.added, items: groups },
    revised: { ...list.revised, items: list.revised.items.map(revision) },
    removed: { ...list.removed, items: list.removed.items.map((one) => items(entry(one))) },
    editorial: { ...list.editorial, items: list.editorial.items.map(revision) },
  };
}

function clipTerms(terms: TermsView): TermsView {
  return {
    ...terms,
    licenseRequirement: shorten(terms.licenseRequirement, MAX_TEXT),
    licenseReviewPolicy: shorten(terms.licenseReviewPolicy, MAX_TEXT),
    citations: terms.citations.slice(0, MAX_ITEMS),
  };
}

function clipItems(items: string[]): string[] {
  const kept = items.slice(0, MAX_ITEMS).map((item) => shorten(item, MAX_NAME));
  return items.length > MAX_ITEMS ? [...kept, `and ${items.length - MAX_ITEMS} more`] : kept;
}

function clipField(field: FieldView): FieldView {
  if (field.shape === 'items') {
    const { added, removed, unchanged } = field.items;
    return { ...field, items: { added: clipItems(added), removed: clipItems(removed), unchanged } };
  }
  return { ...field, segments: clipSegments(field.segments) };
}

function clipSegments(segments: Segment[]): Segment[] {
  if (segments.length > MAX_SEGMENTS) {
    const side = (left: Segment['mark']) =>
      segments.filter((segment) => segment.mark !== left).map((segment) => segment.text);
    return clipSegments([
      { text: side('added').join(''), mark: 'removed' },
      { text: side('removed').join(''), mark: 'added' },
    ]);
  }
  return segments.map((segment) => ({ ...segment, text: clipSegment(segment) }));
}

function clipSegment({ text, mark }: Segment): string {
  if (mark !== 'same') return shorten(text, MAX_TEXT);
  if (text.length <= 400) return text;
  const head = text.slice(0, 150).replace(/[\uD800-\uDBFF]$/u, '');
  return `${head} […] ${text.slice(-150).replace(/^[\uDC00-\uDFFF]/u, '')}`;
}
