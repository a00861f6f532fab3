import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { ElwatchError } from '../errors.ts';
import {
  type Channel,
  DEFAULT_NOTICES,
  type Schedule,
  type Subscription,
  type SubscriptionFilter,
  type SubscriptionNotices,
  type SubscriptionStatus,
} from '../model.ts';
import { toJson } from './clean-text.ts';
import type { Schema } from './schema.ts';

export interface NewSubscription {
  organisationId?: string;
  channel?: Channel;
  /** As people may see it; already checked by the channel. */
  target: string;
  /** All of a target that is shown shortened; `target` unless told. */
  wholeTarget?: string;
  name?: string;
  sealed?: string | null;
  contact?: string | null;
  status?: SubscriptionStatus;
  filter: SubscriptionFilter;
  notices?: SubscriptionNotices;
  schedule?: Schedule;
  dateLanguage?: string;
  createdAt: string;
}

/** What its owner can change. */
export type SubscriptionEdit = Partial<
  Pick<Subscription, 'name' | 'contact' | 'filter' | 'notices' | 'schedule' | 'dateLanguage'>
>;

/** All but what is sealed. */
export const SUBSCRIPTION_COLUMNS = [
  'subscriptionId',
  'organisationId',
  'channel',
  'target',
  'name',
  'contact',
  'status',
  'statusReason',
  'filter',
  'notices',
  'schedule',
  'dateLanguage',
  'token',
  'createdAt',
  'confirmedAt',
  'failingSince',
] as const;

/**
 * Adds a subscription with an id and an unsubscribe token of its own. Throws `subscription-exists` where the
 * organisation has one of that name for that target; mail addresses are compared without regard to case.
 */
export async function addSubscription(db: Kysely<Schema>, added: NewSubscription): Promise<Subscription> {
  const { channel = 'email', target, wholeTarget = target, name = '', status = 'active' } = added;
  const row = await db
    .insertInto('subscription')
    .values({
      subscriptionId: randomId(),
      organisationId: added.organisationId ?? 'operator',
      channel,
      target,
      targetHash: hashTarget(channel, wholeTarget),
      name,
      sealed: added.sealed ?? null,
      contact: added.contact ?? null,
      status,
      filter: toJson(added.filter),
      notices: toJson(added.notices ?? DEFAULT_NOTICES),
      schedule: toJson(added.schedule ?? { mode: 'immediate' }),
      dateLanguage: added.dateLanguage ?? 'en',
      token: randomId(),
      createdAt: added.createdAt,
      confirmedAt: status === 'unconfirmed' ? null : added.createdAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['organisationId', 'channel', 'targetHash', 'name']).doNothing(),
    )
    .returning(SUBSCRIPTION_COLUMNS)
    .executeTakeFirst();
  if (row !== undefined) return row;
  const named = name === '' ? '' : ` under the name “${name}”`;
  throw new ElwatchError('subscription-exists', `${target} is subscribed already${named}.`, {
    retry: false,
    hint: 'Resume or remove that subscription, or give the second one a name of its own.',
  });
}

export async function findSubscription(
  db: Kysely<Schema>,
  subscriptionId: string,
): Promise<Subscription | null> {
  const row = await db
    .selectFrom('subscription')
    .select(SUBSCRIPTION_COLUMNS)
    .where('subscriptionId', '=', subscriptionId)
    .executeTakeFirst();
  return row ?? null;
}

export async function findSubscriptionByToken(
  db: Kysely<Schema>,
  token: string,
): Promise<Subscription | null> {
  const row = await db
    .selectFrom('subscription')
    .select(SUBSCRIPTION_COLUMNS)
    .where('token', '=', token)
    .executeTakeFirst();
  return row ?? null;
}

export interface ListSubscriptions {
  organisationId?: string;
  status?: SubscriptionStatus;
  channel?: Channel;
  /** The whole target. */
  target?: string;
}

