import type { Kysely } from 'kysely';
import type { ChangeKind, ListName, TracedChange } from '../model.ts';
import type { Schema } from './schema.ts';

/** Which changes are wanted; an empty or absent part restricts nothing. */
export interface ChangeFilter {
  lists?: readonly ListName[];
  /** Country codes. */
  countries?: readonly string[];
  kinds?: readonly ChangeKind[];
  /** A document number. */
  document?: string;
  changeSetId?: string;
  /** Whether the first load of a list counts: it is news to nobody. */
  includeBaseline?: boolean;
}

/** Changes with a sequence number above `after` and up to `upTo`, ascending, at most `limit`. */
export async function readChanges(
  db: Kysely<Schema>,
  { after, upTo, limit }: { after: number; upTo?: number; limit: number },
  filter: ChangeFilter = {},
): Promise<TracedChange[]> {
  let query = db
    .selectFrom('change')
    .innerJoin('changeSet', 'changeSet.changeSetId', 'change.changeSetId')
    .selectAll('change')
    .select(['changeSet.number', 'changeSet.publishedOn'])
    .where('change.seq', '>', after);
  if (upTo !== undefined) query = query.where('change.seq', '<=', upTo);
  if (filter.includeBaseline !== true) query = query.where('changeSet.cause', '!=', 'baseline');
  if (filter.lists?.length) query = query.where('change.list', 'in', [...filter.lists]);
  if (filter.countries?.length) query = query.where('change.country', 'in', [...filter.countries]);
  if (filter.kinds?.length) query = query.where('change.kind', 'in', [...filter.kinds]);
  if (filter.document !== undefined) query = query.where('changeSet.number', '=', filter.document);
  if (filter.changeSetId !== undefined) query = query.where('change.changeSetId', '=', filter.changeSetId);
  return query.orderBy('change.seq').limit(limit).execute();
}

/** Whether a change is one of those that are wanted; the same rule as above, without a database. */
export function isWanted(change: TracedChange, filter: ChangeFilter): boolean {
  const holds = <T>(of: readonly T[] | undefined, one: T | null) =>
    !of?.length || (one !== null && of.includes(one));
  return (
    holds(filter.lists, change.list) &&
    holds(filter.countries, change.country) &&
    holds(filter.kinds, change.kind) &&
    (filter.document === undefined || filter.document === change.number) &&
    (filter.changeSetId === undefined || filter.changeSetId === change.changeSetId)
  );
}

/** Everything that happened to one entry, oldest first, its baseline included. */
export async function readEntryChanges(db: Kysely<Schema>, entryId: string): Promise<TracedChange[]> {
  return db
    .selectFrom('change')
    .innerJoin('changeSet', 'changeSet.changeSetId', 'change.changeSetId')
    .selectAll('change')
    .select(['changeSet.number', 'changeSet.publishedOn'])
    .where('change.entryId', '=', entryId)
    .orderBy('change.seq')
    .execute();
}
