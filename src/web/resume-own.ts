import type { Kysely } from 'kysely';
import type { Subscription } from '../model.ts';
import type { Schema } from '../store/schema.ts';
import { resumeByOwner } from '../store/subscriptions.ts';
import { findSuppression } from '../store/suppressed-addresses.ts';

/** What is told where `resumeOwn` refuses. */
export const ENDED_BY_READER =
  'Its reader, a complaint or a bounce ended it. Only its reader can begin it again: remove it and add it anew, and its address is asked.';

/**
 * Makes active what an organisation paused itself, or a target other than mail that was given up. Answers false for
 * what a reader, a complaint or a bounce ended, which stays as it is.
 */
export async function resumeOwn(
  db: Kysely<Schema>,
  { subscriptionId, channel, target }: Subscription,
): Promise<boolean> {
  const suppression = channel === 'email' ? await findSuppression(db, target) : null;
  return suppression === null && (await resumeByOwner(db, subscriptionId));
}
