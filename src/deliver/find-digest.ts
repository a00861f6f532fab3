import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { gatheredIn } from '../store/digests.ts';
import { findToldChangeSet } from './find-change-set.ts';
import { isOvertaken } from './is-overtaken.ts';
import type { Told, ToldChangeSet } from './told.ts';

/**
 * What a digest gathered. What a later message follows up, in the same digest or sent before, would mislead and is
 * left out.
 */
export async function findDigest(
  parts: Parts,
  { deliveryId, subject, createdAt }: StoredDelivery,
  subscription: Subscription,
): Promise<Extract<Told, { kind: 'digest' }>> {
  const gathered = await gatheredIn(parts.db, deliveryId);
  const entries: ToldChangeSet[] = [];
  for (const alert of gathered)
    if (!(await isOvertaken(parts, alert)))
      entries.push(await findToldChangeSet(parts, alert.changeSetId!, subscription));
  const overtaken = new Set(entries.flatMap(({ earlier }) => earlier.map((one) => one.changeSetId)));
  return {
    kind: 'digest',
    from: gathered[0]?.createdAt ?? createdAt,
    to: subject.replace(/^digest /u, ''),
    entries: entries.filter(({ changeSet }) => !overtaken.has(changeSet.changeSetId)),
  };
}
