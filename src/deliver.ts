import { isPostAmbiguous } from './channel/guarded-post.ts';
import { isAmbiguous, isNoMailbox } from './channel/smtp-error.ts';
import { findTold } from './deliver/find-told.ts';
import { giveUpTarget } from './deliver/give-up-target.ts';
import { noteSealed, noteUnsealed } from './deliver/note-sealed.ts';
import { recordWhatWasSent } from './deliver/record-what-was-sent.ts';
import { isUntried, retryWait } from './deliver/retry-wait.ts';
import { sendTold } from './deliver/send-told.ts';
import { ElwatchError, errorLine } from './errors.ts';
import type { Channel, DeliveryKind, SubscriptionStatus } from './model.ts';
import type { Parts } from './parts.ts';
import {
  areNewestFailed,
  claimDelivery,
  recordFailure,
  type StoredDelivery,
  suppressDelivery,
} from './store/deliveries.ts';
import { releaseGathered, suppressGathered } from './store/digests.ts';
import { findAddressee } from './store/find-addressee.ts';
import { giveUpAddress } from './store/give-up-address.ts';

/** The status that a subscription must have for what is not told to active ones. */
const WANTED_STATUS: Partial<Record<DeliveryKind, SubscriptionStatus>> = {
  confirm: 'unconfirmed',
  // The owner of a target that was given up is told so.
  disabled: 'disabled',
};

export type Delivered = 'sent' | 'due' | 'failed' | 'suppressed' | 'taken';

/**
 * Renders and sends one delivery and records what came of it. `taken` where another worker has it, it is done, or it
 * goes by another channel than the wanted one. Never throws for a target's sake: the ledger says when the next try is
 * due.
 */
export async function deliver(parts: Parts, deliveryId: string, wanted?: Channel): Promise<Delivered> {
  const { db, presence } = parts;
  const delivery = await claimDelivery(db, deliveryId, parts.now(), await presence.id(), wanted);
  if (delivery === null) return 'taken';
  let isSent = false;
  try {
    const outcome = await send(parts, delivery, () => {
      isSent = true;
    });
    if (delivery.channel !== 'email') await noteUnsealed(parts, deliveryId);
    parts.metrics.delivered(delivery, outcome, parts.now());
    return outcome;
  } catch (error) {
    const permanent = error instanceof ElwatchError && !error.retry && !isUntried(error);
    const waitMs = permanent ? null : retryWait(delivery, error);
    const retryAt = waitMs === null ? null : new Date(Date.parse(parts.now()) + waitMs).toISOString();
    await recordFailure(parts.db, deliveryId, {
      outcome: errorLine(error),
      retryAt,
      maybeSent: isSent || isAmbiguous(error) || isPostAmbiguous(error),
      untried: isUntried(error),
    });
    if (delivery.kind === 'digest' && retryAt === null) await releaseGathered(parts.db, deliveryId);
    await noteSealed(parts, error);
    // A target that takes no test is told to whoever tests it, and is no reason to give it up.
    if (delivery.channel !== 'email' && retryAt === null && delivery.kind !== 'test') {
      // What was refused for good is refused alone, unless the target is gone or that goes on.
      const isOver = !permanent || isGone(error);
      if (isOver || (await areNewestFailed(parts.db, delivery.subscriptionId)))
        await giveUpTarget(parts, delivery, errorLine(error));
    } else if (permanent)
      await giveUpAddress(parts, delivery, {
        reason: errorLine(error),
        atOnce: isNoMailbox(error),
        now: parts.now(),
      });
    parts.metrics.delivered(delivery, retryAt === null ? 'failed' : 'due', parts.now());
    parts.log.warn({ ...fieldsOf(delivery), retryAt, error: loggedOf(error, delivery) }, 'delivery failed');
    return retryAt === null ? 'failed' : 'due';
  }
}

/** What a line of the log says of a delivery, so that it leads back to the change set; no address. */
function fieldsOf({ deliveryId, changeSetId, channel, attempts }: StoredDelivery) {
  return { delivery: deliveryId, changeSet: changeSetId, channel, attempts };
}

/** What a webhook or a chat answers may repeat its own address, which is a secret: the ledger has it, the log not. */
function loggedOf(error: unknown, { channel }: StoredDelivery): string {
  return channel === 'email' || !(error instanceof ElwatchError) ? errorLine(error) : error.code;
}

/** Whether a target said that it wants no more, or is no more. */
function isGone(error: unknown): boolean {
  return error instanceof ElwatchError && error.code.endsWith('-gone');
}

async function send(
  parts: Parts,
  delivery: StoredDelivery,
  onSent: () => void,
): Promise<'sent' | 'suppressed'> {
  const addressee = await findAddressee(parts.db, delivery);
  const suppress = async (reason: string): Promise<'suppressed'> => {
    await suppressDelivery(parts.db, delivery.deliveryId, reason);
    if (delivery.kind === 'digest') await releaseGathered(parts.db, delivery.deliveryId);
    parts.log.info({ ...fieldsOf(delivery), outcome: 'suppressed', reason }, 'delivery suppressed');
    return 'suppressed';
  };
  if (addressee === null) return suppress('the subscription was removed');
  const { subscription, suppression } = addressee;
  if (subscription.status !== (WANTED_STATUS[delivery.kind] ?? 'active'))
    return suppress(`the subscription is ${subscription.status}`);
  // Whether somebody whose mail came back wants it again can only be asked there.
  if (suppression !== null && (delivery.kind !== 'confirm' || suppression.isComplaint))
    return suppress(`nothing is sent to this address: ${suppression.reason}`);
  const told = await findTold(parts, delivery, subscription);
  if (told === null) return suppress('a later message about the same document was sent before');
  if (told.kind === 'digest' && told.entries.length === 0) {
    const reason = 'later messages about the same documents were sent before';
    await suppressGathered(parts.db, { digestId: delivery.deliveryId }, reason);
    return suppress(reason);
  }
  const { outcome } = await sendTold(parts, delivery, subscription, told);
  onSent();
  await recordWhatWasSent(parts, delivery, outcome);
  const gathered =
    told.kind === 'digest' ? { changeSets: told.entries.map(({ changeSet }) => changeSet.changeSetId) } : {};
  parts.log.info({ ...fieldsOf(delivery), ...gathered, outcome: 'sent' }, 'delivered');
  return 'sent';
}
