import { type Kysely, type Selectable, sql } from 'kysely';
import { foldName } from '../fold.ts';
import type { Change, ChangeSet, ListName, StoredChange } from '../model.ts';
import { insertChangeSet } from './change-sets.ts';
import { toJson } from './clean-text.ts';
import type { ChangeTable, Schema } from './schema.ts';
import { lockLists } from './transaction.ts';

/** Rows per statement: 17 parameters each, far below the protocol's 65,535. */
const CHUNK = 1_000;

/**
 * Appends a change set and its changes, in their order, and answers both with their sequence numbers (those
 * that `changeSet` itself carries are ignored).
 *
 * A sequence alone would let a reader see number 11 before number 10 is committed, and a reader that keeps
 * "the last number I saw" would miss 10 for good. So numbers are drawn under a lock that is held until the
 * commit: the order of numbers is the order of commits. A rollback leaves a gap, never a late number.
 */
export async function appendChangeSet(
  tx: Kysely<Schema>,
  changeSet: ChangeSet,
  changes: Change[],
): Promise<{ changeSet: ChangeSet; changes: StoredChange[] }> {
  if (!tx.isTransaction) throw new TypeError('appendChangeSet needs a transaction');
  await lockLists(tx);
  const seqs = await drawSeqs(tx, changes.length);
  const stored = changes.map(
    (change, index): StoredChange => ({
      ...change,
      seq: seqs[index]!,
      changeSetId: changeSet.changeSetId,
      movedFrom: change.movedFrom ?? null,
      because: change.because ?? null,
      ofSeq: change.ofSeq ?? null,
      effectiveOn: change.effectiveOn ?? changeSet.effectiveOn,
      knownAt: changeSet.knownAt,
    }),
  );
  const numbered = { ...changeSet, firstSeq: seqs[0] ?? null, lastSeq: seqs.at(-1) ?? null };
  await insertChangeSet(tx, numbered);
  for (let start = 0; start < stored.length; start += CHUNK) {
    await tx
      .insertInto('change')
      .values(stored.slice(start, start + CHUNK).map(toRow))
      .execute();
  }
  return { changeSet: numbered, changes: stored };
}

/**
 * Changes after a sequence number, ascending: what a feed or a subscriber has not seen. A baseline (the first
 * load of a list) is news to nobody, so it is left out unless asked for.
 */
export async function changesAfter(
  db: Kysely<Schema>,
  { after, limit, includeBaseline = false, list }: ChangesAfter,
): Promise<StoredChange[]> {
  let query = db.selectFrom('change').selectAll('change').where('seq', '>', after);
  if (!includeBaseline) {
    query = query
      .innerJoin('changeSet', 'changeSet.changeSetId', 'change.changeSetId')
      .where('changeSet.cause', '!=', 'baseline');
  }
  if (list !== undefined) query = query.where('change.list', '=', list);
  return query.orderBy('seq').limit(limit).execute();
}

export interface ChangesAfter {
  after: number;
  limit: number;
  includeBaseline?: boolean;
  list?: ListName;
}

/** All changes of one change set, ascending. */
export async function changesOf(db: Kysely<Schema>, changeSetId: string): Promise<StoredChange[]> {
  return db.selectFrom('change').selectAll().where('changeSetId', '=', changeSetId).orderBy('seq').execute();
}

/** The history of one entry, oldest first, its baseline included. */
export async function changesOfEntry(db: Kysely<Schema>, entryId: string): Promise<StoredChange[]> {
  return db.selectFrom('change').selectAll().where('entryId', '=', entryId).orderBy('seq').execute();
}

async function drawSeqs(tx: Kysely<Schema>, count: number): Promise<number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ seq: number }>`
    select nextval(pg_get_serial_sequence('change', 'seq')) as seq from generate_series(1, ${count}::int)
  `.execute(tx);
  return rows.map((row) => row.seq).sort((a, b) => a - b);
}

function toRow(change: StoredChange) {
  return {
    ...pickPlain(change),
    before: change.before && toJson(change.before),
    after: change.after && toJson(change.after),
    fields: toJson(change.fields),
    locator: change.locator && toJson(change.locator),
    movedFrom: change.movedFrom ? toJson(change.movedFrom) : null,
    because: change.because ?? null,
    ofSeq: change.ofSeq ?? null,
  };
}

function pickPlain(change: StoredChange) {
  const { seq, changeSetId, kind, entryId, list, destination, country, name, effectiveOn, knownAt } = change;
  return { seq, changeSetId, kind, entryId, list, destination, country, name, effectiveOn, knownAt };
}

// The table's row and the model's change are one shape; this line fails to compile when they drift apart.
const _sameShape: (row: Selectable<ChangeTable>) => StoredChange = (row) => row;

/** The highest sequence number of all; 0 where there is no change. */
export async function latestSeq(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('change')
    .select((eb) => eb.fn.max('seq').as('last'))
    .executeTakeFirst();
  return row?.last ?? 0;
}

/** All changes of some entries, by their number. */
export async function changesOfEntries(
  db: Kysely<Schema>,
  entryIds: readonly string[],
): Promise<StoredChange[]> {
  const ids = [...new Set(entryIds)];
  const found: StoredChange[] = [];
  for (let start = 0; start < ids.length; start += CHUNK)
    found.push(
      ...(await db
        .selectFrom('change')
        .selectAll()
        .where('entryId', 'in', ids.slice(start, start + CHUNK))
        .orderBy('seq')
        .execute()),
    );
  return found;
}

/** Ids of the entries that ever had a name or an alias holding a folded text, in the order of their first change. */
export async function entriesNamed(db: Kysely<Schema>, folded: string): Promise<string[]> {
  const rows = await db
    .selectFrom('change')
    .select(['entryId', 'name', 'before', 'after'])
    .orderBy('seq')
    .execute();
  const texts = (row: (typeof rows)[number]) =>
    [row.name, row.before, row.after].flatMap((one) =>
      one === null ? [] : typeof one === 'string' ? [one] : [one.name, ...one.aliases],
    );
  const found = rows.filter((row) => texts(row).some((text) => foldName(text).includes(folded)));
  return [...new Set(found.map((row) => row.entryId))];
}
