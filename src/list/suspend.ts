import { addDays, laterOf } from '../days.ts';
import type { Change, StoredChange, Suspension } from '../model.ts';
import { compareEffect, foldChanges, inverseOf } from './history.ts';
import { netChanges } from './net-changes.ts';

/** Whether the instruction is one of those that are put off: "3" stands for "3", "3.a" and all below. */
function isMeant(change: StoredChange, instructions: readonly string[] | null | undefined): boolean {
  if (!instructions) return true;
  const own = change.locator?.instruction ?? '';
  return instructions.some((number) => own === number || own.startsWith(`${number}.`));
}

/** Whether a change comes of an order that puts off the change of this number. */
function isOrdered({ because, ofSeq }: StoredChange, seq: number): boolean {
  return ofSeq === seq && (because === 'stay' || because === 'delay' || because === 'resume');
}

/** What an order that puts off a rule does to one of its changes; `history` holds all changes of the entry. */
function suspendOne(
  original: StoredChange,
  history: readonly StoredChange[],
  { kind, from, until }: Suspension,
  orderOn: string,
): Change[] {
  const start = laterOf(original.effectiveOn, from ?? orderOn);
  // A stay says its last day, a delay the first day of effect (sources, §4.1).
  const end = until === null ? null : kind === 'stay' ? addDays(until, 1) : until;
  if (end !== null && end <= start) return [];
  const ordered = history.filter((change) => isOrdered(change, original.seq));
  const events = [original, ...ordered].sort(compareEffect);
  const isOn = (change: StoredChange) => change === original || change.because === 'resume';

  const changes: Change[] = [];
  const then = (change: Change, on: string, because: 'stay' | 'delay' | 'resume') =>
    changes.push({ ...plain(change), because, ofSeq: original.seq, effectiveOn: on });
  const off = inverseOf(original);
  if (isOn(events.filter((change) => change.effectiveOn <= start).at(-1)!)) then(off, start, kind);
  // An earlier order may have said when it comes back: that falls into this one.
  for (const event of events)
    if (isOn(event) && event.effectiveOn > start && (end === null || event.effectiveOn < end))
      then(off, event.effectiveOn, kind);
  if (end === null) return changes;
  // It comes back as if it had never been put off: meanwhile other rules may have revised or removed the
  // entry, and the rule itself may have ended.
  const others = history.filter((change) => change.effectiveOn <= end && !ordered.includes(change));
  const entry = foldChanges(others.sort(compareEffect)).get(original.entryId);
  if ((entry === undefined) !== (original.kind === 'removed')) return changes;
  if (entry === undefined) then(original, end, 'resume');
  else {
    const { entryId: _id, list: _list, destination, country, ...text } = entry;
    then({ ...original, destination, country, name: text.name, after: text }, end, 'resume');
  }
  return changes;
}

/** A stored change as a new one: its numbers and days are given anew. */
function plain(change: Change & Partial<StoredChange>): Change {
  const { seq: _seq, changeSetId: _set, knownAt: _known, effectiveOn: _on, ...rest } = change;
  return rest;
}

/**
 * What a stay or a delay does to the list: each change of the rule is taken back on the day from which it is put
 * off, and made again on the day on which it takes effect (15 CFR 744; 90 FR 47201 was stayed so). Nothing is
 * deleted; what lies in the future is scheduled.
 *
 * @param changes what the rule itself changed
 * @param history all changes of the entries that it changed, earlier stays included
 * @param orderOn effective day of the order
 */
export function suspendChanges(
  changes: readonly StoredChange[],
  history: readonly StoredChange[],
  suspension: Suspension,
  orderOn: string,
): Change[] {
  const byEntry = new Map<string, StoredChange[]>();
  for (const change of history) {
    const own = byEntry.get(change.entryId) ?? [];
    byEntry.set(change.entryId, own);
    own.push(change);
  }
  // What we corrected ourselves is put off as it reads now.
  const net = netChanges(changes).filter((change) => (change.because ?? null) === null);
  return net
    .filter((change) => isMeant(change, suspension.instructions))
    .flatMap((change) => suspendOne(change, byEntry.get(change.entryId) ?? [change], suspension, orderOn));
}

/**
 * Entries on which our own corrections of a rule left more than one day. A stay of such a rule would have to undo
 * days that only an older reading had, among the changes of others; that is for a person to look at.
 */
export function correctedOnSeveralDays(changes: readonly StoredChange[]): string[] {
  const corrected = new Set(
    changes.filter(({ because }) => because === 'correction').map(({ entryId }) => entryId),
  );
  return [...corrected].filter(
    (id) =>
      new Set(changes.filter(({ entryId }) => entryId === id).map(({ effectiveOn }) => effectiveOn)).size > 1,
  );
}
