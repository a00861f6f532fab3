import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely';
import type { Channel, Delivery, DeliveryStatus } from '../model.ts';
import type { DeliveryTable, Schema } from './schema.ts';

export type StoredDelivery = Selectable<DeliveryTable>;

/** What the notifier knows about a delivery; the rest begins as for a delivery that is due. */
export type NewDelivery = Pick<
  Delivery,
  | 'deliveryId'
  | 'kind'
  | 'subject'
  | 'changeSetId'
  | 'subscriptionId'
  | 'channel'
  | 'recipient'
  | 'messageId'
  | 'dueAt'
> & { createdAt: string; status?: 'due' | 'gathered' | 'suppressed'; outcome?: string | null };

/**
 * A claim of a process that is gone is given back by `releaseAbandoned`; one of a process that lives is not taken from
 * it, unless it is older than any session with a mail server lasts.
 */
const CLAIM_LIFETIME_MS = 24 * 60 * 60_000;
/** Of a claim that names no process, as older versions made them, nothing but its age is known. */
const NAMELESS_LIFETIME_MS = 10 * 60_000;
const CHUNK = 1_000;

/** Inserts what is not there yet (by subject, subscription and channel) and answers only those. */
export async function insertDeliveries(tx: Kysely<Schema>, rows: NewDelivery[]): Promise<StoredDelivery[]> {
  const inserted: StoredDelivery[] = [];
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK);
    const answer = await tx
      .insertInto('delivery')
      .values(
        chunk.map((row) => ({ status: 'due', outcome: null, attempts: 0, maybeDuplicate: false, ...row })),
      )
      .onConflict((conflict) => conflict.columns(['subject', 'subscriptionId', 'channel']).doNothing())
      .returningAll()
      .execute();
    inserted.push(...answer);
  }
  return inserted;
}

/**
 * Marks a due delivery as `sending` and counts the attempt; of several that try at once, one gets it and the
 * others null. A delivery that was left `sending` for too long can be claimed again; it may have been sent, so it says
 * `maybeDuplicate` from then on. The due time is not looked at: whoever runs the job decides when.
 *
 * @param claimedBy the claiming process, see `Presence`
 * @param channel the only one to be claimed
 */
export async function claimDelivery(
  db: Kysely<Schema>,
  deliveryId: string,
  now: string,
  claimedBy: number | null,
  channel?: Channel,
): Promise<StoredDelivery | null> {
  let query = db
    .updateTable('delivery')
    .set((eb) => ({
      status: 'sending' as const,
      attempts: eb('attempts', '+', 1),
      claimedAt: now,
      claimedBy,
      maybeDuplicate: eb
        .or([eb('maybeDuplicate', '=', true), eb('status', '=', 'sending')])
        .$castTo<boolean>(),
    }))
    .where('deliveryId', '=', deliveryId)
    .where((eb) => eb.or([eb('status', '=', 'due'), isLeft(eb, now)]));
  if (channel !== undefined) query = query.where('channel', '=', channel);
  return (await query.returningAll().executeTakeFirst()) ?? null;
}

/** `outcome` is the mail server's answer or the path of the file. */
export async function recordSent(
  db: Kysely<Schema>,
  deliveryId: string,
  { at, outcome }: { at: string; outcome: string },
): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ status: 'sent', sentAt: at, outcome, claimedAt: null })
    .where('deliveryId', '=', deliveryId)
    .execute();
}

/**
 * Due again at `retryAt`, or failed for good where that is null. `maybeSent` marks a doubtful answer; `untried`
 * gives the attempt back that the claim counted.
 */
export async function recordFailure(
  db: Kysely<Schema>,
  deliveryId: string,
  {
    outcome,
    retryAt,
    maybeSent = false,
    untried = false,
  }: { outcome: string; retryAt: string | null; maybeSent?: boolean; untried?: boolean },
): Promise<void> {
  await db
    .updateTable('delivery')
    .set((eb) => ({
      ...(retryAt === null ? { status: 'failed' as const } : { status: 'due' as const, dueAt: retryAt }),
      ...(maybeSent ? { maybeDuplicate: true } : {}),
      ...(untried ? { attempts: eb('attempts', '-', 1) } : {}),
      outcome,
      claimedAt: null,
    }))
    .where('deliveryId', '=', deliveryId)
    .where('status', '!=', 'sent')
    .execute();
}

/**
 * What was sent came back, or may have been sent and did: it failed after all. When it was sent stays on record.
 * Answers whether that was news.
 */
