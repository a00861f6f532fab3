import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { ElwatchError } from '../errors.ts';
import {
  type Channel,
  DEFAULT_NOTICES,
  type Schedule,
  type StatusSetter,
  type Subscription,
  type SubscriptionFilter,
  type SubscriptionNotices,
  type SubscriptionStatus,
} from '../model.ts';
import { toJson } from './clean-text.ts';
import { hashTarget } from './hash-target.ts';
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
  /** Who says that a mail address may be sent to though its reader did not confirm it. */
  vouchedBy?: string | null;
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
  'statusBy',
  'vouchedBy',
  'failingSince',
] as const;

/**
 * Adds a subscription with an id and an unsubscribe token of its own. Throws `subscription-exists` where the
 * organisation has one of that name for that target; mail addresses are compared without regard to case.
 */
export async function addSubscription(db: Kysely<Schema>, added: NewSubscription): Promise<Subscription> {
  const {
    channel = 'email',
    target,
    wholeTarget = target,
    name = '',
    status = 'active',
    vouchedBy = null,
  } = added;
  const row = await db
    .insertInto('subscription')
    .values({
      // A command line would take an id that begins with a hyphen for an option.
      subscriptionId: `sub_${randomId()}`,
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
      confirmedAt: vouchedBy === null ? null : added.createdAt,
      vouchedBy,
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

/**
 * Sets a status whatever it was. One that is set anew forgets earlier failures, and who is made active may be sent to
 * again by address. Answers whether there is such a subscription.
 */
export async function setSubscriptionStatus(
  db: Kysely<Schema>,
  subscriptionId: string,
  status: SubscriptionStatus,
  reason: string | null = null,
  by: StatusSetter = 'operator',
): Promise<boolean> {
  if (status === 'active') await releaseAddress(db, subscriptionId);
  const result = await db
    .updateTable('subscription')
    .set((eb) => ({
      ...{ status, statusReason: reason, statusBy: by, failingSince: null },
      forgivenUntil: eb
        .selectFrom('delivery')
        .select(eb.fn.max('createdAt').as('newest'))
        .where('delivery.subscriptionId', '=', subscriptionId),
    }))
    .where('subscriptionId', '=', subscriptionId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Makes active what its owner paused, or a target other than mail that was given up; what a reader or a bounce ended
 * stays as it is. Answers whether it was resumed.
 */
export async function resumeByOwner(db: Kysely<Schema>, subscriptionId: string): Promise<boolean> {
  const result = await db
    .updateTable('subscription')
    .set({ status: 'active', statusReason: null, statusBy: 'owner', failingSince: null })
    .where('subscriptionId', '=', subscriptionId)
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '=', 'paused'), eb('statusBy', 'is distinct from', 'reader')]),
        eb.and([eb('status', '=', 'disabled'), eb('channel', '<>', 'email')]),
      ]),
    )
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Pauses what is active, and nothing else: what a reader ended meanwhile must not look as if its owner had, who could
 * resume it. Answers whether it was paused.
 */
export async function pauseByOwner(db: Kysely<Schema>, subscriptionId: string): Promise<boolean> {
  const result = await db
    .updateTable('subscription')
    .set({ status: 'paused', statusReason: 'paused by its owner', statusBy: 'owner', failingSince: null })
    .where('subscriptionId', '=', subscriptionId)
    .where('status', '=', 'active')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Makes a subscription active on the word of the operator, and says so in its record. */
export async function vouchFor(
  db: Kysely<Schema>,
  subscriptionId: string,
  { vouchedBy, now }: { vouchedBy: string; now: string },
): Promise<void> {
  await setSubscriptionStatus(db, subscriptionId, 'active');
  await db
    .updateTable('subscription')
    .set({ vouchedBy, confirmedAt: now })
    .where('subscriptionId', '=', subscriptionId)
    .where('channel', '=', 'email')
    .execute();
}

/** The address of a mail subscription may be sent to again. */
async function releaseAddress(db: Kysely<Schema>, subscriptionId: string): Promise<void> {
  await db
    .deleteFrom('suppressedAddress')
    .where('addressHash', 'in', (eb) =>
      eb
        .selectFrom('subscription')
        .select('targetHash')
        .where('subscriptionId', '=', subscriptionId)
        .where('channel', '=', 'email'),
    )
    .execute();
}

/**
 * Makes an unconfirmed subscription active; answers whether it was unconfirmed. A second click changes nothing. Who
 * clicks reads the mailbox, so that its address may be sent to again.
 */
export async function confirmSubscription(
  db: Kysely<Schema>,
  subscriptionId: string,
  now: string,
): Promise<boolean> {
  const result = await db
    .updateTable('subscription')
    .set({ status: 'active', statusReason: null, statusBy: 'reader', vouchedBy: null, confirmedAt: now })
    .where('subscriptionId', '=', subscriptionId)
    .where('status', '=', 'unconfirmed')
    .executeTakeFirst();
  if (result.numUpdatedRows > 0n) await releaseAddress(db, subscriptionId);
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

/** 144 bits, safe in a URL. */
function randomId(): string {
  return randomBytes(18).toString('base64url');
}
