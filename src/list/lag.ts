import { foldName } from '../fold.ts';
import type { Entry, EntryField } from '../model.ts';
import type { Discrepancy } from './reconcile.ts';
import { otherVersions, type Past } from './versions.ts';

/** How our entries and the rows of one source are compared. */
export interface Pairing<Theirs> {
  reconcile(ours: readonly Entry[], theirs: readonly Theirs[]): Discrepancy<Theirs>[];
  /** The names, folded, under which a row is looked up. */
  foldedNamesOf(theirs: Theirs): string[];
  /** How the source would show one of our entries. */
  show(entry: Entry): Theirs;
}

export interface Explained<Theirs> {
  /** What no rule explains. */
  drift: Discrepancy<Theirs>[];
  /**
   * Of entries that differ: the index of the version that the source shows, or null where it shows nothing of
   * them for no reason. All other entries are shown as they are in effect.
   */
  shown: Map<string, number | null>;
}

/** Rows of the source that no entry of ours claims so far. */
function createUnclaimed<Theirs>(rows: readonly Theirs[], { foldedNamesOf }: Pairing<Theirs>) {
  const byName = new Map<string, Set<Theirs>>();
  const left = new Set<Theirs>();
  const add = (row: Theirs) => {
    left.add(row);
    for (const name of foldedNamesOf(row)) byName.set(name, (byName.get(name) ?? new Set()).add(row));
  };
  for (const row of rows) add(row);
  return {
    left,
    add,
    take(row: Theirs) {
      left.delete(row);
      for (const name of foldedNamesOf(row)) byName.get(name)?.delete(row);
    },
    named: (name: string): Theirs[] => [...(byName.get(foldName(name)) ?? [])],
  };
}

/** How a row differs from an entry, and what of it the entry leaves open; null where it means another one. */
function compareRow<Theirs>(entry: Entry, row: Theirs, pairing: Pairing<Theirs>) {
  const found = pairing.reconcile([entry], [row]);
  const own = found.find(({ ours }) => ours !== null);
  if (own !== undefined && own.kind !== 'differs') return null;
  const rest = found.flatMap(({ kind, theirs }) => (kind === 'missing-here' && theirs ? [theirs] : []));
  return { fields: own?.fields ?? [], rest };
}

interface Match<Theirs> {
  index: number;
  /** 0 for the very version; otherwise how much still differs. */
  cost: number;
  fields: EntryField[];
  row: Theirs | null;
  rest: Theirs[];
}

/**
 * Takes out of what differs all that is explained by a source that shows an entry as it was before a rule that
 * is still open there, or as a rule that is not in effect yet will leave it. Fields that no version explains stay.
 */
export function explainLag<Theirs>(
  found: readonly Discrepancy<Theirs>[],
  pasts: Map<string, Past>,
  isOpen: (number: string) => boolean,
  pairing: Pairing<Theirs>,
): Explained<Theirs> {
  const unclaimed = createUnclaimed(
    found.flatMap(({ kind, theirs }) => (kind === 'missing-here' && theirs ? [theirs] : [])),
    pairing,
  );
  const shown: Explained<Theirs>['shown'] = new Map();
  const drift: Discrepancy<Theirs>[] = [];

  function matchOf(past: Past, seen: Discrepancy<Theirs> | null): Match<Theirs> | null {
    let best: Match<Theirs> | null = null;
    const offer = (match: Match<Theirs>) => {
      if (best === null || match.cost < best.cost) best = match;
    };
    for (const index of otherVersions(past, isOpen)) {
      const { entry } = past.versions[index]!;
      if (entry === null) {
        const nothing = { index, fields: [], row: null, rest: [] };
        if (seen?.kind === 'missing-there') offer({ ...nothing, cost: 0 });
        // It met a row of another name, which then means somebody else.
        else if (seen?.fields.includes('name')) offer({ ...nothing, cost: 0.5 });
        continue;
      }
      for (const row of seen?.theirs ? [seen.theirs] : unclaimed.named(entry.name)) {
        const compared = compareRow(entry, row, pairing);
        // Of an entry that went, a row under another name or destination tells nothing.
        const isOther =
          seen === null && compared?.fields.some((one) => one === 'name' || one === 'destination');
        if (compared && !isOther) offer({ index, cost: compared.fields.length, row, ...compared });
      }
    }
    return best;
  }

  function settle(match: Match<Theirs>, seen: Discrepancy<Theirs> | null): void {
    if (match.row !== null) unclaimed.take(match.row);
    else if (seen?.theirs) unclaimed.add(seen.theirs);
    for (const row of match.rest) unclaimed.add(row);
  }

  for (const seen of found) {
    if (seen.ours === null) continue;
    const past = pasts.get(seen.ours.entryId);
    const match = past === undefined ? null : matchOf(past, seen);
    const cost = seen.kind === 'differs' ? seen.fields.length : Number.POSITIVE_INFINITY;
    if (match === null || match.cost >= cost) {
      if (seen.kind === 'missing-there') shown.set(seen.ours.entryId, null);
      drift.push(seen);
      continue;
    }
    settle(match, seen);
    shown.set(seen.ours.entryId, match.index);
    if (match.fields.length > 0)
      drift.push({ kind: 'differs', ours: seen.ours, theirs: match.row, fields: match.fields });
  }
  for (const [entryId, past] of pasts) {
    if (past.versions[past.at]!.entry !== null) continue;
    const match = matchOf(past, null);
    if (match === null) continue;
    // What the source still shows of an entry that goes is no news, whatever it says.
    settle(match, null);
    shown.set(entryId, match.index);
  }
  for (const row of unclaimed.left) drift.push({ kind: 'missing-here', ours: null, theirs: row, fields: [] });
  return { drift, shown };
}
