import type { Kysely } from 'kysely';
import type { Subscription } from '../model.ts';
import type { StoredDelivery } from './deliveries.ts';
import { hashTarget } from './hash-target.ts';
import type { Schema } from './schema.ts';
import { SUBSCRIPTION_COLUMNS } from './subscriptions.ts';
import { type Suppression, toSuppression } from './suppressed-addresses.ts';

/** To whom a delivery goes; `suppression` where nothing may be sent to that address, null where it may. */
export interface Addressee {
  subscription: Subscription;
  suppression: Suppression | null;
}

/** Looked up in one statement, since each of ten thousand mails asks it. Null where the subscription is gone. */
export async function findAddressee(
  db: Kysely<Schema>,
  { subscriptionId, channel, recipient }: StoredDelivery,
): Promise<Addressee | null> {
  const row = await db
    .selectFrom('subscription')
    .select(SUBSCRIPTION_COLUMNS)
    .select((eb) =>
      eb
        .selectFrom('suppressedAddress')
        .select('reason')
        .where('addressHash', '=', hashTarget(channel, recipient))
        .as('suppressedBy'),
    )
    .where('subscriptionId', '=', subscriptionId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { suppressedBy, ...subscription } = row;
  return {
    subscription,
    // The table has addresses of mail alone.
    suppression: channel === 'email' && suppressedBy !== null ? toSuppression(suppressedBy) : null,
  };
}
