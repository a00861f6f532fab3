import { type Migration, sql } from 'kysely';

/** Answers that are kept for a repeated POST, and the secret of each watchlist's feed. */
export const api: Migration = {
  up: async (db) => {
    await sql.raw(TABLES).execute(db);
  },
};

const TABLES = `
create table idempotency_key (
  token_id text not null,
  key text not null,
  request_hash text not null,
  -- null while the first request is under way
  status integer,
  sealed_body text,
  created_at timestamptz not null,
  primary key (token_id, key)
);
create index idempotency_key_created_at on idempotency_key (created_at);

create table watchlist_feed (
  watchlist_id text primary key references watchlist on delete cascade,
  salt text not null,
  created_at timestamptz not null
);

create index change_country on change (country, change_set_id);
`;
