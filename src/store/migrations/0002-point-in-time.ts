import { type Migration, sql } from 'kysely';

/**
 * What point in time needs: a change can move an entry, have a reason other than an instruction about its
 * entry, and take effect on a day of its own. Change sets can be provisional, withdraw what was told, correct
 * other documents, and publish the state hash after them. Overrides are what a person decided about a document.
 */
export const pointInTime: Migration = {
  up: async (db) => {
    await sql.raw(TABLES).execute(db);
  },
};

const TABLES = `
alter table change add column moved_from jsonb;
alter table change add column because text
  check (because in ('stay', 'delay', 'resume', 'expiry', 'correction'));
alter table change add column of_seq bigint;
alter table change_set drop constraint change_set_outcome_check;
alter table change_set add constraint change_set_outcome_check
  check (outcome in ('applied', 'held', 'provisional', 'withdrawn'));
alter table change_set add column differences jsonb not null default '[]';
alter table change_set add column corrects jsonb not null default '[]';
alter table change_set add column state_hashes jsonb not null default '{}';
create index change_set_number on change_set (number, known_at);
create index change_list_effective_on_seq on change (list, effective_on, seq);

create table override (
  id bigint generated always as identity primary key,
  number text not null,
  published_on date not null,
  kind text not null check (kind in ('accept', 'replace', 'ignore')),
  find text,
  by text,
  reason text not null,
  who text not null,
  made_at timestamptz not null,
  ended_at timestamptz
);
create index override_document on override (number, published_on);
`;
