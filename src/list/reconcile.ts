import { foldName } from '../fold.ts';
import type { Entry, EntryField, PlacedEntry } from '../model.ts';
import { entryKey } from './key.ts';
import { cellKey, type DocumentsCited, fieldsThatDiffer, tolerant } from './reconcile-tolerance.ts';

/** How our list and another source's differ: an entry that one of them lacks, or two readings of one. */
export type DiscrepancyKind = 'missing-there' | 'missing-here' | 'differs';

export interface Discrepancy<Theirs> {
  kind: DiscrepancyKind;
  ours: Entry | null;
  theirs: Theirs | null;
  /** Set for `differs`. */
  fields: EntryField[];
}

/** Share of the items of two sets that both have, from 0 to 1; two empty sets are one. */
function overlap(a: readonly string[], b: readonly string[]): number {
  const left = new Set(a.map(tolerant));
  const right = new Set(b.map(tolerant));
  const both = [...left].filter((item) => right.has(item)).length;
  const all = left.size + right.size - both;
  return all === 0 ? 1 : both / all;
}

/** How much two entries that may be one have in common; addresses tell most (sources, §7, trap 6). */
function similarity(ours: PlacedEntry, theirs: PlacedEntry): number {
  const cites = ours.citations.some((a) =>
    theirs.citations.some((b) => a.volume === b.volume && a.page === b.page),
  );
  return (
    4 * overlap(ours.addresses, theirs.addresses) +
    2 * overlap(ours.aliases, theirs.aliases) +
    (cites ? 1 : 0) +
    (tolerant(ours.name) === tolerant(theirs.name) ? 1 : 0)
  );
}

/** Pairs the entries of two groups, the most similar first; each is in one pair at most. */
function pairUp<Theirs extends PlacedEntry>(
  ours: readonly Entry[],
  theirs: readonly Theirs[],
): [Entry, Theirs][] {
  if (ours.length === 1 && theirs.length === 1) return [[ours[0]!, theirs[0]!]];
  const rivals = ours.flatMap((own) =>
    theirs.map((other) => ({ own, other, score: similarity(own, other) })),
  );
  const pairs: [Entry, Theirs][] = [];
  const taken = new Set<PlacedEntry>();
  for (const { own, other } of rivals.sort((a, b) => b.score - a.score)) {
    if (taken.has(own) || taken.has(other)) continue;
    taken.add(own).add(other);
    pairs.push([own, other]);
  }
  return pairs;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Pairs what is left on both sides by a looser key, and takes it out of both. */
function takePairs<Theirs extends PlacedEntry>(
  ours: Set<Entry>,
  theirs: Set<Theirs>,
  keyOf: (entry: PlacedEntry) => string,
): [Entry, Theirs][] {
  const others = groupBy([...theirs], keyOf);
  const pairs = [...groupBy([...ours], keyOf)].flatMap(([key, group]) => {
    const rivals = key.endsWith('|') ? undefined : others.get(key);
    return rivals === undefined ? [] : pairUp(group, rivals);
  });
  for (const [own, other] of pairs) {
    ours.delete(own);
    theirs.delete(other);
  }
  return pairs;
}

/**
 * Compares our list with the same list as eCFR prints it. Entries meet by destination and name; what is left
 * meets as one cell that was read in two ways, then as moved (same name), then as renamed (same destination and addresses). Everything that is not within
 * the tolerance is answered, in the order of destination and name.
 */
export function reconcileEntries<Theirs extends PlacedEntry>(
  ours: readonly Entry[],
  theirs: readonly Theirs[],
  documentsCited: DocumentsCited,
): Discrepancy<Theirs>[] {
  const leftHere = new Set(ours);
  const leftThere = new Set(theirs);
  const pairs = [
    ...takePairs(leftHere, leftThere, entryKey),
    ...takePairs(leftHere, leftThere, (entry) => `${entry.list}|${cellKey(entry)}`),
    ...takePairs(leftHere, leftThere, movedKey),
    ...takePairs(leftHere, leftThere, renamedKey),
  ];
  const found: Discrepancy<Theirs>[] = pairs.flatMap(([own, other]) => {
    // Print varies a heading ("TURKEY", "TÜRKIYE"); its code does not.
    const moved =
      foldName(own.destination) !== foldName(other.destination) &&
      (own.country === null || own.country !== other.country);
    const fields: EntryField[] = [
      ...fieldsThatDiffer(own, other, documentsCited),
      ...(moved ? ['destination' as const] : []),
    ];
    return fields.length > 0 ? [{ kind: 'differs' as const, ours: own, theirs: other, fields }] : [];
  });
  for (const own of leftHere) found.push({ kind: 'missing-there', ours: own, theirs: null, fields: [] });
  for (const other of leftThere) found.push({ kind: 'missing-here', ours: null, theirs: other, fields: [] });
  const placeOf = ({ ours: own, theirs: other }: Discrepancy<Theirs>) => {
    const { destination, name } = (own ?? other)!;
    return `${destination}\u0000${name}`;
  };
  return found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : 0));
}

/** An address entry is called "Address 01" in each destination, so its name alone says nothing (trap 1). */
const movedKey = (entry: PlacedEntry) =>
  /^address\s*\d+$/iu.test(entry.name) ? `${entry.list}|` : `${entry.list}|${foldName(entry.name)}`;

/** Without an address nothing ties two names together. */
const renamedKey = (entry: PlacedEntry) =>
  `${entry.list}|${foldName(entry.destination)}|${entry.addresses.map(foldName).sort().join('/')}`;
