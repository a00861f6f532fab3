import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** Codes of all destinations under which anything was ever listed. */
export async function everyDestination(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ country: string }>`
    select distinct country from change where country is not null`.execute(db);
  return rows.map(({ country }) => country);
}
