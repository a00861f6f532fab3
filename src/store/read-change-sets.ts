import { type Expression, type Kysely, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { ChangeKind, ListName, Outcome } from '../model.ts';
import { type StoredChangeSet, toChangeSet } from './change-sets.ts';
import { toJson } from './clean-text.ts';
import type { Schema } from './schema.ts';

/** Which change sets are wanted; an absent part restricts nothing. Baselines are left out unless asked for. */
export interface ChangeSetFilter {
  list?: ListName;
  /** A country code. A notice whose entries are not known yet counts where it names no destination at all. */
  country?: string;
  /** Only those with a change of this kind. */
  kind?: ChangeKind;
  /** Words that stand in the title of the document, or in an entry before or after (of no baseline); whatever case. */
  text?: string;
  document?: string;
  outcome?: Outcome;
  /** Only those with a change, of the kind and the list where these are given, that has effect on one of these days. */
  effectiveFrom?: string;
  effectiveTo?: string;
  /** Instants, inclusive. */
  since?: string;
  until?: string;
  /** Only those that hit it. */
  watchlistId?: string;
  includeBaseline?: boolean;
}

/** Where a page begins: behind one change set, or so many from the first. */
export interface ChangeSetPage {
  order: 'newest' | 'oldest';
  limit: number;
  behind?: Pick<StoredChangeSet, 'knownAt' | 'changeSetId'>;
  offset?: number;
}

/** Change sets in the order in which we knew them. */
export async function readChangeSets(
  db: Kysely<Schema>,
  filter: ChangeSetFilter,
  { order, limit, behind, offset = 0 }: ChangeSetPage,
): Promise<StoredChangeSet[]> {
  const direction = order === 'newest' ? 'desc' : 'asc';
  let query = restrict(db.selectFrom('changeSet').selectAll(), filter);
  if (behind !== undefined)
    query = query.where(
      sql<SqlBool>`(known_at, change_set_id) ${sql.raw(order === 'newest' ? '<' : '>')}
        (${behind.knownAt}::timestamptz, ${behind.changeSetId})`,
    );
  const rows = await query
    .orderBy('knownAt', direction)
    .orderBy('changeSetId', direction)
    .limit(limit)
    .offset(offset)
    .execute();
  return rows.map(toChangeSet);
}

export async function countChangeSets(db: Kysely<Schema>, filter: ChangeSetFilter): Promise<number> {
  const { count } = await restrict(
    db.selectFrom('changeSet').select((eb) => eb.fn.countAll<number>().as('count')),
    filter,
  ).executeTakeFirstOrThrow();
  return Number(count);
}

/** Changes whenever a change set is added, and only then: change sets are never rewritten. */
export async function changeSetsVersion(db: Kysely<Schema>): Promise<string> {
  // Written out: every poll of a feed asks for it, and building the statement takes longer than its answer.
  const { rows } = await sql<{ version: string }>`
    select concat(count(*), '.', max(known_at)) as version from change_set`.execute(db);
  return rows[0]!.version;
}

/** State hash of each list as all that we knew at an instant leaves it. */
export async function stateHashesAt(
  db: Kysely<Schema>,
  at: string,
): Promise<Partial<Record<ListName, string>>> {
  const rows = await sql<{ list: ListName; hash: string }>`
    select distinct on (list) list, hash
    from change_set cross join jsonb_each_text(state_hashes) as each (list, hash)
    where known_at <= ${at}
    order by list, known_at desc, last_seq desc nulls last`.execute(db);
  return Object.fromEntries(rows.rows.map(({ list, hash }) => [list, hash]));
}

function restrict<Of>(
  query: SelectQueryBuilder<Schema, 'changeSet', Of>,
  filter: ChangeSetFilter,
): SelectQueryBuilder<Schema, 'changeSet', Of> {
  const { list, country, kind, text, document, outcome, since, until, watchlistId } = filter;
  const { effectiveFrom, effectiveTo } = filter;
  let found = query;
  if (filter.includeBaseline !== true) found = found.where('cause', '!=', 'baseline');
  if (list !== undefined) found = found.where(sql<SqlBool>`lists @> ${toJson([list])}::jsonb`);
  if (country !== undefined) found = found.where(concerns(country));
  if (kind !== undefined || effectiveFrom !== undefined || effectiveTo !== undefined)
    found = found.where(hasChange(filter));
  if (text !== undefined) found = found.where(mentions(text));
  if (document !== undefined) found = found.where('number', '=', document);
  if (outcome !== undefined) found = found.where('outcome', '=', outcome);
  if (since !== undefined) found = found.where('knownAt', '>=', since);
  if (until !== undefined) found = found.where('knownAt', '<=', until);
  if (watchlistId !== undefined) found = found.where(isHitOf(watchlistId));
  return found;
}

function concerns(country: string): Expression<SqlBool> {
  const named = (table: string) =>
    sql`jsonb_path_exists(${sql.ref(table)}, '$.*.*.byDestination.keyvalue().key ? (@ == $code)',
      jsonb_build_object('code', ${country}::text))`;
  return sql<SqlBool>`(
    exists (select from change where change.change_set_id = change_set.change_set_id
      and change.country = ${country})
    or (first_seq is null and (${named('stated')}
      or not jsonb_path_exists(stated, '$.*.*.byDestination.*'))))`;
}

/** One change has to meet all of it: a removal from another list is not what is asked for. */
function hasChange({ list, kind, effectiveFrom, effectiveTo }: ChangeSetFilter): Expression<SqlBool> {
  const terms = [sql<SqlBool>`change.change_set_id = change_set.change_set_id`];
  if (list !== undefined) terms.push(sql`change.list = ${list}`);
  if (kind !== undefined) terms.push(sql`change.kind = ${kind}`);
  if (effectiveFrom !== undefined) terms.push(sql`change.effective_on >= ${effectiveFrom}`);
  if (effectiveTo !== undefined) terms.push(sql`change.effective_on <= ${effectiveTo}`);
  return sql<SqlBool>`exists (select from change where ${sql.join(terms, sql` and `)})`;
}

function mentions(text: string): Expression<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/gu, '\\$&')}%`;
  // A case is decided in its order, and by their numbers the changes of one set are found alone: the thousands of
  // entries of a baseline would take most of the time.
  return sql<SqlBool>`(change_set.number ilike ${pattern} or head->>'title' ilike ${pattern}
    or case when cause = 'baseline' then false else exists (
      select from change where change.seq between change_set.first_seq and change_set.last_seq
        and (name ilike ${pattern} or before::text ilike ${pattern} or after::text ilike ${pattern})) end)`;
}

function isHitOf(watchlistId: string): Expression<SqlBool> {
  return sql<SqlBool>`exists (
    select from screening_run where screening_run.change_set_id = change_set.change_set_id
      and screening_run.watchlist_id = ${watchlistId} and screening_run.hits > screening_run.hidden)`;
}
