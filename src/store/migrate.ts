import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { ElwatchError } from '../errors.ts';
import { spine } from './migrations/0001-spine.ts';
import { pointInTime } from './migrations/0002-point-in-time.ts';
import { filings } from './migrations/0003-filings.ts';
import { audit } from './migrations/0004-audit.ts';
import { subscriptions } from './migrations/0005-subscriptions.ts';
import { watchlists } from './migrations/0006-watchlists.ts';
import { api } from './migrations/0007-api.ts';
import { forgiven } from './migrations/0008-forgiven.ts';
import { claimant } from './migrations/0009-claimant.ts';
import { watchlistPages } from './migrations/0010-watchlist-pages.ts';
import { consent } from './migrations/0011-consent.ts';

/** Forward only, in order of name; a file that was released is never edited. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-spine': spine,
  '0002-point-in-time': pointInTime,
  '0003-filings': filings,
  '0004-audit': audit,
  '0005-subscriptions': subscriptions,
  '0006-watchlists': watchlists,
  '0007-api': api,
  '0008-forgiven': forgiven,
  '0009-claimant': claimant,
  '0010-watchlist-pages': watchlistPages,
  '0011-consent': consent,
};

/**
 * Brings the tables of one schema, made when absent, up to what this code knows. Processes that start at once
 * wait for each other (kysely's advisory lock), and a migration that fails leaves nothing behind.
 *
 * @param beforeChange called with the last migration of tables that are there and are to be changed
 *
 * Throws `schema-newer` when a newer version of the program has been here: it would not understand the
 * tables, so it changes nothing.
 */
export async function migrateDatabase(
  // biome-ignore lint/suspicious/noExplicitAny: a migration sees the tables of its own time, not today's.
  db: Kysely<any>,
  schema = 'public',
  migrations = MIGRATIONS,
  beforeChange?: (last: string) => Promise<void>,
): Promise<void> {
  const applied = await appliedMigrations(db, schema);
  const unknown = applied.filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new ElwatchError(
      'schema-newer',
      `The database was written by a newer version of Entity List Watch (it has ${unknown.join(', ')}).`,
      { retry: false, hint: 'Run the newer version, or restore the backup that was made before it ran.' },
    );
  }
  const last = applied.sort().at(-1);
  if (last !== undefined && applied.length < Object.keys(migrations).length) await beforeChange?.(last);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: schema,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new ElwatchError('migration-failed', 'The tables could not be brought up to date.', {
      retry: false,
      hint: 'Nothing was changed. The cause is below; check the rights of the database user.',
      cause: error,
    });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: reads kysely's own ledger, which is in no schema type.
async function appliedMigrations(db: Kysely<any>, schema: string): Promise<string[]> {
  const ledger = sql.id(schema, 'kysely_migration');
  const found = await sql<{ oid: string | null }>`
    select to_regclass(${`${schema}.kysely_migration`}) as oid
  `.execute(db);
  if (found.rows[0]?.oid == null) return [];
  const { rows } = await sql<{ name: string }>`select name from ${ledger}`.execute(db);
  return rows.map((row) => row.name);
}
