import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { gatheredIn } from '../store/digests.ts';
import { findAlert } from './find-alert.ts';
import type { Told, ToldChangeSet } from './told.ts';
import { overtakes } from './told-later.ts';

/**
 * What a digest gathered. What a later message takes the place of, in the same digest or sent before, would mislead
 * and is left out; a correction stands beside the rule that it corrects.
 */
export async function findDigest(
  parts: Parts,
  { deliveryId, subject, createdAt }: StoredDelivery,
  subscription: Subscription,
): Promise<Extract<Told, { kind: 'digest' }>> {
  const gathered = await gatheredIn(parts.db, deliveryId);
  const entries: ToldChangeSet[] = [];
  for (const alert of gathered) {
    const entry = await findAlert(parts, alert, subscription);
    if (entry !== null) entries.push(entry);
  }
  const overtaken = new Set(
    entries.flatMap(({ changeSet, earlier }) =>
      earlier.filter((one) => overtakes(changeSet, one)).map((one) => one.changeSetId),
    ),
  );
  return {
    kind: 'digest',
    from: gathered[0]?.createdAt ?? createdAt,
    to: subject.replace(/^digest /u, ''),
    entries: entries.filter(({ changeSet }) => !overtaken.has(changeSet.changeSetId)),
  };
}
