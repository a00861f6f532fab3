import type { Kysely, Selectable } from 'kysely';
import type { OverrideTable, Schema } from './schema.ts';

export type StoredOverride = Selectable<OverrideTable>;

export interface NewOverride {
  number: string;
  publishedOn: string;
  kind: StoredOverride['kind'];
  /** Of a `replace`, and null otherwise. */
  find?: string | null;
  by?: string | null;
  reason: string;
  who: string;
  madeAt: string;
}

/** Notes what a person decided about a document; it counts from the next look at it on. */
export async function addOverride(db: Kysely<Schema>, override: NewOverride): Promise<StoredOverride> {
  return db
    .insertInto('override')
    .values({ ...override, find: override.find ?? null, by: override.by ?? null, endedAt: null })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Ends all overrides of a document; the rows stay as the record of it. Answers how many counted until now. */
export async function endOverrides(
  db: Kysely<Schema>,
  number: string,
  publishedOn: string,
  at: string,
): Promise<number> {
  const ended = await db
    .updateTable('override')
    .set({ endedAt: at })
    .where('number', '=', number)
    .where('publishedOn', '=', publishedOn)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  return Number(ended.numUpdatedRows);
}

/** The overrides of a document in the order in which they were made; those that ended only where asked for. */
export async function overridesOf(
  db: Kysely<Schema>,
  number: string,
  publishedOn: string,
  { ended = false }: { ended?: boolean } = {},
): Promise<StoredOverride[]> {
  let query = db
    .selectFrom('override')
    .selectAll()
    .where('number', '=', number)
    .where('publishedOn', '=', publishedOn);
  if (!ended) query = query.where('endedAt', 'is', null);
  return query.orderBy('id').execute();
}
