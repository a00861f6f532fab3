import { diffWordsWithSpace } from 'diff';

/** A run of text that both sides share, or that only the old or only the new text has. */
export interface Segment {
  text: string;
  mark: 'same' | 'removed' | 'added';
}

/** What happened to a list of texts, item by item; order does not count. */
export interface ItemDiff {
  added: string[];
  removed: string[];
  unchanged: number;
}

/** Beyond these a comparison by words costs more than it tells: the whole old and new text are shown. */
const MAX_LENGTH = 20_000;
/** It is looked at between two steps, so that the whole stays below 50 ms. */
const TIMEOUT_MS = 40;

/**
 * Compares two texts word by word. The segments without `added` spell the old text exactly, those without
 * `removed` the new one.
 */
export function wordDiff(before: string, after: string): Segment[] {
  if (before === after) return before === '' ? [] : [{ text: before, mark: 'same' }];
  if (before.length > MAX_LENGTH || after.length > MAX_LENGTH) return wholeTexts(before, after);
  const parts = diffWordsWithSpace(before, after, { timeout: TIMEOUT_MS });
  if (parts === undefined) return wholeTexts(before, after);
  return parts.map((part) => ({
    text: part.value,
    mark: part.added ? 'added' : part.removed ? 'removed' : 'same',
  }));
}

function wholeTexts(before: string, after: string): Segment[] {
  const segments: Segment[] = [
    { text: before, mark: 'removed' },
    { text: after, mark: 'added' },
  ];
  return segments.filter((segment) => segment.text !== '');
}

/** Compares two lists of texts as multisets: a reordering is no change. */
export function diffItems(before: readonly string[], after: readonly string[]): ItemDiff {
  const left = new Map<string, number>();
  for (const item of before) left.set(item, (left.get(item) ?? 0) + 1);
  const added: string[] = [];
  for (const item of after) {
    const count = left.get(item) ?? 0;
    if (count === 0) added.push(item);
    else left.set(item, count - 1);
  }
  const removed: string[] = [];
  for (const item of before) {
    const count = left.get(item) ?? 0;
    if (count === 0) continue;
    removed.push(item);
    left.set(item, count - 1);
  }
  return { added, removed, unchanged: before.length - removed.length };
}
