import type { Entry, EntryField, PlacedEntry } from '../model.ts';
import { changedFields } from './apply.ts';
import { entryKey } from './key.ts';

/** A difference between two lists: one side is null for an entry that only the other has. */
export interface Difference<Entry extends PlacedEntry> {
  before: Entry | null;
  after: Entry | null;
  /** Fields that differ; empty where one side is null. */
  fields: EntryField[];
}

function groupByKey<Entry extends PlacedEntry>(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = entryKey(entry);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}

/**
 * Compares two whole lists entry by entry, whatever their order. Entries that share name and destination
 * ("Wong Yung Fai" stands twice) are paired so that those with the same text meet first.
 */
export function diffLists<Entry extends PlacedEntry>(
  before: readonly Entry[],
  after: readonly Entry[],
): Difference<Entry>[] {
  const differences: Difference<Entry>[] = [];
  const left = groupByKey(before);
  for (const [key, entries] of groupByKey(after)) {
    const rivals = left.get(key) ?? [];
    left.delete(key);
    const changed: Entry[] = [];
    for (const entry of entries) {
      const same = rivals.findIndex((rival) => changedFields(rival, entry).length === 0);
      if (same >= 0) rivals.splice(same, 1);
      else changed.push(entry);
    }
    for (const entry of changed) {
      const rival = rivals.shift() ?? null;
      differences.push({ before: rival, after: entry, fields: rival ? changedFields(rival, entry) : [] });
    }
    for (const rival of rivals) differences.push({ before: rival, after: null, fields: [] });
  }
  for (const entries of left.values())
    for (const entry of entries) differences.push({ before: entry, after: null, fields: [] });
  return differences;
}

/**
 * Compares two states of one stored list by the ids of their entries, so that an entry that was renamed or moved
 * is one difference. In the order of destination and name.
 */
export function diffStates(before: readonly Entry[], after: readonly Entry[]): Difference<Entry>[] {
  const left = new Map(before.map((entry) => [entry.entryId, entry]));
  const differences: Difference<Entry>[] = [];
  for (const entry of after) {
    const old = left.get(entry.entryId) ?? null;
    left.delete(entry.entryId);
    const moved = old !== null && old.destination !== entry.destination;
    const fields: EntryField[] = old
      ? [...changedFields(old, entry), ...(moved ? ['destination' as const] : [])]
      : [];
    if (old === null || fields.length > 0) differences.push({ before: old, after: entry, fields });
  }
  for (const entry of left.values()) differences.push({ before: entry, after: null, fields: [] });
  const placeOf = ({ before: old, after: next }: Difference<Entry>) => {
    const { destination, name } = (next ?? old)!;
    return `${destination}\u0000${name}`;
  };
  return differences.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}
