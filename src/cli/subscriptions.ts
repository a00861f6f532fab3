import type { App } from '../app.ts';
import { ElwatchError } from '../errors.ts';
import type { Subscription } from '../model.ts';
import { describeFilter, describeSchedule } from '../render/filter-words.ts';
import {
  findSubscription,
  listSubscriptions,
  removeSubscription,
  setSubscriptionStatus,
  vouchFor,
} from '../store/subscriptions.ts';
import { changeSettings } from '../subscribe/change-settings.ts';
import { replay } from '../subscribe/replay.ts';
import { rotateSecret } from '../subscribe/rotate-secret.ts';
import { subscribe } from '../subscribe.ts';
import { readSubscriptionRequest, readSubscriptionSettings } from '../subscription-request.ts';
import { sendTest } from '../test-send.ts';
import { type Output, table } from './output.ts';
import { assertOrganisation, type Owner } from './owner.ts';
import { readSettings, type SettingsOptions } from './subscription-options.ts';

/** A subscription without the secret of the unsubscribe link. */
function present({ token: _token, ...shown }: Subscription) {
  return shown;
}

/** What a subscription is told and when, for people. */
function describe({ target, filter, schedule, notices }: Subscription): string {
  const besides = [
    ...(notices.provisional ? ['filings on public inspection'] : []),
    ...(notices.held ? ['rules that are held'] : []),
    ...(notices.quietDays ? ['business days without a message'] : []),
  ];
  return [
    `${target} is told about: ${describeFilter(filter)}`,
    `Besides: ${besides.length === 0 ? 'nothing' : besides.join(', ')}. It comes ${describeSchedule(schedule)}.`,
  ].join('\n');
}

/** By its id, or by the address where that has one subscription only. */
async function find(app: App, text: string): Promise<Subscription> {
  const byId = await findSubscription(app.parts.db, text);
  if (byId) return byId;
  const found = await listSubscriptions(app.parts.db, { target: text });
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new ElwatchError('subscription-ambiguous', `${text} has ${found.length} subscriptions`, {
      retry: false,
      hint: `name one by its id: ${found.map(({ subscriptionId, organisationId, name }) => `${subscriptionId} (${[organisationId, name].filter((part) => part !== '').join(', ')})`).join(', ')}`,
    });
  throw unknown(text);
}

function unknown(text: string): ElwatchError {
  return new ElwatchError('subscription-unknown', `there is no subscription ${text}`, {
    retry: false,
    hint: 'elwatch subscriptions list shows them all, with their ids',
  });
}

/** `elwatch subscriptions add`. */
export async function runAdd(
  app: App,
  target: string,
  options: SettingsOptions & Owner & { channel: string },
  out: Output,
): Promise<void> {
  await assertOrganisation(app, options);
  const { subscription, signingSecret } = await subscribe(
    app.parts,
    readSubscriptionRequest({
      ...(await readSettings(app, options, options)),
      channel: options.channel,
      target,
    }),
    options.organisation,
    'operator, by the command line',
  );
  const secret = signingSecret === null ? {} : { signingSecret };
  out.result({ ...present(subscription), ...secret }, () =>
    [
      describe(subscription),
      ...(signingSecret === null ? [] : [`Signing secret, shown this once: ${signingSecret}`]),
    ].join('\n'),
  );
}

/** `elwatch subscriptions edit`: what no option gives stays as it was. */
export async function runEdit(app: App, text: string, options: SettingsOptions, out: Output): Promise<void> {
  const before = await find(app, text);
  const settings = readSubscriptionSettings(
    await readSettings(app, options, { organisation: before.organisationId }),
  );
  const after = await changeSettings(app.parts, before, settings);
  if (after === null) throw unknown(text);
  out.result(present(after), () => describe(after));
}

/** `elwatch subscriptions test`: sends a message that says it is a test, now. Answers whether it was taken. */
export async function runTest(app: App, text: string, out: Output): Promise<boolean> {
  const subscription = await find(app, text);
  const { deliveryId, status, outcome } = await sendTest(app.parts, subscription);
  const { target } = subscription;
  out.result({ deliveryId, target, status, outcome }, () =>
    status === 'sent'
      ? `${target} took the test: ${outcome}`
      : `${target} did not take the test (${status}): ${outcome}`,
  );
  return status === 'sent';
}

/** `elwatch subscriptions rotate-secret`. */
export async function runRotateSecret(app: App, text: string, out: Output): Promise<void> {
  const { subscriptionId, target } = await find(app, text);
  const signingSecret = await rotateSecret(app.parts, subscriptionId);
  out.result(
    { subscriptionId, signingSecret },
    () =>
      `New signing secret of ${target}, shown this once: ${signingSecret}\nThe old one signs too for a day.`,
  );
}

/** `elwatch subscriptions replay`: makes due again what changed after a sequence number. */
export async function runReplay(app: App, text: string, after: number, out: Output): Promise<void> {
  const { subscriptionId, target } = await find(app, text);
  let count = 0;
  for (let next: number | null = after; next !== null; ) {
    const replayed: Awaited<ReturnType<typeof replay>> = await replay(app.parts, subscriptionId, next);
    count += replayed.deliveryIds.length;
    next = replayed.next;
  }
  out.result({ subscriptionId, deliveries: count }, () => `${count} messages to ${target} are due again.`);
}

/** `elwatch subscriptions list`. */
export async function runListSubscriptions(app: App, out: Output): Promise<void> {
  const subscriptions = (await listSubscriptions(app.parts.db)).map(present);
  out.result({ subscriptions }, () =>
    table(
      ['id', 'organisation', 'address', 'status', 'is told about', 'since'],
      subscriptions.map((one) => [
        one.subscriptionId,
        one.organisationId,
        one.name === '' ? one.target : `${one.target} (${one.name})`,
        one.statusReason === null ? one.status : `${one.status}: ${one.statusReason}`,
        describeFilter(one.filter),
        one.createdAt.slice(0, 10),
      ]),
    ),
  );
}

/** `elwatch subscriptions pause|resume`. */
export async function runSetStatus(
  app: App,
  email: string,
  status: Subscription['status'],
  out: Output,
): Promise<void> {
  const subscription = await find(app, email);
  const { db } = app.parts;
  const { subscriptionId } = subscription;
  if (status === 'active')
    await vouchFor(db, subscriptionId, {
      vouchedBy: 'operator, by the command line',
      now: app.parts.now(),
    });
  else await setSubscriptionStatus(db, subscriptionId, status);
  out.result({ ...present(subscription), status }, () => `${subscription.target} is ${status}.`);
}

/** `elwatch subscriptions remove`; what was sent stays in the ledger. */
export async function runRemove(app: App, email: string, out: Output): Promise<void> {
  const subscription = await find(app, email);
  await removeSubscription(app.parts.db, subscription.subscriptionId);
  out.result(
    { removed: subscription.target },
    () => `${subscription.target} is removed; the delivery ledger is kept.`,
  );
}
