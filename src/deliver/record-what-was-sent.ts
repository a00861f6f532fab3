import { setTimeout as sleep } from 'node:timers/promises';
import { ElwatchError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { recordSent, type StoredDelivery } from '../store/deliveries.ts';
import { markGatheredSent } from '../store/digests.ts';

/** A database that restarts is back within these. */
const WAITS_MS = [100, 300, 1_000, 3_000];

/**
 * Records that a delivery was sent, and with a digest what it took in. Tries again where the database does not take
 * it: what is not recorded is sent once more.
 */
export async function recordWhatWasSent(
  parts: Parts,
  { deliveryId, kind }: StoredDelivery,
  outcome: string,
): Promise<void> {
  const sent = { at: parts.now(), outcome };
  const record = async () => {
    if (kind !== 'digest') return recordSent(parts.db, deliveryId, sent);
    await parts.db.transaction().execute(async (tx) => {
      await recordSent(tx, deliveryId, sent);
      await markGatheredSent(tx, deliveryId, sent);
    });
  };
  for (const waitMs of WAITS_MS) {
    try {
      return await record();
    } catch (error) {
      // The database was closed.
      if (error instanceof ElwatchError && !error.retry) throw error;
      parts.log.warn({ delivery: deliveryId, waitMs }, 'what was sent could not be recorded');
      await sleep(waitMs);
    }
  }
  return record();
}
