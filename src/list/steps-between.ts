import type { Change, Entry, EntryField } from '../model.ts';
import { changedFields, textOfEntry } from './apply.ts';
import type { Step } from './history.ts';

/**
 * The steps that lead from one state of an entry to another, undefined where it is on no list: none where the two
 * differ in print variants alone. An entry that changes lists leaves the one before it joins the other, because
 * each list is also folded by itself.
 */
export function stepsBetween(
  from: Entry | undefined,
  to: Entry | undefined,
): (Step & Pick<Change, 'name'>)[] {
  if (from && to && from.list === to.list) {
    const [before, after] = [textOfEntry(from), textOfEntry(to)];
    const moved = from.destination !== to.destination;
    const fields: EntryField[] = [
      ...changedFields(before, after),
      ...(moved ? ['destination' as const] : []),
    ];
    if (fields.length === 0) return [];
    const movedFrom = moved ? { movedFrom: { destination: from.destination, country: from.country } } : {};
    return [{ kind: 'revised', ...placeOf(to), before, after, fields, ...movedFrom }];
  }
  return [
    ...(from
      ? [{ kind: 'removed' as const, ...placeOf(from), before: textOfEntry(from), after: null, fields: [] }]
      : []),
    ...(to
      ? [{ kind: 'added' as const, ...placeOf(to), before: null, after: textOfEntry(to), fields: [] }]
      : []),
  ];
}

function placeOf({ entryId, list, destination, country, name }: Entry) {
  return { entryId, list, destination, country, name };
}
