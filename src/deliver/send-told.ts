import type { Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { sendByMail } from './send-by-mail.ts';
import type { Told } from './told.ts';

/** Renders and sends what is told, by the channel of the delivery. Answers the target's last words. */
export async function sendTold(
  parts: Parts,
  delivery: StoredDelivery,
  subscription: Subscription,
  told: Told,
): Promise<{ outcome: string }> {
  return sendByMail(parts, delivery, subscription, told);
}
