import { isBusinessDay } from './calendar.ts';
import { easternDay, easternTime } from './days.ts';
import type { Parts } from './parts.ts';
import { activeSubscriptions } from './store/active-subscriptions.ts';
import { insertDeliveries } from './store/deliveries.ts';
import { newDelivery } from './store/new-delivery.ts';
import { toldOn } from './store/quiet-days.ts';

/** The desk of public inspection closes at 18 h in Washington; what came then is told by now. */
const FROM = '18:30';

/**
 * At the end of a business day in Washington, makes the quiet message of those who want one and were told nothing on
 * it; answers the ids of the new ones. What it says is found when it is sent.
 */
export async function noteQuietDay(parts: Parts): Promise<string[]> {
  const now = parts.now();
  const day = easternDay(now);
  if (!isBusinessDay(day) || easternTime(now) < FROM) return [];
  return parts.db.transaction().execute(async (tx) => {
    const ids: string[] = [];
    for await (const page of activeSubscriptions(tx, { quietDays: true })) {
      const told = await toldOn(
        tx,
        day,
        page.map(({ subscriptionId }) => subscriptionId),
      );
      const rows = page
        .filter(({ subscriptionId }) => !told.has(subscriptionId))
        .map((subscription) =>
          newDelivery(subscription, { kind: 'quiet', subject: `quiet ${day}` }, parts.baseUrl, now),
        );
      for (const { deliveryId } of await insertDeliveries(tx, rows)) ids.push(deliveryId);
    }
    return ids;
  });
}
