import { isAmbiguous } from './channel/smtp-error.ts';
import { ElwatchError, errorLine } from './errors.ts';
import { matchFilter } from './list/match-filter.ts';
import type { ChangeSet } from './model.ts';
import type { Parts } from './parts.ts';
import { renderEmail } from './render/email.ts';
import { chainAfter, chainBefore } from './store/change-chain.ts';
import { findChangeSet } from './store/change-sets.ts';
import { changesOf } from './store/changes.ts';
import {
  claimDelivery,
  listDeliveries,
  recordFailure,
  recordSent,
  type StoredDelivery,
  suppressDelivery,
} from './store/deliveries.ts';
import { findSubscriber } from './store/subscribers.ts';

/** Waits between tries; what fails after the last one stays failed and visible. In all about a day and a half. */
const RETRY_MINUTES = [1, 5, 15, 60, 180, 360, 720, 960];

export type Delivered = 'sent' | 'due' | 'failed' | 'suppressed' | 'taken';

/**
 * Renders and sends one delivery and records what came of it. `taken` where another worker has it or it is
 * done. Never throws for a mail server's sake: the ledger says when the next try is due.
 */
export async function deliver(parts: Parts, deliveryId: string): Promise<Delivered> {
  const delivery = await claimDelivery(parts.db, deliveryId, parts.now());
  if (delivery === null) return 'taken';
  try {
    return await send(parts, delivery);
  } catch (error) {
    const permanent = error instanceof ElwatchError && !error.retry;
    const wait = RETRY_MINUTES[delivery.attempts - 1];
    const retryAt =
      permanent || wait === undefined
        ? null
        : new Date(Date.parse(parts.now()) + wait * 60_000).toISOString();
    await recordFailure(parts.db, deliveryId, {
      outcome: errorLine(error),
      retryAt,
      maybeSent: isAmbiguous(error),
    });
    parts.log.warn(
      { delivery: deliveryId, attempts: delivery.attempts, retryAt, error: errorLine(error) },
      'delivery failed',
    );
    return retryAt === null ? 'failed' : 'due';
  }
}

async function send(parts: Parts, delivery: StoredDelivery): Promise<Delivered> {
  const { deliveryId, changeSetId, subscriberId } = delivery;
  const [changeSet, subscriber] = await Promise.all([
    findChangeSet(parts.db, changeSetId),
    findSubscriber(parts.db, subscriberId),
  ]);
  if (changeSet === null) throw new Error(`the change set ${changeSetId} is missing`);
  if (subscriber === null || subscriber.status !== 'active') {
    await suppressDelivery(
      parts.db,
      deliveryId,
      subscriber === null ? 'the subscriber was removed' : 'the subscriber paused',
    );
    return 'suppressed';
  }
  if (await isOvertaken(parts, changeSetId, subscriberId)) {
    await suppressDelivery(parts.db, deliveryId, 'a later message about the same document was sent before');
    return 'suppressed';
  }
  const all = await changesOf(parts.db, changeSetId);
  const matching = matchFilter(subscriber.filter, all);
  // A follow-up to a notice goes to all who got it; where nothing meets the filter, all of it is shown.
  const changes = matching.length > 0 ? matching : all;
  const earlier = await chainBefore(parts.db, changeSet);
  const message = renderEmail({
    changeSet,
    earlier,
    changes,
    allChangesCount: all.length,
    subscriber,
    baseUrl: parts.baseUrl,
    mailFrom: parts.mailFrom,
    messageId: delivery.messageId,
    references: await messagesBefore(parts, earlier, subscriberId),
  });
  const { outcome } = await parts.email.send({ to: subscriber.email, ...message });
  await recordSent(parts.db, deliveryId, { at: parts.now(), outcome });
  return 'sent';
}

/** Message-IDs of what this subscriber was told before about the same document, the oldest first. */
async function messagesBefore(
  parts: Parts,
  chain: readonly ChangeSet[],
  subscriberId: string,
): Promise<string[]> {
  const messages: string[] = [];
  for (const { changeSetId } of chain) {
    const [before] = await listDeliveries(parts.db, { changeSetId, subscriberId, limit: 1 });
    // One that may have been sent is named too: a mail program passes over what it does not have.
    if (before && (before.status === 'sent' || before.maybeDuplicate)) messages.unshift(before.messageId);
  }
  return messages;
}

/** Whether this subscriber has a later message about the same document already: an older one would mislead. */
async function isOvertaken(parts: Parts, changeSetId: string, subscriberId: string): Promise<boolean> {
  for (const after of await chainAfter(parts.db, changeSetId)) {
    const filter = { changeSetId: after.changeSetId, subscriberId, status: 'sent', limit: 1 } as const;
    if ((await listDeliveries(parts.db, filter)).length > 0) return true;
  }
  return false;
}
