import { type Migration, sql } from 'kysely';

/** Counterparties of organisations, the runs that screened them, what was hit, and what people decided about it. */
export const watchlists: Migration = {
  up: async (db) => {
    await sql.raw(TABLES).execute(db);
  },
};

const TABLES = `
create table watchlist (
  watchlist_id text primary key,
  organisation_id text not null references organisation on delete cascade,
  name text not null,
  threshold double precision check (threshold between 0 and 1),
  version integer not null default 0,
  sha256 text,
  rows integer not null default 0,
  created_at timestamptz not null,
  uploaded_at timestamptz,
  uploaded_by text,
  unique (organisation_id, name)
);

create table watchlist_version (
  watchlist_id text not null references watchlist on delete cascade,
  version integer not null,
  status text not null check (status in ('loading', 'current', 'replaced', 'failed')),
  sha256 text not null,
  format text,
  encoding text,
  rows integer not null default 0,
  skipped integer not null default 0,
  uploaded_at timestamptz not null,
  uploaded_by text not null,
  primary key (watchlist_id, version)
);

create table watchlist_row (
  watchlist_id text not null,
  version integer not null,
  row_number integer not null,
  row_key text not null,
  ref text not null,
  name text not null,
  aliases jsonb not null,
  addresses jsonb not null,
  country text,
  note text not null,
  primary key (watchlist_id, version, row_number),
  foreign key (watchlist_id, version) references watchlist_version on delete cascade
);
create index watchlist_row_key on watchlist_row (watchlist_id, row_key);

create table screening_decision (
  decision_id text primary key,
  watchlist_id text not null references watchlist on delete cascade,
  row_key text not null,
  entry_id text not null,
  entry_hash text not null,
  verdict text not null check (verdict in ('not-a-match')),
  reason text not null,
  who text not null,
  made_at timestamptz not null,
  expires_on date,
  ended_at timestamptz,
  their_name text not null,
  entry_name text not null
);
create index screening_decision_pair on screening_decision (watchlist_id, row_key, entry_id);

create table screening_run (
  run_id text primary key,
  watchlist_id text not null references watchlist on delete cascade,
  version integer not null,
  sha256 text not null,
  cause text not null check (cause in ('upload', 'demand', 'rule')),
  change_set_id text references change_set,
  state_hashes jsonb not null,
  last_seq bigint not null,
  matcher_version text not null,
  threshold double precision not null,
  names integer not null,
  entries integer not null,
  hits integer not null,
  hidden integer not null,
  started_at timestamptz not null,
  ended_at timestamptz not null
);
create unique index screening_run_rule on screening_run (change_set_id, watchlist_id, version)
  where change_set_id is not null;
create unique index screening_run_upload on screening_run (watchlist_id, version) where cause = 'upload';
create index screening_run_watchlist on screening_run (watchlist_id, started_at);

create table screening_hit (
  hit_id bigint generated always as identity primary key,
  run_id text not null references screening_run on delete cascade,
  row_number integer not null,
  row_key text not null,
  ref text not null,
  their_name text not null,
  their_country text,
  entry_id text not null,
  entry_hash text not null,
  entry_name text not null,
  list text not null,
  destination text not null,
  country text,
  citation jsonb,
  change_seq bigint,
  change_kind text,
  score double precision not null,
  matched jsonb not null,
  reasons jsonb not null,
  country_agrees boolean,
  decision_id text,
  is_hidden boolean not null
);
create index screening_hit_run on screening_hit (run_id, score desc, hit_id);

alter table change_set add column screened_at timestamptz;
update change_set set screened_at = known_at;
create index change_set_unscreened on change_set (known_at) where screened_at is null;
`;
