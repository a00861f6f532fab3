import type { App } from '../app.ts';
import { parseAddress } from '../channel/address.ts';
import { ElwatchError } from '../errors.ts';
import { CHANGE_KINDS, type ChangeKind, type Subscriber } from '../model.ts';
import { describeFilter } from '../render/filter-words.ts';
import { listDeliveries } from '../store/deliveries.ts';
import {
  addSubscriber,
  findSubscriberByEmail,
  listSubscribers,
  removeSubscriber,
  setSubscriberStatus,
} from '../store/subscribers.ts';
import { readCountries } from './lists.ts';
import { type Output, table } from './output.ts';

/** A subscriber without the secret of the unsubscribe link. */
function present({ token: _token, ...shown }: Subscriber) {
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

async function find(app: App, email: string): Promise<Subscriber> {
  const subscriber = await findSubscriberByEmail(app.parts.db, parseAddress(email));
  if (subscriber) return subscriber;
  throw new ElwatchError('subscriber-unknown', `${email} is no subscriber`, {
    retry: false,
    hint: 'elwatch subscribers list shows them all',
  });
}

/** `elwatch subscribers add`. */
export async function runAdd(
  app: App,
  email: string,
  options: { destination?: string; kind?: string; minimum: number },
  out: Output,
): Promise<void> {
  const subscriber = await addSubscriber(app.parts.db, {
    email: parseAddress(email),
    filter: {
      countries: readCountries(options.destination),
      kinds: readKinds(options.kind),
      minimumCount: options.minimum,
    },
    createdAt: app.parts.now(),
  });
  out.result(
    present(subscriber),
    () => `${subscriber.email} is told about: ${describeFilter(subscriber.filter)}`,
  );
}

/** `elwatch subscribers list`. */
export async function runListSubscribers(app: App, out: Output): Promise<void> {
  const subscribers = (await listSubscribers(app.parts.db)).map(present);
  out.result({ subscribers }, () =>
    table(
      ['address', 'status', 'is told about', 'since'],
      subscribers.map((one) => [
        one.email,
        one.status,
        describeFilter(one.filter),
        one.createdAt.slice(0, 10),
      ]),
    ),
  );
}

/** `elwatch subscribers pause|resume`. */
export async function runSetStatus(
  app: App,
  email: string,
  status: Subscriber['status'],
  out: Output,
): Promise<void> {
  const subscriber = await find(app, email);
  await setSubscriberStatus(app.parts.db, subscriber.subscriberId, status);
  out.result({ ...present(subscriber), status }, () => `${subscriber.email} is ${status}.`);
}

/** `elwatch subscribers remove`; what was sent stays in the ledger. */
export async function runRemove(app: App, email: string, out: Output): Promise<void> {
  const subscriber = await find(app, email);
  await removeSubscriber(app.parts.db, subscriber.subscriberId);
  out.result(
    { removed: subscriber.email },
    () => `${subscriber.email} is removed; the delivery ledger is kept.`,
  );
}

/** `elwatch deliveries`: who was told what, when, and what came of it. */
export async function runDeliveries(app: App, out: Output): Promise<void> {
  const emails = new Map((await listSubscribers(app.parts.db)).map((one) => [one.subscriberId, one.email]));
  const deliveries = (await listDeliveries(app.parts.db, { limit: 1_000 })).map((one) => ({
    ...one,
    email: emails.get(one.subscriberId) ?? null,
  }));
  out.result({ deliveries }, () =>
    table(
      ['change set', 'to', 'status', 'tries', 'sent', 'outcome'],
      deliveries.map((one) => [
        one.changeSetId,
        one.email ?? '(removed)',
        one.status,
        one.attempts,
        one.sentAt,
        one.outcome,
      ]),
      70,
    ),
  );
}
