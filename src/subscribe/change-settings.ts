import { parseAddress } from '../channel/address.ts';
import { ElwatchError } from '../errors.ts';
import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { editSubscription } from '../store/subscriptions.ts';
import { applySettings, type SubscriptionSettings } from '../subscription-request.ts';

/**
 * Changes what is told to a subscription and how it comes; what the settings leave out stays as it was. Answers the
 * subscription as it is then; null where there is none any more.
 *
 * @throws ElwatchError `invalid-address` for a contact that is none, `subscription-exists` where another subscription
 *   of that target has the name
 */
export async function changeSettings(
  { db }: Pick<Parts, 'db'>,
  subscription: Subscription,
  settings: SubscriptionSettings,
): Promise<Subscription | null> {
  const edit = applySettings(settings, subscription);
  if (edit.contact !== null && edit.contact !== subscription.contact)
    edit.contact = parseAddress(edit.contact);
  return editSubscription(db, subscription.subscriptionId, edit).catch((error: unknown) => {
    // Unique violation: organisation, channel, target and name.
    if ((error as { code?: string }).code !== '23505') throw error;
    throw new ElwatchError('subscription-exists', `“${edit.name}” is the name of another subscription`, {
      retry: false,
      hint: 'Give it a name that no other subscription of this target has.',
    });
  });
}
