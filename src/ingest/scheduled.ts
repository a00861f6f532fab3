import type { Change, Issue, StoredChange } from '../model.ts';
import { changesOfEntries } from '../store/changes.ts';
import type { Transaction } from './outcome.ts';

/**
 * Revisions that an earlier rule scheduled for a later day than that of a change, of the same field of the same entry.
 * A stored revision holds the whole field as it was worked out before this change was known: on its day it would take
 * this one back without a word. Whether that is meant is for a person to say.
 *
 * @param orderOn effective day of changes without one of their own
 */
export async function scheduledOver(
  tx: Transaction,
  changes: readonly Change[],
  orderOn: string,
): Promise<Issue[]> {
  const revised = changes.filter(({ kind }) => kind === 'revised');
  if (revised.length === 0) return [];
  const stored = await changesOfEntries(
    tx,
    revised.map(({ entryId }) => entryId),
  );
  const revisions = new Map<string, StoredChange[]>();
  for (const change of stored)
    if (change.kind === 'revised')
      revisions.set(change.entryId, [...(revisions.get(change.entryId) ?? []), change]);
  return revised.flatMap(({ entryId, fields, effectiveOn, name, locator }): Issue[] => {
    const later = revisions
      .get(entryId)
      ?.find(
        (change) =>
          change.effectiveOn > (effectiveOn ?? orderOn) &&
          change.fields.some((field) => fields.includes(field)),
      );
    if (later === undefined) return [];
    const message = `“${name}” is also revised on ${later.effectiveOn} by a rule that was read before: that would take this change back`;
    return [{ code: 'scheduled-over', holds: true, message, excerpt: name.slice(0, 300), locator }];
  });
}
