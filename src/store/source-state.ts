import type { Kysely, Selectable } from 'kysely';
import { toJson } from './clean-text.ts';
import type { Schema, SourceStateTable } from './schema.ts';

export type SourceState = Selectable<SourceStateTable>;

/** A source answered as it should. Clears the failure, keeps when it last failed. */
export async function recordSuccess(
  db: Kysely<Schema>,
  source: string,
  at: string,
  detail: unknown = null,
): Promise<void> {
  const state = { lastSuccessAt: at, failure: null, detail: toJsonOrNull(detail) };
  await db
    .insertInto('sourceState')
    .values({ source, ...state })
    .onConflict((conflict) => conflict.column('source').doUpdateSet(state))
    .execute();
}

/** A source failed; `failure` is one line. Its last success stays on record. */
export async function recordFailure(
  db: Kysely<Schema>,
  source: string,
  at: string,
  failure: string,
  detail: unknown = null,
): Promise<void> {
  const state = { lastFailureAt: at, failure, detail: toJsonOrNull(detail) };
  await db
    .insertInto('sourceState')
    .values({ source, ...state })
    .onConflict((conflict) => conflict.column('source').doUpdateSet(state))
    .execute();
}

export async function listSourceStates(db: Kysely<Schema>): Promise<SourceState[]> {
  return db.selectFrom('sourceState').selectAll().orderBy('source').execute();
}

function toJsonOrNull(detail: unknown): string | null {
  return detail === null || detail === undefined ? null : toJson(detail);
}
