import type { App } from '../app.ts';
import { ElwatchError } from '../errors.ts';
import { CHANGE_KINDS, type ChangeKind, type Subscription } from '../model.ts';
import { describeFilter } from '../render/filter-words.ts';
import {
  findSubscription,
  listSubscriptions,
  removeSubscription,
  setSubscriptionStatus,
  vouchFor,
} from '../store/subscriptions.ts';
import { replay } from '../subscribe/replay.ts';
import { rotateSecret } from '../subscribe/rotate-secret.ts';
import { subscribe } from '../subscribe.ts';
import { readSubscriptionRequest } from '../subscription-request.ts';
import { sendTest } from '../test-send.ts';
import { readCountries } from './lists.ts';
import { type Output, table } from './output.ts';

/** A subscription without the secret of the unsubscribe link. */
function present({ token: _token, ...shown }: Subscription) {
  return shown;
}

function readKinds(text: string | undefined): ChangeKind[] {
  const kinds = (text ?? '')
    .split(',')
    .map((kind) => kind.trim())
    .filter((kind) => kind !== '');
  const unknown = kinds.find((kind) => !CHANGE_KINDS.includes(kind as ChangeKind));
  if (unknown !== undefined)
    throw new ElwatchError('unknown-kind', `“${unknown}” is no kind of change`, {
      retry: false,
      hint: `use ${CHANGE_KINDS.join(', ')}`,
    });
  return kinds as ChangeKind[];
}

/**
 * "daily 08:30 Europe/Berlin", "weekly monday 08:30 Europe/Berlin" or "immediate", as a request says it; what the words
 * hold is judged with the rest of the request.
 */
function readSchedule(text: string): object {
  const [mode = '', ...rest] = text.trim().split(/\s+/u);
  if (mode === 'immediate' && rest.length === 0) return { mode };
  if (mode === 'daily' && rest.length === 2) return { mode, at: rest[0], timeZone: rest[1] };
  const weekday = WEEKDAYS.indexOf((rest[0] ?? '').toLowerCase()) + 1;
  if (mode === 'weekly' && rest.length === 3 && weekday > 0)
    return { mode, weekday, at: rest[1], timeZone: rest[2] };
  throw new ElwatchError('unknown-schedule', `“${text}” is no schedule`, {
    retry: false,
    hint: 'say "immediate", "daily 08:30 Europe/Berlin" or "weekly monday 08:30 Europe/Berlin"',
  });
}

const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');

/** By its id, or by the address where that has one subscription only. */
async function find(app: App, text: string): Promise<Subscription> {
  const byId = await findSubscription(app.parts.db, text);
  if (byId) return byId;
  const found = await listSubscriptions(app.parts.db, { target: text });
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new ElwatchError('subscription-ambiguous', `${text} has ${found.length} subscriptions`, {
      retry: false,
      hint: `name one by its id: ${found.map((one) => one.subscriptionId).join(', ')}`,
    });
  throw new ElwatchError('subscription-unknown', `${text} has no subscription`, {
    retry: false,
    hint: 'elwatch subscriptions list shows them all',
  });
}

/** `elwatch subscriptions add`. */
export async function runAdd(
  app: App,
  email: string,
  options: {
    destination?: string;
    kind?: string;
    minimum: number;
    channel: string;
    list?: string;
    keyword?: string;
    contact?: string;
    name?: string;
    schedule?: string;
    quietDays?: boolean;
    dateLanguage?: string;
  },
  out: Output,
): Promise<void> {
  const words = (text: string | undefined) =>
    (text ?? '')
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  const { subscription, signingSecret } = await subscribe(
    app.parts,
    readSubscriptionRequest({
      channel: options.channel,
      target: email,
      destinations: readCountries(options.destination),
      kinds: readKinds(options.kind),
      minimumCount: options.minimum,
      lists: words(options.list),
      keywords: words(options.keyword),
      ...(options.schedule === undefined ? {} : { schedule: readSchedule(options.schedule) }),
      ...(options.quietDays === undefined ? {} : { quietDays: options.quietDays }),
      ...(options.dateLanguage === undefined ? {} : { dateLanguage: options.dateLanguage }),
      ...(options.contact === undefined ? {} : { contact: options.contact }),
      ...(options.name === undefined ? {} : { name: options.name }),
    }),
    'operator',
    'operator, by the command line',
  );
  const secret = signingSecret === null ? {} : { signingSecret };
  out.result({ ...present(subscription), ...secret }, () =>
    [
      `${subscription.target} is told about: ${describeFilter(subscription.filter)}`,
      ...(signingSecret === null ? [] : [`Signing secret, shown this once: ${signingSecret}`]),
    ].join('\n'),
  );
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
      ['address', 'status', 'is told about', 'since'],
      subscriptions.map((one) => [
        one.target,
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
