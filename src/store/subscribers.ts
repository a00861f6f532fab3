import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { ElwatchError } from '../errors.ts';
import type { Subscriber, SubscriptionFilter } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { Schema } from './schema.ts';

export interface NewSubscriber {
  /** Already checked by the channel; compared without regard to case. */
  email: string;
  filter: SubscriptionFilter;
  createdAt: string;
  status?: 'active' | 'paused';
}

/** Adds a subscriber with an id and an unsubscribe token of their own. Throws `subscriber-exists`. */
export async function addSubscriber(db: Kysely<Schema>, subscriber: NewSubscriber): Promise<Subscriber> {
  const { email, filter, createdAt, status = 'active' } = subscriber;
  const row = await db
    .insertInto('subscriber')
    .values({ email, createdAt, status, filter: toJson(filter), subscriberId: randomId(), token: randomId() })
    .onConflict((conflict) => conflict.expression(sql`lower(email)`).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new ElwatchError('subscriber-exists', `${email} is subscribed already.`, {
    retry: false,
    hint: 'Resume or remove that subscription instead of adding a second one.',
  });
}

export async function findSubscriberByEmail(db: Kysely<Schema>, email: string): Promise<Subscriber | null> {
  const row = await db
    .selectFrom('subscriber')
    .selectAll()
    .where(sql`lower(email)`, '=', sql`lower(${email})`)
    .executeTakeFirst();
  return row ?? null;
}

export async function findSubscriberByToken(db: Kysely<Schema>, token: string): Promise<Subscriber | null> {
  const row = await db.selectFrom('subscriber').selectAll().where('token', '=', token).executeTakeFirst();
  return row ?? null;
}

export async function findSubscriber(db: Kysely<Schema>, subscriberId: string): Promise<Subscriber | null> {
  const row = await db
    .selectFrom('subscriber')
    .selectAll()
    .where('subscriberId', '=', subscriberId)
    .executeTakeFirst();
  return row ?? null;
}

/** Oldest first. */
export async function listSubscribers(
  db: Kysely<Schema>,
  { status }: { status?: 'active' | 'paused' } = {},
): Promise<Subscriber[]> {
  let query = db.selectFrom('subscriber').selectAll();
  if (status !== undefined) query = query.where('status', '=', status);
  return query.orderBy('createdAt').orderBy('subscriberId').execute();
}

/** Answers whether there is such a subscriber. */
export async function setSubscriberStatus(
  db: Kysely<Schema>,
  subscriberId: string,
  status: 'active' | 'paused',
): Promise<boolean> {
  const result = await db
    .updateTable('subscriber')
    .set({ status })
    .where('subscriberId', '=', subscriberId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Forgets the subscriber. Their deliveries stay: the ledger says what was sent. Answers whether there was one. */
export async function removeSubscriber(db: Kysely<Schema>, subscriberId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('subscriber')
    .where('subscriberId', '=', subscriberId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** 144 bits, safe in a URL. */
function randomId(): string {
  return randomBytes(18).toString('base64url');
}
