import { isDeepStrictEqual } from 'node:util';
import type { Change, ChangeReason, EntryField, StoredChange } from '../model.ts';
import { changedFields } from './apply.ts';
import { inverseOf } from './history.ts';

/** What of a change says what it does; the rest says when and where it was read. */
function essence(
  { kind, list, destination, before, after, fields, effectiveOn }: Change,
  on: string,
): unknown {
  return { kind, list, destination, before, after, fields, on: effectiveOn ?? on };
}

const isRevision = ({ kind }: Change) => kind === 'revised' || kind === 'editorial';

/**
 * What mends an old reading where one patch can: none where the two differ in print variants alone, which the list
 * counts as the same. Null where what was done has to be undone.
 */
function mend(old: StoredChange, next: Change, on: string): Change[] | null {
  if (old.effectiveOn !== (next.effectiveOn ?? on) || old.list !== next.list) return null;
  if (!(old.kind === next.kind || (isRevision(old) && isRevision(next)))) return null;
  if (old.after === null || next.after === null) return null;
  const moved = old.destination !== next.destination;
  const fields: EntryField[] = [
    ...changedFields(old.after, next.after),
    ...(moved ? ['destination' as const] : []),
  ];
  if (fields.length === 0) return [];
  const patch: Change = {
    kind: 'revised',
    entryId: old.entryId,
    list: next.list,
    destination: next.destination,
    country: next.country,
    name: next.name,
    before: old.after,
    after: next.after,
    fields,
    locator: next.locator,
    ...(moved ? { movedFrom: { destination: old.destination, country: old.country } } : {}),
    because: 'correction',
    ofSeq: old.seq,
    effectiveOn: old.effectiveOn,
  };
  return [patch];
}

/**
 * What has to be appended so that the list is as if a document had been read in the new way from the first.
 * Entries on which both readings agree get nothing; where they differ in texts alone, one revision; else what
 * was done is undone, on its own day, and done anew.
 *
 * @param old what the document did, and what was scheduled with it
 * @param next what it does as it is read now, from the list before it
 * @param on effective day of the document as it is read now
 */
export function correctChanges(old: readonly StoredChange[], next: readonly Change[], on: string): Change[] {
  const ids = [...new Set([...old, ...next].map((change) => change.entryId))];
  return ids.flatMap((id) => {
    const before = old.filter((change) => change.entryId === id);
    const after = next.filter((change) => change.entryId === id);
    const same = isDeepStrictEqual(
      before.map((change) => essence(change, change.effectiveOn)),
      after.map((change) => essence(change, on)),
    );
    if (same) return [];
    const [first] = before;
    const [second] = after;
    if (before.length === 1 && after.length === 1) {
      const patch = mend(first!, second!, on);
      if (patch) return patch;
    }
    const undone = [...before].reverse().flatMap((change) => undo(change, after, on));
    return [...undone, ...after.map((change): Change => ({ ...change, because: 'correction' }))];
  });
}

/**
 * Undoes one change of an old reading on its own day. What the new reading has in effect before that day is said
 * again behind it, or it would be undone with it. An end has undone its change already and stays.
 */
function undo(old: StoredChange, after: readonly Change[], on: string): Change[] {
  const { seq, changeSetId: _set, knownAt: _known, ...rest } = old;
  const begun = after.filter((change) => (change.effectiveOn ?? on) < old.effectiveOn);
  return [old.because === 'expiry' ? rest : inverseOf<Change>(rest), ...begun].map((change) => ({
    ...change,
    ...{ because: 'correction' as const, ofSeq: seq, effectiveOn: old.effectiveOn },
  }));
}

/**
 * What a document did, with our own corrections of it worked in: those that were undone are gone, those that
 * were mended read as they were mended. Each keeps the sequence number of what was told first.
 *
 * @param changes all changes of the document's change sets
 */
export function netChanges(changes: readonly StoredChange[]): StoredChange[] {
  const net = new Map<number, StoredChange>();
  for (const change of [...changes].sort((a, b) => a.seq - b.seq)) {
    const isFirst = change.because !== 'correction' || change.ofSeq == null;
    const old = isFirst ? undefined : net.get(change.ofSeq!);
    if (isFirst) net.set(change.seq, { ...change, because: stays(change) });
    // What was undone already: this is said again behind it.
    else if (old === undefined) continue;
    else if (
      old.because === 'expiry' ||
      (isDeepStrictEqual(change.after, old.before) && change.kind === inverseOf(old).kind)
    )
      net.delete(old.seq);
    else {
      const { destination, country, name, after } = change;
      net.set(old.seq, { ...old, destination, country, name, after });
    }
  }
  return [...net.values()];
}

/** A change that was made anew is from then on what the document did. */
function stays({ because }: StoredChange): ChangeReason | null {
  return because === 'correction' ? null : (because ?? null);
}
