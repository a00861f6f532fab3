/**
 * Every table of ours that an export carries, in the order of its file. A table that is in neither list fails a test
 * (`test/transfer.test.ts`): one that is forgotten would be lost by a move.
 */
export const PORTABLE_TABLES: readonly string[] = [
  'organisation',
  'server_secret',
  'api_token',
  'idempotency_key',
  'source_state',
  'document',
  'document_version',
  'override',
  'issue',
  'filing',
  'filing_version',
  'change_set',
  'change',
  'entry',
  'subscription',
  'suppressed_address',
  'delivery',
  'watchlist',
  'watchlist_version',
  'watchlist_row',
  'watchlist_feed',
  'watchlist_page',
  'screening_run',
  'screening_hit',
  'screening_decision',
  'audit_run',
  'audit_ledger',
  'audit_snapshot',
];

/** What an export leaves out, and why it may. */
export const LEFT_OUT_TABLES: Readonly<Record<string, string>> = {
  kysely_migration:
    'the other store has its own; the head of the file names the migration, which must be the same',
  kysely_migration_lock: 'is of one store',
};

/** Schemas that an export leaves out, and why it may. */
export const LEFT_OUT_SCHEMAS: Readonly<Record<string, string>> = {
  bullmq:
    'the queue: schedules are made at each start, and the sweep finds in our tables what is still to be done',
};

/** What a new store has by itself; an import replaces it. */
export const BORN_WITH: Readonly<Record<string, string>> = {
  organisation: `organisation_id in ('operator', 'public')`,
  // Made by the first command that opens the store; nothing is sealed with it while nothing else is there.
  server_secret: 'true',
};
