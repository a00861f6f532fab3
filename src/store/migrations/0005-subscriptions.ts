import { type Migration, sql } from 'kysely';

/**
 * Organisations and their API tokens; subscriptions by any channel in the place of subscribers by mail; and
 * deliveries of other things than one change set.
 */
export const subscriptions: Migration = {
  up: async (db) => {
    await sql.raw(TABLES).execute(db);
  },
};

const TABLES = `
create table organisation (
  organisation_id text primary key,
  name text not null,
  created_at timestamptz not null
);
insert into organisation values ('operator', 'Operator', '2026-01-01T00:00:00Z');
insert into organisation values ('public', 'Public sign-ups', '2026-01-01T00:00:00Z');

create table api_token (
  token_id text primary key,
  organisation_id text not null references organisation,
  name text not null,
  hash text not null unique,
  hint text not null,
  scopes jsonb not null,
  per_minute integer not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table server_secret (
  name text primary key,
  value text not null,
  created_at timestamptz not null
);

alter table subscriber rename to subscription;
alter table subscription rename column subscriber_id to subscription_id;
alter table subscription rename column email to target;
drop index subscriber_email;
alter table subscription drop constraint subscriber_status_check;
alter table subscription
  add constraint subscription_status_check check (status in ('unconfirmed', 'active', 'paused', 'disabled')),
  add column organisation_id text not null default 'operator' references organisation,
  add column channel text not null default 'email' check (channel in ('email', 'webhook', 'slack', 'teams')),
  add column target_hash text,
  add column name text not null default '',
  add column sealed text,
  add column contact text,
  add column status_reason text,
  add column notices jsonb not null default '{"provisional":true,"held":true,"quietDays":false}',
  add column schedule jsonb not null default '{"mode":"immediate"}',
  add column date_language text not null default 'en',
  add column confirmed_at timestamptz,
  add column failing_since timestamptz;
update subscription set
  target_hash = encode(sha256(convert_to(lower(target), 'UTF8')), 'hex'),
  confirmed_at = created_at,
  filter = '{"lists":[],"keywords":[],"watchlists":[]}'::jsonb || filter;
alter table subscription alter column target_hash set not null;
create unique index subscription_target on subscription (organisation_id, channel, target_hash, name);
create index subscription_status on subscription (status);

alter table delivery rename column subscriber_id to subscription_id;
alter table delivery drop constraint delivery_change_set_id_subscriber_id_channel_key;
alter table delivery drop constraint delivery_status_check;
alter table delivery alter column change_set_id drop not null;
alter table delivery
  add constraint delivery_status_check
    check (status in ('gathered', 'due', 'sending', 'sent', 'failed', 'suppressed')),
  add column kind text not null default 'alert'
    check (kind in ('alert', 'digest', 'quiet', 'confirm', 'test', 'disabled')),
  add column subject text,
  add column recipient text not null default '',
  add column digest_id text,
  add column acknowledged_at timestamptz;
update delivery set
  subject = change_set_id,
  recipient = coalesce((select target from subscription where subscription_id = delivery.subscription_id), '');
alter table delivery alter column subject set not null;
create unique index delivery_once on delivery (subject, subscription_id, channel);
create index delivery_change_set_id on delivery (change_set_id);
create index delivery_subscription_id on delivery (subscription_id, created_at);
create index delivery_digest_id on delivery (digest_id) where digest_id is not null;
`;
