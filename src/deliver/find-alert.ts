import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { changesOf } from '../store/changes.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { findToldChangeSet } from './find-change-set.ts';
import type { ToldChangeSet } from './told.ts';
import { overtakes, sentAfter } from './told-later.ts';

/**
 * What an alert says; null where later messages said all of it. What a correction that was sent before calls wrong is
 * left out, since the correction named it and would stand behind its fault.
 */
export async function findAlert(
  parts: Parts,
  alert: StoredDelivery,
  subscription: Subscription,
): Promise<ToldChangeSet | null> {
  if (alert.changeSetId === null) throw new Error(`the alert ${alert.deliveryId} is about no change set`);
  const told = await findToldChangeSet(parts, alert.changeSetId, subscription);
  const later = await sentAfter(parts, alert);
  if (later.some((one) => overtakes(one, told.changeSet))) return null;
  const seqs = new Set<number>();
  for (const { changeSetId } of later)
    for (const { ofSeq } of await changesOf(parts.db, changeSetId)) if (ofSeq != null) seqs.add(ofSeq);
  const changes = told.changes.filter(({ seq }) => !seqs.has(seq));
  if (changes.length === told.changes.length) return told;
  if (changes.length === 0) return null;
  return {
    ...told,
    changes,
    // The rest is no matter of the filter.
    allChangesCount: told.allChangesCount - (told.changes.length - changes.length),
    ...(told.hits && {
      hits: told.hits.filter(({ changeSeq }) => changeSeq === null || !seqs.has(changeSeq)),
    }),
  };
}
