import type { Parts } from './parts.ts';
import { releaseAbandoned } from './store/abandoned.ts';
import { changeSetsToNotify } from './store/change-sets.ts';
import { dueDeliveries } from './store/deliveries.ts';
import { changeSetsToScreen, watchlistsToScreen } from './store/screening.ts';

/** At most so many of each in one sweep; the next one takes the rest, and what waits in the queue stays bounded. */
const BATCH = 1000;

/** What the tables say is still to be done. */
export interface Swept {
  /** Change sets without deliveries. */
  changeSetIds: string[];
  /** Deliveries that are due. */
  deliveryIds: string[];
  /** Whether more of them may be due than one sweep takes. */
  isFull: boolean;
  /** Change sets that were told, and not compared with watchlists yet. */
  unscreenedIds: string[];
  /** Watchlists whose last upload was not compared with the lists yet. */
  watchlistIds: string[];
}

/** Takes over what processes were sending that are gone, and answers what is to be done. */
export async function sweep(parts: Parts): Promise<Swept> {
  const released = await releaseAbandoned(parts.db, parts.presence);
  if (released > 0)
    parts.log.warn({ deliveries: released }, 'deliveries of a process that is gone taken over');
  const [changeSetIds, deliveries, unscreenedIds, watchlistIds] = await Promise.all([
    changeSetsToNotify(parts.db, BATCH),
    dueDeliveries(parts.db, parts.now(), BATCH),
    changeSetsToScreen(parts.db, BATCH),
    watchlistsToScreen(parts.db, BATCH),
  ]);
  return {
    changeSetIds,
    deliveryIds: deliveries.map((delivery) => delivery.deliveryId),
    isFull: deliveries.length === BATCH,
    unscreenedIds,
    watchlistIds,
  };
}
