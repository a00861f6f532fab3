import { type Migration, sql } from 'kysely';

/**
 * Each comparison of a list with another source, its ledger by rule, and the last snapshot of the source that
 * was accepted: what the next one is measured against.
 */
export const audit: Migration = {
  up: async (db) => {
    await sql.raw(TABLES).execute(db);
  },
};

const TABLES = `
create table audit_run (
  id bigint generated always as identity primary key,
  source text not null check (source in ('ecfr', 'csl')),
  list text not null,
  source_on date,
  ran_at timestamptz not null,
  rows integer,
  outcome text not null check (outcome in ('clean', 'lag', 'drift', 'refused', 'failed')),
  reason text,
  counts jsonb not null
);
create index audit_run_source_ran_at on audit_run (source, ran_at);

create table audit_ledger (
  id bigint generated always as identity primary key,
  run_id bigint not null references audit_run,
  number text not null,
  published_on date not null,
  ours integer not null,
  there integer not null,
  missing jsonb not null,
  day integer not null
);
create index audit_ledger_number on audit_ledger (number, run_id);
create index audit_ledger_run_id on audit_ledger (run_id);

create table audit_snapshot (
  source text not null,
  list text not null,
  source_on date not null,
  rows integer not null,
  content bytea not null,
  accepted_at timestamptz not null,
  primary key (source, list)
);
`;
