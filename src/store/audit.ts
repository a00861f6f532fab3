import { type Kysely, type Selectable, sql } from 'kysely';
import type { DocumentHead, ListName, StoredChange } from '../model.ts';
import { toJson } from './clean-text.ts';
import type {
  AuditCounts,
  AuditLedgerTable,
  AuditOutcome,
  AuditRunTable,
  AuditSnapshotTable,
  AuditSource,
  Schema,
} from './schema.ts';

export type { AuditCounts, AuditOutcome, AuditSource } from './schema.ts';
export type AuditRun = Selectable<AuditRunTable>;
export type AuditSnapshot = Selectable<AuditSnapshotTable>;
export type LedgerLine = Omit<Selectable<AuditLedgerTable>, 'id' | 'runId'>;
/** A line of the ledger with the audit that it is of. */
export type DatedLedgerLine = LedgerLine & Pick<AuditRun, 'source' | 'list' | 'sourceOn' | 'ranAt'>;

/** Appends an audit with its ledger; answers its id. */
export async function insertAuditRun(
  tx: Kysely<Schema>,
  run: Omit<AuditRun, 'id'>,
  ledger: readonly LedgerLine[],
): Promise<number> {
  const { id } = await tx
    .insertInto('auditRun')
    .values({ ...run, counts: toJson(run.counts) })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (ledger.length > 0)
    await tx
      .insertInto('auditLedger')
      .values(ledger.map((line) => ({ ...line, runId: id, missing: toJson(line.missing) })))
      .execute();
  return id;
}

/** Newest first. */
export async function listAuditRuns(
  db: Kysely<Schema>,
  { source, list, limit = 100 }: { source?: AuditSource; list?: ListName; limit?: number } = {},
): Promise<AuditRun[]> {
  let query = db.selectFrom('auditRun').selectAll();
  if (source !== undefined) query = query.where('source', '=', source);
  if (list !== undefined) query = query.where('list', '=', list);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/** Lines of the ledger, newest audit first. */
export async function listLedger(
  db: Kysely<Schema>,
  { source, number, limit = 500 }: { source?: AuditSource; number?: string; limit?: number } = {},
): Promise<DatedLedgerLine[]> {
  let query = db
    .selectFrom('auditLedger')
    .innerJoin('auditRun', 'auditRun.id', 'auditLedger.runId')
    .select(['number', 'publishedOn', 'ours', 'there', 'missing', 'day'])
    .select(['source', 'list', 'sourceOn', 'ranAt']);
  if (source !== undefined) query = query.where('source', '=', source);
  if (number !== undefined) query = query.where('number', '=', number);
  return query.orderBy('runId', 'desc').orderBy('publishedOn').orderBy('number').limit(limit).execute();
}

export async function findSnapshot(
  db: Kysely<Schema>,
  source: AuditSource,
  list: ListName,
): Promise<AuditSnapshot | null> {
  const row = await db
    .selectFrom('auditSnapshot')
    .selectAll()
    .where('source', '=', source)
    .where('list', '=', list)
    .executeTakeFirst();
  return row ?? null;
}

/** Keeps a snapshot in place of the one before. */
export async function keepSnapshot(tx: Kysely<Schema>, snapshot: AuditSnapshot): Promise<void> {
  const { source: _source, list: _list, ...rest } = snapshot;
  await tx
    .insertInto('auditSnapshot')
    .values(snapshot)
    .onConflict((conflict) => conflict.columns(['source', 'list']).doUpdateSet(rest))
    .execute();
}

/** A change of a rule with the document that made it. */
export interface RuleChange extends StoredChange {
  document: DocumentHead & { publishedOn: string };
}

/**
 * Changes to a list that rules made, by number: of documents published on or after a day, of those that take
 * effect after it, and of some more documents by number.
 */
export async function ruleChangesSince(
  db: Kysely<Schema>,
  { list, since, numbers }: { list: ListName; since: string; numbers: readonly string[] },
): Promise<RuleChange[]> {
  const rows = await db
    .selectFrom('change')
    .innerJoin('changeSet', 'changeSet.changeSetId', 'change.changeSetId')
    .selectAll('change')
    .select('changeSet.head')
    .where('change.list', '=', list)
    .where('changeSet.cause', '!=', 'baseline')
    .where('changeSet.publishedOn', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('changeSet.publishedOn', '>=', since),
        eb('change.effectiveOn', '>', since),
        ...(numbers.length > 0 ? [eb('changeSet.number', 'in', [...numbers])] : []),
      ]),
    )
    .orderBy('change.seq')
    .execute();
  return rows.map(({ head, ...change }) => ({ ...change, document: head as RuleChange['document'] }));
}

/** How many entries rules took off a list with effect after one day and up to another. */
export async function countRemoved(
  db: Kysely<Schema>,
  list: ListName,
  { after, upTo }: { after: string; upTo: string },
): Promise<number> {
  const row = await db
    .selectFrom('change')
    .select((eb) => eb.fn.count<number>('entryId').distinct().as('count'))
    .where('list', '=', list)
    .where('kind', '=', 'removed')
    .where('effectiveOn', '>', after)
    .where('effectiveOn', '<=', upTo)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Page ranges of all stored documents, for telling which citations are of one document. */
export async function documentPages(
  db: Kysely<Schema>,
): Promise<{ volume: number; start: number; end: number }[]> {
  const { rows } = await sql<{ volume: number; start: number; end: number }>`
    select (head->>'volume')::int as volume,
      (head->>'startPage')::int as start,
      coalesce((head->>'endPage')::int, (head->>'startPage')::int) as end
    from document
    where head->>'volume' is not null and head->>'startPage' is not null
    order by 1, 2
  `.execute(db);
  return rows;
}

/** Closes open issues about drift of one source and list, but for those with an excerpt that is still seen. */
export async function closeDriftIssues(
  tx: Kysely<Schema>,
  { about, codes, stillSeen, at }: { about: string; codes: string[]; stillSeen: Set<string>; at: string },
): Promise<number> {
  const open = await tx
    .selectFrom('issue')
    .select(['id', 'code', 'excerpt'])
    .where('closedAt', 'is', null)
    .where('code', 'in', codes)
    .execute();
  const gone = open.filter(
    ({ code, excerpt }) =>
      excerpt !== null && excerpt.startsWith(about) && !stillSeen.has(`${code} ${excerpt}`),
  );
  if (gone.length > 0)
    await tx
      .updateTable('issue')
      .set({ closedAt: at })
      .where(
        'id',
        'in',
        gone.map(({ id }) => id),
      )
      .execute();
  return gone.length;
}

const NO_COUNTS: AuditCounts = { missingThere: 0, missingHere: 0, differs: 0, explained: 0 };

/** An audit that came to nothing. */
export async function insertFailedRun(
  db: Kysely<Schema>,
  run: Pick<AuditRun, 'source' | 'list' | 'sourceOn' | 'ranAt' | 'rows' | 'reason'> & {
    outcome: Extract<AuditOutcome, 'refused' | 'failed'>;
  },
): Promise<number> {
  return insertAuditRun(db, { ...run, counts: NO_COUNTS }, []);
}
