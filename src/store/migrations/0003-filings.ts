import { type Migration, sql } from 'kysely';

/**
 * Filings on public inspection and their bytes. They stand apart from documents, because what they say is
 * provisional: a change set may tell it, a list never takes it.
 */
export const filings: Migration = {
  up: async (db) => {
    await sql.raw(TABLES).execute(db);
  },
};

const TABLES = `
create table filing (
  number text primary key,
  filed_at timestamptz,
  filing_type text check (filing_type in ('special', 'regular')),
  published_on date,
  title text not null,
  pdf_updated_at timestamptz,
  text_sha256 text,
  text_checked_at timestamptz,
  reading jsonb,
  letters jsonb not null default '[]',
  editorial_note text,
  status text not null
    check (status in ('new', 'provisional', 'ignored', 'confirmed', 'corrected', 'withdrawn', 'overdue')),
  status_reason text,
  change_set_id text,
  revision integer not null default 0,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  missing_since timestamptz
);
create index filing_status on filing (status);

create table filing_version (
  id bigint generated always as identity primary key,
  number text not null references filing,
  kind text not null check (kind in ('record', 'text')),
  sha256 text not null,
  url text not null,
  bytes bytea not null,
  fetched_at timestamptz not null,
  last_seen_at timestamptz not null,
  unique (number, kind, sha256)
);

alter table change_set add column filing jsonb;
create index change_set_follows on change_set (follows);
`;
