import { goodSecrets, unsealTarget } from '../channel/sealed-target.ts';
import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { type ChatView, viewChatQuiet, viewChatTest } from '../render/chat-view.ts';
import { describeQuiet } from '../render/quiet-words.ts';
import { renderSlack, renderSlackAlert, renderSlackDigest } from '../render/slack.ts';
import { renderTeams, renderTeamsAlert, renderTeamsDigest } from '../render/teams.ts';
import {
  renderChangeSetPayload,
  renderDigestPayload,
  renderHeartbeatPayload,
  renderTestPayload,
} from '../render/webhook-payload.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { findSealed } from '../store/subscriptions.ts';
import { signFootLinks } from './foot-links.ts';
import { sendByMail } from './send-by-mail.ts';
import type { Told } from './told.ts';

/** What goes to targets other than mail. */
type Posted = Exclude<Told, { kind: 'confirm' | 'disabled' }>;

/** Renders and sends what is told, by the channel of the delivery. Answers the target's last words. */
export async function sendTold(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
  told: Told,
): Promise<{ outcome: string }> {
  const { channel, deliveryId, subscriptionId } = delivery;
  if (channel === 'email') return sendByMail(parts, delivery, subscription, told);
  if (told.kind === 'confirm' || told.kind === 'disabled')
    throw new Error(`a ${told.kind} notice goes by mail`);
  const sealed = await findSealed(parts.db, subscriptionId);
  if (sealed === null) throw new Error(`the subscription ${subscriptionId} has no target`);
  const target = unsealTarget(parts.secrets, sealed);
  const { acknowledgeUrl } = signFootLinks(parts, subscription, deliveryId);
  const shared = { baseUrl: parts.baseUrl, acknowledgeUrl };
  if (channel === 'webhook') {
    const at = parts.now();
    const secrets = goodSecrets(target, at);
    const payload = webhookPayload(shared, delivery, told);
    return parts.webhooks.send({ url: target.url, secrets, id: deliveryId, payload, at });
  }
  const payload = chatPayload(shared, channel, subscription, told);
  return parts.chat.send({ kind: channel, url: target.url, payload });
}

/** What every message needs besides what is told. */
interface Shared {
  baseUrl: string;
  acknowledgeUrl: string | null;
}

function webhookPayload(shared: Shared, delivery: StoredDelivery, told: Posted): string {
  switch (told.kind) {
    case 'alert':
      return renderChangeSetPayload({ ...told, ...shared });
    case 'digest':
      return renderDigestPayload({ ...told, ...shared });
    case 'quiet': {
      const { facts, latestSeq } = told;
      const summary = describeQuiet(facts).subject;
      return renderHeartbeatPayload({
        at: delivery.createdAt,
        summary,
        checkedAt: facts.checkedAt,
        isFailing: facts.isFailing,
        latestSeq,
        ...shared,
      });
    }
    case 'test':
      return renderTestPayload({
        at: delivery.createdAt,
        subscriptionId: delivery.subscriptionId,
        ...shared,
      });
  }
}

function chatPayload(
  shared: Shared,
  channel: 'slack' | 'teams',
  { dateLanguage }: Subscription,
  told: Posted,
): string {
  const { baseUrl, acknowledgeUrl } = shared;
  const plain = (view: ChatView) => (channel === 'slack' ? renderSlack(view) : renderTeams(view));
  switch (told.kind) {
    case 'alert': {
      const input = { ...told, ...shared, dateLanguage };
      return channel === 'slack' ? renderSlackAlert(input) : renderTeamsAlert(input);
    }
    case 'digest': {
      const input = { ...told, ...shared, dateLanguage };
      return channel === 'slack' ? renderSlackDigest(input) : renderTeamsDigest(input);
    }
    case 'quiet':
      return plain(viewChatQuiet(describeQuiet(told.facts, dateLanguage), baseUrl, acknowledgeUrl));
    case 'test':
      return plain(viewChatTest(baseUrl, acknowledgeUrl));
  }
}
