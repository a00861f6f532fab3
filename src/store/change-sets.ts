import { type Kysely, type Selectable, sql } from 'kysely';
import type { ChangeSet, ListName } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { ChangeSetTable, Schema } from './schema.ts';

/** A change set with the count of change sets of its document up to it, from 1. */
export type StoredChangeSet = ChangeSet & { revision: number };

/** Only `appendChangeSet` calls it: numbers and revision are right under its lock alone. */
export async function insertChangeSet(tx: Kysely<Schema>, changeSet: ChangeSet): Promise<void> {
  const { document, lists, checks, issues, stated, differences, corrects, stateHashes, filing, ...plain } =
    changeSet;
  const number = document?.number ?? null;
  const publishedOn = document?.publishedOn ?? null;
  await tx
    .insertInto('changeSet')
    .values({
      ...plain,
      number,
      publishedOn,
      revision: number === null ? 1 : await nextRevision(tx, number, publishedOn),
      head: document && toJson(document),
      lists: toJson(lists),
      checks: toJson(checks),
      issues: toJson(issues),
      stated: toJson(stated),
      differences: toJson(differences ?? []),
      corrects: toJson(corrects ?? []),
      stateHashes: toJson(stateHashes ?? {}),
      filing: filing ? toJson(filing) : null,
    })
    .execute();
}

/** The revision that the next change set of this document gets: 1, then one more each. */
export async function nextRevision(
  db: Kysely<Schema>,
  number: string,
  publishedOn: string | null,
): Promise<number> {
  const row = await db
    .selectFrom('changeSet')
    .select((eb) => eb.fn.max('revision').as('last'))
    .where('number', '=', number)
    .where('publishedOn', 'is not distinct from', publishedOn)
    .executeTakeFirst();
  return (row?.last ?? 0) + 1;
}

export async function findChangeSet(
  db: Kysely<Schema>,
  changeSetId: string,
): Promise<StoredChangeSet | null> {
  const row = await db
    .selectFrom('changeSet')
    .selectAll()
    .where('changeSetId', '=', changeSetId)
    .executeTakeFirst();
  return row === undefined ? null : toChangeSet(row);
}

/**
 * Newest first, by when we knew. `document` is a document number, `since` an instant (inclusive). Baselines
 * are left out unless asked for.
 */
export async function latestChangeSets(
  db: Kysely<Schema>,
  { limit, document, since, includeBaseline = false }: LatestChangeSets,
): Promise<StoredChangeSet[]> {
  let query = db.selectFrom('changeSet').selectAll();
  if (!includeBaseline) query = query.where('cause', '!=', 'baseline');
  if (document !== undefined) query = query.where('number', '=', document);
  if (since !== undefined) query = query.where('knownAt', '>=', since);
  const rows = await query
    .orderBy('knownAt', 'desc')
    .orderBy('lastSeq', (order) => order.desc().nullsLast())
    .orderBy('changeSetId')
    .limit(limit)
    .execute();
  return rows.map(toChangeSet);
}

export interface LatestChangeSets {
  limit: number;
  document?: string;
  since?: string;
  includeBaseline?: boolean;
}

/** What changed lists after a sequence number, baselines left out, ascending. */
export async function changeSetsAfter(
  db: Kysely<Schema>,
  seq: number,
  limit: number,
): Promise<StoredChangeSet[]> {
  const rows = await db
    .selectFrom('changeSet')
    .selectAll()
    .where('lastSeq', '>', seq)
    .where('cause', '!=', 'baseline')
    .orderBy('lastSeq')
    .limit(limit)
    .execute();
  return rows.map(toChangeSet);
}

/** All change sets of one document, first revision first. */
export async function changeSetsOf(
  db: Kysely<Schema>,
  number: string,
  publishedOn: string | null,
): Promise<StoredChangeSet[]> {
  const rows = await db
    .selectFrom('changeSet')
    .selectAll()
    .where('number', '=', number)
    .where('publishedOn', 'is not distinct from', publishedOn)
    .orderBy('revision')
    .execute();
  return rows.map(toChangeSet);
}

/** What corrects a document by another that was printed later, the oldest first. */
export async function changeSetsThatCorrect(
  db: Kysely<Schema>,
  number: string,
  { limit }: { limit: number },
): Promise<StoredChangeSet[]> {
  const rows = await db
    .selectFrom('changeSet')
    .selectAll()
    .where(sql<boolean>`corrects @> ${JSON.stringify([number])}::jsonb`)
    .where('cause', '=', 'rule')
    .orderBy('knownAt')
    .orderBy('changeSetId')
    .limit(limit)
    .execute();
  return rows.map(toChangeSet);
}

/** A row as the model has it. */
export function toChangeSet(row: Selectable<ChangeSetTable>): StoredChangeSet {
  const {
    number: _number,
    publishedOn: _publishedOn,
    notifiedAt: _notifiedAt,
    screenedAt: _screenedAt,
    head,
    ...plain
  } = row;
  return { ...plain, document: head };
}

/** Change sets whose deliveries were not made yet, the oldest first. Baselines notify nobody. */
export async function changeSetsToNotify(db: Kysely<Schema>, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('changeSet')
    .select('changeSetId')
    .where('notifiedAt', 'is', null)
    .where('cause', '=', 'rule')
    .orderBy('knownAt')
    .orderBy('changeSetId')
    .limit(limit)
    .execute();
  return rows.map((row) => row.changeSetId);
}

/** Notes that all deliveries of a change set are made. */
export async function markNotified(db: Kysely<Schema>, changeSetId: string, at: string): Promise<void> {
  await db.updateTable('changeSet').set({ notifiedAt: at }).where('changeSetId', '=', changeSetId).execute();
}

/** Writes the state hashes after a change set, in the transaction that appended it. */
export async function recordStateHashes(
  tx: Kysely<Schema>,
  changeSetId: string,
  hashes: Partial<Record<ListName, string>>,
): Promise<void> {
  await tx
    .updateTable('changeSet')
    .set({ stateHashes: toJson(hashes) })
    .where('changeSetId', '=', changeSetId)
    .execute();
}

/** All change sets, baselines included, in the order in which they were appended. */
export async function listChangeSets(db: Kysely<Schema>): Promise<StoredChangeSet[]> {
  const rows = await db
    .selectFrom('changeSet')
    .selectAll()
    .orderBy('knownAt')
    .orderBy('firstSeq', (order) => order.asc().nullsLast())
    .orderBy('changeSetId')
    .execute();
  return rows.map(toChangeSet);
}
