import { type Kysely, type Selectable, sql } from 'kysely';
import type { Entry, EntryText, ListName } from '../model.ts';
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

/**
 * A list as it stood in law at the end of a day, computed from the changes: for each entry its last change in
 * effect by then, unless that one is a removal. Empty before `earliestDay`.
 */
export async function entriesAsOf(db: Kysely<Schema>, list: ListName, on: string): Promise<Entry[]> {
  const last = db
    .selectFrom('change')
    .distinctOn('entryId')
    .select(['entryId', 'list', 'destination', 'country', 'after'])
    .where('list', '=', list)
    .where('effectiveOn', '<=', on)
    .orderBy('entryId')
    .orderBy('effectiveOn', 'desc')
    .orderBy('seq', 'desc')
    .as('last');
  const rows = await db
    .selectFrom(last)
    .selectAll()
    .where('after', 'is not', null)
    .orderBy('destination')
    .orderBy(sql`after->>'name' collate "C"`)
    .orderBy('entryId')
    .execute();
  return rows.map(({ after, ...place }) => ({ ...place, ...(after as EntryText) }));
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
