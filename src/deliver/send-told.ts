import { goodSecrets, unsealTarget } from '../channel/sealed-target.ts';
import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { renderSlackAlert } from '../render/slack.ts';
import { renderTeamsAlert } from '../render/teams.ts';
import { renderChangeSetPayload } from '../render/webhook-payload.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { findSealed } from '../store/subscriptions.ts';
import { sendByMail } from './send-by-mail.ts';
import type { Told } from './told.ts';

/** Renders and sends what is told, by the channel of the delivery. Answers the target's last words. */
export async function sendTold(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
  told: Told,
): Promise<{ outcome: string }> {
  const { channel, deliveryId, subscriptionId } = delivery;
  if (channel === 'email') return sendByMail(parts, delivery, subscription, told);
  if (told.kind !== 'alert') throw new Error(`a ${told.kind} notice goes by mail`);
  const sealed = await findSealed(parts.db, subscriptionId);
  if (sealed === null) throw new Error(`the subscription ${subscriptionId} has no target`);
  const target = unsealTarget(parts.secrets, sealed);
  const input = { ...told, baseUrl: parts.baseUrl };
  if (channel === 'webhook') {
    const at = parts.now();
    const secrets = goodSecrets(target, at);
    return parts.webhooks.send({
      url: target.url,
      secrets,
      id: deliveryId,
      payload: renderChangeSetPayload(input),
      at,
    });
  }
  const payload = channel === 'slack' ? renderSlackAlert(input) : renderTeamsAlert(input);
  return parts.chat.send({ kind: channel, url: target.url, payload });
}
