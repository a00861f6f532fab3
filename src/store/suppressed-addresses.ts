import type { Kysely } from 'kysely';
import { hashTarget } from './hash-target.ts';
import type { Schema } from './schema.ts';

/** An address to which nothing is sent, and why; `isComplaint` where its owner said that our mail is spam. */
export interface Suppression {
  reason: string;
  isComplaint: boolean;
}

/**
 * Notes that nothing may be sent to an address any more, in whatever subscription, and disables all of them. A
 * complaint stays when a bounce comes after it.
 */
export async function suppressAddress(
  db: Kysely<Schema>,
  address: string,
  { reason, now }: { reason: string; now: string },
): Promise<void> {
  const addressHash = hashTarget('email', address);
  await db
    .insertInto('suppressedAddress')
    .values({ addressHash, reason, since: now })
    .onConflict((conflict) =>
      conflict
        .column('addressHash')
        .doUpdateSet({ reason, since: now })
        .where('suppressedAddress.reason', 'not like', `${COMPLAINT}%`),
    )
    .execute();
  await db
    .updateTable('subscription')
    .set({ status: 'disabled', statusReason: reason, statusBy: 'service' })
    .where('channel', '=', 'email')
    .where('targetHash', '=', addressHash)
    .where('status', '<>', 'disabled')
    .execute();
}

export function toSuppression(reason: string): Suppression {
  return { reason, isComplaint: reason.startsWith(COMPLAINT) };
}

/** Null for an address that may be sent to. */
export async function findSuppression(db: Kysely<Schema>, address: string): Promise<Suppression | null> {
  const row = await db
    .selectFrom('suppressedAddress')
    .select('reason')
    .where('addressHash', '=', hashTarget('email', address))
    .executeTakeFirst();
  return row === undefined ? null : toSuppression(row.reason);
}

const COMPLAINT = 'complaint-';
