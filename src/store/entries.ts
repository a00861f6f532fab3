import { type Kysely, type Selectable, sql } from 'kysely';
import { foldName } from '../fold.ts';
import { foldChanges } from '../list/history.ts';
import type { Entry, ListName } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { EntryTable, Schema } from './schema.ts';

/** Rows per statement: 7 parameters each, far below the protocol's 65,535. */
const CHUNK = 1_000;

/** The entries on the list now (all lists without an argument), by list, destination and name. */
export async function currentEntries(db: Kysely<Schema>, list?: ListName): Promise<Entry[]> {
  let query = db.selectFrom('entry').selectAll();
  if (list !== undefined) query = query.where('list', '=', list);
  const rows = await query
    .orderBy('list')
    .orderBy('destination')
    .orderBy('nameKey')
    .orderBy('entryId')
    .execute();
  return rows.map(toEntry);
}

/** The entry on a list now, or null. */
export async function findEntry(db: Kysely<Schema>, entryId: string): Promise<Entry | null> {
  const row = await db.selectFrom('entry').selectAll().where('entryId', '=', entryId).executeTakeFirst();
  return row === undefined ? null : toEntry(row);
}

/** Those of some entries that are on a list now. */
export async function findEntries(db: Kysely<Schema>, entryIds: readonly string[]): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const ids of chunksOf([...entryIds])) {
    const rows = await db.selectFrom('entry').selectAll().where('entryId', 'in', ids).execute();
    found.push(...rows.map(toEntry));
  }
  return found;
}

/** Removes, then adds or replaces. Call it in the transaction that appends the changes it follows from. */
export async function writeEntries(
  tx: Kysely<Schema>,
  { upsert, removeIds }: { upsert: (Entry & { nameKey: string })[]; removeIds: string[] },
): Promise<void> {
  for (const ids of chunksOf(removeIds)) {
    await tx.deleteFrom('entry').where('entryId', 'in', ids).execute();
  }
  for (const entries of chunksOf(upsert)) {
    await tx
      .insertInto('entry')
      .values(entries.map(toRow))
      .onConflict((conflict) =>
        conflict.column('entryId').doUpdateSet((eb) => ({
          list: eb.ref('excluded.list'),
          destination: eb.ref('excluded.destination'),
          country: eb.ref('excluded.country'),
          name: eb.ref('excluded.name'),
          text: eb.ref('excluded.text'),
          nameKey: eb.ref('excluded.nameKey'),
        })),
      )
      .execute();
  }
}

/** What of the changes counts: those in effect on a day, and those that we knew at an instant. */
export interface PointInTime {
  /** Legal clock: in effect by the end of this day. Without it, all that is ordered so far. */
  on?: string;
  /** Our clock: known by this instant. Without it, all. */
  knownAt?: string;
  /** Only changes with a lower number. */
  beforeSeq?: number;
}

/**
 * A list at a point in time, computed from the changes: the sum of those that were in effect and known then, in
 * the order of their effect. Empty before `earliestDay`.
 */
export async function entriesAsOf(
  db: Kysely<Schema>,
  list: ListName,
  at: string | PointInTime,
): Promise<Entry[]> {
  const { on, knownAt, beforeSeq }: PointInTime = typeof at === 'string' ? { on: at } : at;
  let query = db
    .selectFrom('change')
    .select(['kind', 'entryId', 'list', 'destination', 'country', 'before', 'after', 'fields', 'movedFrom'])
    .where('list', '=', list);
  if (on !== undefined) query = query.where('effectiveOn', '<=', on);
  if (knownAt !== undefined) query = query.where('knownAt', '<=', knownAt);
  if (beforeSeq !== undefined) query = query.where('seq', '<', beforeSeq);
  const steps = await query.orderBy('effectiveOn').orderBy('seq').execute();
  return sortEntries([...foldChanges(steps).values()]);
}

