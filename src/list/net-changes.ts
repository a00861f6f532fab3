import type { Change, Entry, StoredChange } from '../model.ts';
import { compareEffect, takeStep } from './history.ts';
import { stepsBetween } from './steps-between.ts';

/**
 * What a document does, with our own corrections of it worked in, in the order of its numbers. An entry that was
 * never corrected has its changes as they were told; of a corrected one, what each day comes to is one change,
 * under the number of the first one of that day.
 *
 * @param changes all changes of the document's change sets
 */
export function netChanges(changes: readonly StoredChange[]): StoredChange[] {
  const corrected = new Set(
    changes.filter(({ because }) => because === 'correction').map(({ entryId }) => entryId),
  );
  return [
    ...changes.filter(({ entryId }) => !corrected.has(entryId)),
    ...[...corrected].flatMap((id) => netOfEntry(changes.filter(({ entryId }) => entryId === id))),
  ].sort((a, b) => a.seq - b.seq);
}

function netOfEntry(changes: readonly StoredChange[]): StoredChange[] {
  const own = [...changes].sort(compareEffect);
  const base = entryBefore(own[0]!);
  const list = new Map(base ? [[base.entryId, base]] : []);
  return [...new Set(own.map(({ effectiveOn }) => effectiveOn))].flatMap((day) => {
    const ofDay = own.filter(({ effectiveOn }) => effectiveOn === day);
    const { entryId, seq, changeSetId, knownAt } = ofDay[0]!;
    const before = list.get(entryId);
    for (const step of ofDay) takeStep(list, step);
    const after = list.get(entryId);
    return stepsBetween(before, after).map((step): StoredChange => {
      const because = isEnd(step, base, after) ? 'expiry' : null;
      const { locator } = ofDay.at(-1)!;
      return { ...step, locator, because, seq, changeSetId, knownAt, effectiveOn: day };
    });
  });
}

/** The entry as a change found it; undefined where it was on no list. */
function entryBefore({ entryId, list, before, movedFrom, ...change }: StoredChange): Entry | undefined {
  const { destination, country } = movedFrom ?? change;
  return before ? { ...before, entryId, list, destination, country } : undefined;
}

/** Whether a step takes what it touches back to where the document found it: the end of what it ordered. */
function isEnd(
  { kind, fields }: Pick<Change, 'kind' | 'fields'>,
  base: Entry | undefined,
  after: Entry | undefined,
): boolean {
  const left = stepsBetween(base, after);
  if (kind !== 'revised') return left.length === 0;
  return left.every(
    (step) => step.kind === 'revised' && !step.fields.some((field) => fields.includes(field)),
  );
}
