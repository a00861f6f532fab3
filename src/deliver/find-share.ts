import type { Parts } from '../parts.ts';

/** Whose slots a delivery to a target takes up; null where it or its subscription is no more. */
export interface Share {
  organisationId: string;
  /** Host and port of the target, as people may see it. */
  host: string;
}

/** Finds out whose target a delivery goes to. */
export async function findShare({ db }: Parts, deliveryId: string): Promise<Share | null> {
  const row = await db
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.subscriptionId', 'delivery.subscriptionId')
    .select(['organisationId', 'recipient'])
    .where('deliveryId', '=', deliveryId)
    .executeTakeFirst();
  return row === undefined ? null : { organisationId: row.organisationId, host: hostOf(row.recipient) };
}

/** What is shown of a target begins with its origin; where it does not, it stands for itself. */
function hostOf(recipient: string): string {
  return URL.canParse(recipient) ? new URL(recipient).host : recipient;
}
