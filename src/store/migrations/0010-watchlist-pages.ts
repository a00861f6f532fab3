import { type Migration, sql } from 'kysely';

/**
 * The secret behind the address of a watchlist's page, so that a new one makes the old address void; and one decision
 * at a time for a pair of counterparty and entry.
 */
export const watchlistPages: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table watchlist_page (
    watchlist_id text primary key references watchlist on delete cascade,
    salt text not null,
    created_at timestamptz not null
  )`,
  // Of several decisions about a pair the newest counts from now on.
  `update screening_decision as older set ended_at = newer.made_at
    from screening_decision as newer
    where older.ended_at is null and newer.ended_at is null
      and older.watchlist_id = newer.watchlist_id and older.row_key = newer.row_key
      and older.entry_id = newer.entry_id
      and (older.made_at, older.decision_id) < (newer.made_at, newer.decision_id)`,
  `create unique index screening_decision_open on screening_decision (watchlist_id, row_key, entry_id)
    where ended_at is null`,
];
