import { type Kysely, type Selectable, sql } from 'kysely';
import type { Amendment, AuditSource, DocumentStatus, LedgerLine, ListName, TracedChange } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { AuditRunTable, AuditSnapshotTable, Schema } from './schema.ts';

export type { AuditCounts } from './schema.ts';
export type AuditRun = Selectable<AuditRunTable>;
export type AuditSnapshot = Selectable<AuditSnapshotTable>;
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

/** Newest first; `since` is an instant. */
export async function listAuditRuns(
  db: Kysely<Schema>,
  { since, limit = 100, offset = 0 }: { since?: string; limit?: number; offset?: number } = {},
): Promise<AuditRun[]> {
  let query = db.selectFrom('auditRun').selectAll();
  if (since !== undefined) query = query.where('ranAt', '>=', since);
  return query.orderBy('id', 'desc').limit(limit).offset(offset).execute();
}

/** Lines of the ledger, newest audit first. */
export async function listLedger(
  db: Kysely<Schema>,
  { number, limit = 500, offset = 0 }: { number?: string; limit?: number; offset?: number } = {},
): Promise<DatedLedgerLine[]> {
  let query = db
    .selectFrom('auditLedger')
    .innerJoin('auditRun', 'auditRun.id', 'auditLedger.runId')
    .select(['number', 'publishedOn', 'ours', 'there', 'missing', 'day'])
    .select(['source', 'list', 'sourceOn', 'ranAt']);
  if (number !== undefined) query = query.where('number', '=', number);
  return query
    .orderBy('runId', 'desc')
    .orderBy('publishedOn')
    .orderBy('number')
    .limit(limit)
    .offset(offset)
    .execute();
}

/** How many audits there were, and how many lines their ledger has. */
export async function countAudits(db: Kysely<Schema>): Promise<{ runs: number; ledger: number }> {
  const { rows } = await sql<{ runs: number; ledger: number }>`
    select (select count(*)::int from audit_run) as runs, (select count(*)::int from audit_ledger) as ledger
  `.execute(db);
  return rows[0]!;
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

/**
 * Rules of which the ledgers of a list in a source have lines, with the last day of the source on which all of
 * the rule was there; null where it never was.
 */
export async function rulesInLedger(
  db: Kysely<Schema>,
  source: AuditSource,
  list: ListName,
): Promise<Map<string, string | null>> {
  const rows = await db
    .selectFrom('auditLedger')
    .innerJoin('auditRun', 'auditRun.id', 'auditLedger.runId')
    .select((eb) => [
      'number',
      eb.fn
        .max('sourceOn')
        .filterWhere(eb('ours', '=', eb.ref('there')))
        .as('completeOn'),
    ])
    .where('source', '=', source)
    .where('list', '=', list)
    .groupBy('number')
    .execute();
  return new Map(rows.map(({ number, completeOn }) => [number, completeOn]));
}

/** All changes to a list, its baseline included, in the order in which they take effect. */
export async function changesOfList(db: Kysely<Schema>, list: ListName): Promise<TracedChange[]> {
  return db
    .selectFrom('change')
    .innerJoin('changeSet', 'changeSet.changeSetId', 'change.changeSetId')
    .selectAll('change')
    .select(['changeSet.number', 'changeSet.publishedOn'])
    .where('change.list', '=', list)
    .orderBy('change.effectiveOn')
    .orderBy('change.seq')
    .execute();
}

/** The pages of a stored document, for telling which citations are of it. */
export interface DocumentPages {
  number: string;
  status: DocumentStatus;
  volume: number;
  start: number;
  end: number;
}

export async function documentPages(db: Kysely<Schema>): Promise<DocumentPages[]> {
  const { rows } = await sql<DocumentPages>`
    select number, status, (head->>'volume')::int as volume, (head->>'startPage')::int as start,
      coalesce((head->>'endPage')::int, (head->>'startPage')::int) as end
    from document
    where head->>'volume' is not null and head->>'startPage' is not null
    order by published_on, number
  `.execute(db);
  return rows;
}

/** The amendments of documents that are held, as they were read last. */
export async function heldAmendments(
  db: Kysely<Schema>,
): Promise<{ number: string; amendments: Amendment[] }[]> {
  const rows = await db
    .selectFrom('document')
    .select(['number', 'amendments'])
    .where('status', '=', 'held')
    .where('amendments', 'is not', null)
    .execute();
  return rows.map(({ number, amendments }) => ({ number, amendments: amendments ?? [] }));
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
    ({ code, excerpt }) => excerpt?.startsWith(about) && !stillSeen.has(`${code} ${excerpt}`),
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