export async function recordBounce(
  db: Kysely<Schema>,
  deliveryId: string,
  outcome: string,
): Promise<boolean> {
  const result = await db
    .updateTable('delivery')
    .set({ status: 'failed', outcome, claimedAt: null })
    // What a digest took in came back with it.
    .where((eb) => eb.or([eb('deliveryId', '=', deliveryId), eb('digestId', '=', deliveryId)]))
    .where((eb) => eb.or([eb('status', '=', 'sent'), eb('maybeDuplicate', '=', true)]))
    .where('status', '!=', 'failed')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** What arrived was complained of. It stays as sent as it was; answers whether that was news. */
export async function recordComplaint(
  db: Kysely<Schema>,
  deliveryId: string,
  outcome: string,
): Promise<boolean> {
  const result = await db
    .updateTable('delivery')
    .set({ outcome })
    .where('deliveryId', '=', deliveryId)
    .where((eb) => eb.or([eb('sentAt', 'is not', null), eb('maybeDuplicate', '=', true)]))
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', 'not like', 'complaint-%')]))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Not to be sent after all, with the reason. What was sent stays sent; answers whether it was changed. */
export async function suppressDelivery(
  db: Kysely<Schema>,
  deliveryId: string,
  reason: string,
): Promise<boolean> {
  const result = await db
    .updateTable('delivery')
    .set({ status: 'suppressed', outcome: reason, claimedAt: null })
    .where('deliveryId', '=', deliveryId)
    .where('status', '!=', 'sent')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Sends once more what was sent, failed or suppressed, under its own id. Answers whether it was one of these. */
export async function makeDueAgain(
  db: Kysely<Schema>,
  deliveryId: string,
  now: string,
  from: readonly DeliveryStatus[] = ['sent', 'failed', 'suppressed'],
): Promise<boolean> {
  const result = await db
    .updateTable('delivery')
    .set({ status: 'due', attempts: 0, dueAt: now, claimedAt: null })
    .where('deliveryId', '=', deliveryId)
    .where('status', 'in', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Deliveries to attempt now, those left `sending` for too long included. Organisations take turns, each with what is due
 * longest: the backlog of one leaves room for the others.
 */
export async function dueDeliveries(
  db: Kysely<Schema>,
  now: string,
  limit: number,
): Promise<StoredDelivery[]> {
  return db
    .with('waiting', (cte) =>
      cte
        .selectFrom('delivery')
        .leftJoin('subscription', 'subscription.subscriptionId', 'delivery.subscriptionId')
        .select('deliveryId')
        .select(
          sql<number>`row_number() over (partition by organisation_id order by due_at, delivery_id)`.as(
            'turn',
          ),
        )
        .where('dueAt', '<=', now)
        .where((eb) => eb.or([eb('delivery.status', '=', 'due'), isLeft(eb, now)])),
    )
    .selectFrom('delivery')
    .innerJoin('waiting', 'waiting.deliveryId', 'delivery.deliveryId')
    .selectAll('delivery')
    .orderBy('waiting.turn')
    .orderBy('dueAt')
    .orderBy('delivery.deliveryId')
    .limit(limit)
    .execute();
}

/** So many messages in a row that a target refused for good end its subscription, as of mail. */
const MOST_REFUSED = 3;

/** Whether the newest messages to a target, tests left out, all failed. */
export async function areNewestFailed(db: Kysely<Schema>, subscriptionId: string): Promise<boolean> {
  const newest = await db
    .selectFrom('delivery')
    .select('status')
    .where('subscriptionId', '=', subscriptionId)
    .where('status', 'in', ['sent', 'failed'])
    .where('kind', 'in', ['alert', 'digest', 'quiet'])
    // What a digest took in was no message of its own.
    .where('digestId', 'is', null)
    .orderBy('createdAt', 'desc')
    .orderBy('deliveryId')
    .limit(MOST_REFUSED)
    .execute();
  return newest.length === MOST_REFUSED && newest.every(({ status }) => status === 'failed');
}

/** Whether any other delivery than this one, mail aside, waits since its last try ended with an error of this code. */
export async function isAnyWaitingFor(db: Kysely<Schema>, code: string, but: string): Promise<boolean> {
  const row = await db
    .selectFrom('delivery')
    .select('deliveryId')
    .where('status', 'in', ['due', 'sending'])
    .where('channel', '!=', 'email')
    .where('outcome', 'like', `${code}%`)
    .where('deliveryId', '!=', but)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface ListDeliveries {
  changeSetId?: string;
  subscriptionId?: string;
  status?: DeliveryStatus;
  channel?: Channel;
  /** Stands in the recipient, in what it is about, or in the last answer. */
  text?: string;
  /** Begins behind this one. */
  behind?: Pick<StoredDelivery, 'createdAt' | 'deliveryId'>;
  limit?: number;
  offset?: number;
}

/** Newest first. */
export async function listDeliveries(
  db: Kysely<Schema>,
  {
    changeSetId,
    subscriptionId,
    status,
    channel,
    text,
    behind,
    limit = 1_000,
    offset = 0,
  }: ListDeliveries = {},
): Promise<StoredDelivery[]> {
  let query = db.selectFrom('delivery').selectAll();
  if (changeSetId !== undefined) query = query.where('changeSetId', '=', changeSetId);
  if (subscriptionId !== undefined) query = query.where('subscriptionId', '=', subscriptionId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (channel !== undefined) query = query.where('channel', '=', channel);
  if (text !== undefined) {
    const pattern = `%${text.replace(/[\\%_]/gu, '\\$&')}%`;
    query = query.where((eb) =>
      eb.or((['recipient', 'subject', 'outcome'] as const).map((column) => eb(column, 'ilike', pattern))),
    );
  }
  if (behind !== undefined)
    query = query.where((eb) =>
      eb.or([
        eb('createdAt', '<', behind.createdAt),
        eb.and([eb('createdAt', '=', behind.createdAt), eb('deliveryId', '>', behind.deliveryId)]),
      ]),
    );
  return query.orderBy('createdAt', 'desc').orderBy('deliveryId').limit(limit).offset(offset).execute();
}

/** How many deliveries a subscription had. */
export async function countDeliveriesTo(db: Kysely<Schema>, subscriptionId: string): Promise<number> {
  const { count } = await db
    .selectFrom('delivery')
    .where('subscriptionId', '=', subscriptionId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** How many deliveries there are in each state. */
export async function countByStatus(db: Kysely<Schema>): Promise<Partial<Record<DeliveryStatus, number>>> {
  const rows = await db
    .selectFrom('delivery')
    .groupBy('status')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .execute();
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
}

/** A page of the ledger, the oldest first, behind a delivery and since a day. */
export async function ledgerPage(
  db: Kysely<Schema>,
  page: {
    after: Pick<StoredDelivery, 'createdAt' | 'deliveryId'> | null;
    since: string | null;
    limit: number;
  },
): Promise<StoredDelivery[]> {
  const { after, since, limit } = page;
  let query = db.selectFrom('delivery').selectAll();
  if (since !== null) query = query.where('createdAt', '>=', since);
  if (after !== null)
    query = query.where((eb) =>
      eb.or([
        eb('createdAt', '>', after.createdAt),
        eb.and([eb('createdAt', '=', after.createdAt), eb('deliveryId', '>', after.deliveryId)]),
      ]),
    );
  return query.orderBy('createdAt').orderBy('deliveryId').limit(limit).execute();
}

export async function findDelivery(db: Kysely<Schema>, deliveryId: string): Promise<StoredDelivery | null> {
  const row = await db
    .selectFrom('delivery')
    .selectAll()
    .where('deliveryId', '=', deliveryId)
    .executeTakeFirst();
  return row ?? null;
}

/** Whether a delivery is `sending` by a claim that has ended by its age. */
function isLeft(eb: ExpressionBuilder<Schema, 'delivery'>, now: string) {
  return eb.and([
    eb('delivery.status', '=', 'sending'),
    eb.or([
      eb('claimedAt', '<', before(now, CLAIM_LIFETIME_MS)),
      eb.and([eb('claimedBy', 'is', null), eb('claimedAt', '<', before(now, NAMELESS_LIFETIME_MS))]),
    ]),
  ]);
}

function before(now: string, milliseconds: number): string {
  return new Date(Date.parse(now) - milliseconds).toISOString();
}

/** When an address was asked to confirm since an instant, in whatever subscription; case does not count. */
export async function listQuestions(db: Kysely<Schema>, address: string, since: string): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('createdAt')
    .where('kind', '=', 'confirm')
    .where(({ fn }) => fn<string>('lower', ['recipient']), '=', address.toLowerCase())
    .where('createdAt', '>', since)
    .execute();
  return rows.map(({ createdAt }) => createdAt);
}
