import type { Change, Entry, EntryText, StoredChange } from '../model.ts';

/** What a fold needs to know of a change. */
export type Step = Pick<
  Change,
  'kind' | 'entryId' | 'list' | 'destination' | 'country' | 'before' | 'after' | 'fields' | 'movedFrom'
>;

/**
 * Takes one change into a list, in place. A revision carries the fields that it touched and leaves the others
 * alone: of two rules that touch different fields of an entry, either may take effect first. An addition of
 * what is there, and a revision of what is not, do nothing, so that every step may be taken twice.
 */
export function takeStep(list: Map<string, Entry>, step: Step): void {
  const { entryId } = step;
  if (step.kind === 'removed') list.delete(entryId);
  else if (step.kind === 'added') {
    if (!list.has(entryId) && step.after !== null) list.set(entryId, placed(step, step.after));
  } else {
    const entry = list.get(entryId);
    if (entry === undefined || step.after === null) return;
    const next: Entry = { ...entry };
    for (const field of step.fields) {
      if (field === 'destination')
        Object.assign(next, { destination: step.destination, country: step.country });
      else Object.assign(next, { [field]: step.after[field] });
    }
    list.set(entryId, next);
  }
}

function placed({ entryId, list, destination, country }: Step, text: EntryText): Entry {
  return { ...text, entryId, list, destination, country };
}

/** The order in which changes take effect: by day, and on one day as they came. */
export function compareEffect(
  a: Pick<StoredChange, 'effectiveOn' | 'seq'>,
  b: Pick<StoredChange, 'effectiveOn' | 'seq'>,
): number {
  return a.effectiveOn < b.effectiveOn ? -1 : a.effectiveOn > b.effectiveOn ? 1 : a.seq - b.seq;
}

/** The list that changes leave, given in the order in which they take effect (`compareEffect`). */
export function foldChanges(steps: Iterable<Step>): Map<string, Entry> {
  const list = new Map<string, Entry>();
  for (const step of steps) takeStep(list, step);
  return list;
}

/** The change that undoes this one: taken right after it, both leave the list as it was. */
export function inverseOf<Of extends Change>(change: Of): Of {
  const { before, after, movedFrom } = change;
  const kind = change.kind === 'added' ? 'removed' : change.kind === 'removed' ? 'added' : change.kind;
  return {
    ...change,
    kind,
    before: after,
    after: before,
    name: before?.name ?? change.name,
    ...(movedFrom
      ? {
          destination: movedFrom.destination,
          country: movedFrom.country,
          movedFrom: { destination: change.destination, country: change.country },
        }
      : {}),
  };
}
