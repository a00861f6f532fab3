import { parseAddress } from './channel/address.ts';
import type { Subscription } from './model.ts';
import type { Parts } from './parts.ts';
import { insertDeliveries, listQuestions } from './store/deliveries.ts';
import { newDelivery } from './store/new-delivery.ts';
import {
  addSubscription,
  editSubscription,
  listSubscriptions,
  removeUnconfirmed,
  setSubscriptionStatus,
} from './store/subscriptions.ts';
import { findSuppression } from './store/suppressed-addresses.ts';
import { applySettings, type SubscriptionSettings } from './subscription-request.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Questions that one address gets in thirty days: nobody can have a stranger's mailbox filled by asking on. */
const MOST_QUESTIONS = 3;
const QUESTION_DAYS = 30;
/** Whom sign-ups by the public page belong to. */
const ORGANISATION = 'public';

/**
 * Asks the owner of an address by mail whether they want alerts, at most once an hour and three times a month,
 * whoever asks. Nothing is told before they say so, and whether the address is known is not answered: the same happens for who asks, in either case.
 *
 * @param settings what is to be told; a subscription that is active is left as it is, whoever asks
 * @throws ElwatchError `invalid-address`
 */
export async function signUp(
  parts: Parts,
  email: string,
  settings: SubscriptionSettings = {},
): Promise<void> {
  const target = parseAddress(email);
  const now = parts.now();
  const subscription = await findOrAdd(parts, target, settings, now);
  const { subscriptionId } = subscription;
  // An active one whose address is given up gets nothing, so that a new yes is asked.
  if (subscription.status === 'active' && (await findSuppression(parts.db, target)) === null) return;
  if (!(await mayAsk(parts, target, now))) return;
  // A new yes is asked of who unsubscribed, or whose mail came back.
  if (subscription.status !== 'unconfirmed')
    await setSubscriptionStatus(parts.db, subscriptionId, 'unconfirmed', null, 'service');
  // The question says what is asked for, so that its answer is a yes to that.
  await editSubscription(parts.db, subscriptionId, applySettings(settings, subscription));
  await ask(parts, subscription, now);
}

/**
 * Asks the owner of the address of an unconfirmed subscription, within the limits of sign-ups; whether they were
 * reached is not answered, so that nobody learns whom others asked.
 */
export async function askToConfirm(parts: Parts, subscription: Subscription): Promise<void> {
  const now = parts.now();
  if (await mayAsk(parts, subscription.target, now)) await ask(parts, subscription, now);
}

async function ask({ db, baseUrl }: Parts, subscription: Subscription, now: string): Promise<void> {
  // Of two requests at once, one makes the question.
  const subject = `confirm ${now.slice(0, 13)}`;
  await insertDeliveries(db, [newDelivery(subscription, { kind: 'confirm', subject }, baseUrl, now)]);
}

/**
 * Forgets the addresses that were asked and never answered. What limits their questions goes with them, so none goes
 * before its last question is too old to count. Answers how many there were.
 */
export async function forgetUnanswered({ db, now, log }: Parts): Promise<number> {
  const before = new Date(Date.parse(now()) - QUESTION_DAYS * DAY_MS).toISOString();
  const forgotten = await removeUnconfirmed(db, before);
  if (forgotten > 0) log.info({ forgotten }, 'sign-ups without an answer forgotten');
  return forgotten;
}

/** Who said that our mail is spam is asked by nobody else's wish; the operator can resume the subscription. */
async function mayAsk({ db }: Parts, address: string, now: string): Promise<boolean> {
  if ((await findSuppression(db, address))?.isComplaint) return false;
  const since = new Date(Date.parse(now) - QUESTION_DAYS * DAY_MS).toISOString();
  const asked = await listQuestions(db, address, since);
  return asked.length < MOST_QUESTIONS && asked.every((at) => Date.parse(now) - Date.parse(at) >= HOUR_MS);
}

async function findOrAdd(
  parts: Parts,
  target: string,
  settings: SubscriptionSettings,
  createdAt: string,
): Promise<Subscription> {
  const find = async () =>
    (await listSubscriptions(parts.db, { organisationId: ORGANISATION, channel: 'email', target }))[0];
  const known = await find();
  if (known !== undefined) return known;
  const { filter, notices, schedule, dateLanguage } = applySettings(settings);
  const added = { organisationId: ORGANISATION, target, status: 'unconfirmed', createdAt } as const;
  const wanted = { filter, notices, schedule, dateLanguage };
  return addSubscription(parts.db, { ...added, ...wanted }).catch(async (error: unknown) => {
    // Somebody else was faster.
    const theirs = await find();
    if (theirs === undefined) throw error;
    return theirs;
  });
}