/** Oldest first. */
export async function listSubscriptions(
  db: Kysely<Schema>,
  { organisationId, status, channel, target }: ListSubscriptions = {},
): Promise<Subscription[]> {
  let query = db.selectFrom('subscription').select(SUBSCRIPTION_COLUMNS);
  if (organisationId !== undefined) query = query.where('organisationId', '=', organisationId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (channel !== undefined) query = query.where('channel', '=', channel);
  if (target !== undefined)
    query = query.where('targetHash', 'in', [
      ...new Set([hashTarget('email', target), hashTarget('webhook', target)]),
    ]);
  return query.orderBy('createdAt').orderBy('subscriptionId').execute();
}

/** What only the sender may know of a target, still sealed; null for mail. */
export async function findSealed(db: Kysely<Schema>, subscriptionId: string): Promise<string | null> {
  const row = await db
    .selectFrom('subscription')
    .select('sealed')
    .where('subscriptionId', '=', subscriptionId)
    .executeTakeFirst();
  return row?.sealed ?? null;
}

/** Replaces what only the sender may know, as after a new signing secret. */
export async function setSealed(db: Kysely<Schema>, subscriptionId: string, sealed: string): Promise<void> {
  await db.updateTable('subscription').set({ sealed }).where('subscriptionId', '=', subscriptionId).execute();
}

/** Answers whether there is such a subscription. A status that is set anew forgets earlier failures. */
export async function setSubscriptionStatus(
  db: Kysely<Schema>,
  subscriptionId: string,
  status: SubscriptionStatus,
  reason: string | null = null,
): Promise<boolean> {
  const result = await db
    .updateTable('subscription')
    .set((eb) => ({
      ...{ status, statusReason: reason, failingSince: null },
      forgivenUntil: eb
        .selectFrom('delivery')
        .select(eb.fn.max('createdAt').as('newest'))
        .where('delivery.subscriptionId', '=', subscriptionId),
    }))
    .where('subscriptionId', '=', subscriptionId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Makes an unconfirmed subscription active; answers whether it was unconfirmed. A second click changes nothing. */
export async function confirmSubscription(
  db: Kysely<Schema>,
  subscriptionId: string,
  now: string,
): Promise<boolean> {
  const result = await db
    .updateTable('subscription')
    .set({ status: 'active', confirmedAt: now })
    .where('subscriptionId', '=', subscriptionId)
    .where('status', '=', 'unconfirmed')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Answers the changed subscription; null where there is none. */
export async function editSubscription(
  db: Kysely<Schema>,
  subscriptionId: string,
  { name, contact, filter, notices, schedule, dateLanguage }: SubscriptionEdit,
): Promise<Subscription | null> {
  const row = await db
    .updateTable('subscription')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(contact === undefined ? {} : { contact }),
      ...(filter === undefined ? {} : { filter: toJson(filter) }),
      ...(notices === undefined ? {} : { notices: toJson(notices) }),
      ...(schedule === undefined ? {} : { schedule: toJson(schedule) }),
      ...(dateLanguage === undefined ? {} : { dateLanguage }),
      subscriptionId,
    })
    .where('subscriptionId', '=', subscriptionId)
    .returning(SUBSCRIPTION_COLUMNS)
    .executeTakeFirst();
  return row ?? null;
}

/** Forgets a subscription. Its deliveries stay: the ledger says what was sent. Answers whether there was one. */
export async function removeSubscription(db: Kysely<Schema>, subscriptionId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('subscription')
    .where('subscriptionId', '=', subscriptionId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Removes what was neither made nor asked for confirmation since an instant. Answers how many there were. */
export async function removeUnconfirmed(db: Kysely<Schema>, before: string): Promise<number> {
  const result = await db
    .deleteFrom('subscription')
    .where('status', '=', 'unconfirmed')
    .where('createdAt', '<', before)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('delivery')
            .select('deliveryId')
            .whereRef('delivery.subscriptionId', '=', 'subscription.subscriptionId')
            .where('kind', '=', 'confirm')
            .where('delivery.createdAt', '>=', before),
        ),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function hashTarget(channel: Channel, target: string): string {
  return createHash('sha256')
    .update(channel === 'email' ? target.toLowerCase() : target)
    .digest('hex');
}

/** 144 bits, safe in a URL. */
function randomId(): string {
  return randomBytes(18).toString('base64url');
}
