import { foldName } from '../fold.ts';
import type { PlacedEntry } from '../model.ts';

/**
 * Key under which an entry is looked up: list, destination and folded name. Not an identity: a name can stand
 * twice under one destination ("Wong Yung Fai"), and an address entry is called "Address 01" in each.
 */
export function entryKey(entry: Pick<PlacedEntry, 'list' | 'destination' | 'name'>): string {
  return `${entry.list}|${foldName(entry.destination)}|${foldName(entry.name)}`;
}
