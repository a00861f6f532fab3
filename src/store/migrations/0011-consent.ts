import { type Migration, sql } from 'kysely';

/**
 * Who set the status of a subscription and who vouched for an address that did not confirm; and the addresses to
 * which nothing is sent, whatever subscription they are in.
 */
export const consent: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table subscription add column status_by text',
  'alter table subscription add column vouched_by text',
  `update subscription set status_by = case
      when status_reason = 'unsubscribed by link' then 'reader'
      when status_reason = 'paused by its owner' then 'owner'
      when status = 'disabled' then 'service' end`,
  // What nobody confirmed must not say so.
  `update subscription set confirmed_at = null
    where channel <> 'email' or organisation_id not in ('operator', 'public')`,
  `update subscription set vouched_by = 'operator' where channel = 'email' and organisation_id = 'operator'`,
  `create table suppressed_address (
    address_hash text primary key,
    reason text not null,
    since timestamptz not null
  )`,
  // A complaint outweighs a bounce.
  `insert into suppressed_address (address_hash, reason, since)
    select distinct on (target_hash) target_hash, coalesce(status_reason, 'disabled'), now() from subscription
    where channel = 'email' and status = 'disabled'
    order by target_hash, status_reason like 'complaint-%' desc nulls last`,
  // Questions are limited by address, whatever subscription they are about.
  `create index delivery_question on delivery (lower(recipient), created_at) where kind = 'confirm'`,
];
