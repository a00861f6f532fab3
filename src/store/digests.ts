import type { Kysely } from 'kysely';
import { insertDeliveries, type NewDelivery, type StoredDelivery } from './deliveries.ts';
import type { Schema } from './schema.ts';

/** Subscriptions for which something waits to be gathered into a digest. */
export async function subscriptionsGathered(db: Kysely<Schema>): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('subscriptionId')
    .distinct()
    .where('status', '=', 'gathered')
    .where('digestId', 'is', null)
    .execute();
  return rows.map(({ subscriptionId }) => subscriptionId);
}

/**
 * Makes a digest of what a subscription has gathered up to an instant. Whatever else makes the same one makes
 * nothing. Call it in a transaction. Answers whether there is a new one.
 */
export async function makeDigest(tx: Kysely<Schema>, digest: NewDelivery, upTo: string): Promise<boolean> {
  const waiting = await tx
    .selectFrom('delivery')
    .select('deliveryId')
    .where('subscriptionId', '=', digest.subscriptionId)
    .where('status', '=', 'gathered')
    .where('digestId', 'is', null)
    .where('createdAt', '<=', upTo)
    .orderBy('createdAt')
    .orderBy('deliveryId')
    // A second worker waits here and then finds nothing left.
    .forUpdate()
    .execute();
  if (waiting.length === 0) return false;
  if ((await insertDeliveries(tx, [digest])).length === 0) return false;
  const ids = waiting.map(({ deliveryId }) => deliveryId);
  await tx
    .updateTable('delivery')
    .set({ digestId: digest.deliveryId })
    .where('deliveryId', 'in', ids)
    .execute();
  return true;
}

/** What a digest took in, in the order in which it was gathered. */
export async function gatheredIn(db: Kysely<Schema>, digestId: string): Promise<StoredDelivery[]> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('digestId', '=', digestId)
    .orderBy('createdAt')
    .orderBy('deliveryId')
    .execute();
}

/** What a digest took in was told with it. */
export async function markGatheredSent(
  db: Kysely<Schema>,
  digestId: string,
  { at, outcome }: { at: string; outcome: string },
): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ status: 'sent', sentAt: at, outcome })
    .where('digestId', '=', digestId)
    .where('status', '=', 'gathered')
    .execute();
}

/** A digest that will not be sent gives back what it took in: the next one, if there is one, takes it. */
export async function releaseGathered(db: Kysely<Schema>, digestId: string): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ digestId: null })
    .where('digestId', '=', digestId)
    .where('status', '=', 'gathered')
    .execute();
}

/** Ends what was gathered, where it will not be told: all of a subscription that is gone, or what a digest took in. */
export async function suppressGathered(
  db: Kysely<Schema>,
  of: { subscriptionId: string } | { digestId: string },
  reason: string,
): Promise<void> {
  const gathered = db
    .updateTable('delivery')
    .set({ status: 'suppressed', outcome: reason })
    .where('status', '=', 'gathered');
  await ('digestId' in of
    ? gathered.where('digestId', '=', of.digestId)
    : gathered.where('subscriptionId', '=', of.subscriptionId)
  ).execute();
}
