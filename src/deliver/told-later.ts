import type { ChangeSet } from '../model.ts';
import type { Parts } from '../parts.ts';
import { chainAfter } from '../store/change-chain.ts';
import type { StoredChangeSet } from '../store/change-sets.ts';
import { listDeliveries, type StoredDelivery } from '../store/deliveries.ts';

/**
 * Whether what is told later about a document takes the place of what was told earlier. A correction holds only what
 * was wrong of a rule, and so takes the place of a notice but of no rule.
 */
export function overtakes(later: Pick<ChangeSet, 'cause'>, earlier: Pick<ChangeSet, 'firstSeq'>): boolean {
  return later.cause !== 'reparse' || earlier.firstSeq === null;
}

/** What the subscription of an alert was sent later about the same document, the oldest first. */
export async function sentAfter(
  parts: Parts,
  { changeSetId, subscriptionId }: Pick<StoredDelivery, 'changeSetId' | 'subscriptionId'>,
): Promise<StoredChangeSet[]> {
  if (changeSetId === null) return [];
  const sent: StoredChangeSet[] = [];
  for (const after of await chainAfter(parts.db, changeSetId)) {
    const filter = { changeSetId: after.changeSetId, subscriptionId, status: 'sent', limit: 1 } as const;
    if ((await listDeliveries(parts.db, filter)).length > 0) sent.push(after);
  }
  return sent;
}
