import type { Parts } from '../parts.ts';
import { chainAfter } from '../store/change-chain.ts';
import { listDeliveries, type StoredDelivery } from '../store/deliveries.ts';

/** Whether the subscription has a later message about the same document already: an older one would mislead. */
export async function isOvertaken(
  parts: Parts,
  { changeSetId, subscriptionId }: StoredDelivery,
): Promise<boolean> {
  if (changeSetId === null) return false;
  for (const after of await chainAfter(parts.db, changeSetId)) {
    const filter = { changeSetId: after.changeSetId, subscriptionId, status: 'sent', limit: 1 } as const;
    if ((await listDeliveries(parts.db, filter)).length > 0) return true;
  }
  return false;
}