/** One entry at the end of a day by the legal clock, as far as it is known now; null where it was on no list then. */
export async function entryAsOf(db: Kysely<Schema>, entryId: string, on: string): Promise<Entry | null> {
  const steps = await db
    .selectFrom('change')
    .select(['kind', 'entryId', 'list', 'destination', 'country', 'before', 'after', 'fields', 'movedFrom'])
    .where('entryId', '=', entryId)
    .where('effectiveOn', '<=', on)
    .orderBy('effectiveOn')
    .orderBy('seq')
    .execute();
  return foldChanges(steps).get(entryId) ?? null;
}

/** Entries on any list now whose name is the same when folded, by destination. */
export async function entriesOfName(db: Kysely<Schema>, name: string): Promise<Entry[]> {
  const rows = await db
    .selectFrom('entry')
    .selectAll()
    .where('nameKey', '=', foldName(name))
    .orderBy('destination')
    .orderBy('list')
    .orderBy('entryId')
    .execute();
  return rows.map(toEntry);
}

/**
 * Brings the current list up to what the changes say about some entries, whatever it said before. Call it in the
 * transaction that appended changes about them: with the days of effect, the last change need not decide.
 */
export async function refoldEntries(tx: Kysely<Schema>, entryIds: readonly string[]): Promise<void> {
  for (const ids of chunksOf([...new Set(entryIds)])) {
    const steps = await tx
      .selectFrom('change')
      .select(['kind', 'entryId', 'list', 'destination', 'country', 'before', 'after', 'fields', 'movedFrom'])
      .where('entryId', 'in', ids)
      .orderBy('effectiveOn')
      .orderBy('seq')
      .execute();
    const folded = foldChanges(steps);
    await writeEntries(tx, {
      upsert: [...folded.values()].map((entry) => ({ ...entry, nameKey: foldName(entry.name) })),
      removeIds: ids.filter((id) => !folded.has(id)),
    });
  }
}

/** First day of each entry of a list that is ordered, and not in effect yet at the end of a day. */
export async function pendingStarts(
  db: Kysely<Schema>,
  list: ListName,
  on: string,
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('change')
    .select(['entryId', 'effectiveOn'])
    .where('list', '=', list)
    .where('effectiveOn', '>', on)
    .where('kind', '=', 'added')
    .orderBy('effectiveOn', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.entryId, row.effectiveOn]));
}

/** Whether a change to the list takes effect after a day. */
export async function hasLaterChanges(db: Kysely<Schema>, list: ListName, on: string): Promise<boolean> {
  const row = await db
    .selectFrom('change')
    .select('seq')
    .where('list', '=', list)
    .where('effectiveOn', '>', on)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function sortEntries(entries: Entry[]): Entry[] {
  return entries.sort(
    (a, b) => order(a.destination, b.destination) || order(a.name, b.name) || order(a.entryId, b.entryId),
  );
}

/** The first day that `entriesAsOf` can answer for: that of the first baseline. Null before any. */
export async function earliestDay(db: Kysely<Schema>, list: ListName): Promise<string | null> {
  const row = await db
    .selectFrom('changeSet')
    .select((eb) => eb.fn.min('effectiveOn').as('on'))
    .where('cause', '=', 'baseline')
    .where(sql<boolean>`lists @> ${toJson([list])}::jsonb`)
    .executeTakeFirst();
  return row?.on ?? null;
}

function toEntry({ text, nameKey: _, ...place }: Selectable<EntryTable>): Entry {
  return { ...place, ...text };
}

function toRow({ entryId, list, destination, country, nameKey, ...text }: Entry & { nameKey: string }) {
  return { entryId, list, destination, country, nameKey, name: text.name, text: toJson(text) };
}

function* chunksOf<T>(items: T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}

/** How many entries each list has now; lists without any are left out. */
export async function countEntries(db: Kysely<Schema>): Promise<Partial<Record<ListName, number>>> {
  const rows = await db
    .selectFrom('entry')
    .select((eb) => ['list', eb.fn.countAll<number>().as('count')])
    .groupBy('list')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.list, Number(row.count)]));
}
