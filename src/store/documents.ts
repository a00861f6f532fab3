import { type Kysely, type Selectable, sql } from 'kysely';
import { ElwatchError } from '../errors.ts';
import type { Amendment, Check, DocumentHead, DocumentStatus, ListName, Stated, Verdict } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { DocumentTable, Schema } from './schema.ts';

export type StoredDocument = Selectable<DocumentTable>;

/** What processing a document came to. Fields that are left out keep their value. */
export interface DocumentOutcome {
  status: DocumentStatus;
  statusReason?: string | null;
  verdict?: Verdict | null;
  checks?: Check[];
  stated?: Partial<Record<ListName, Stated>>;
  amendments?: Amendment[] | null;
  xmlSha256?: string | null;
  parserVersion?: string | null;
}

/**
 * Keeps the newest metadata of a document and the time of the look; a document not yet known starts as
 * `new`. Status and outcome are left alone. Throws `document-undated` for a head without a day.
 */
export async function upsertDocument(
  db: Kysely<Schema>,
  head: DocumentHead,
  at: string,
): Promise<{ document: StoredDocument; isNew: boolean }> {
  if (head.publishedOn === null) {
    throw new ElwatchError('document-undated', `Document ${head.number} has no publication date.`, {
      retry: true,
      hint: 'It is stored once the Federal Register gives it a date.',
    });
  }
  const { inserted, ...document } = await db
    .insertInto('document')
    .values({
      number: head.number,
      publishedOn: head.publishedOn,
      head: toJson(head),
      status: 'new',
      checks: '[]',
      stated: '{}',
      firstSeenAt: at,
      lastCheckedAt: at,
    })
    .onConflict((conflict) =>
      conflict.columns(['number', 'publishedOn']).doUpdateSet({ head: toJson(head), lastCheckedAt: at }),
    )
    .returningAll()
    // A row version that nobody has locked or replaced has xmax 0: it was inserted here.
    .returning(sql<boolean>`(xmax = 0)`.as('inserted'))
    .executeTakeFirstOrThrow();
  return { document, isNew: inserted };
}

/** Numbers were reused in the past: without a day, the newest document of that number. */
export async function findDocument(
  db: Kysely<Schema>,
  number: string,
  publishedOn?: string | null,
): Promise<StoredDocument | null> {
  let query = db.selectFrom('document').selectAll().where('number', '=', number);
  if (publishedOn != null) query = query.where('publishedOn', '=', publishedOn);
  return (await query.orderBy('publishedOn', 'desc').limit(1).executeTakeFirst()) ?? null;
}

/** Whether we ever had a document of this number, published, on public inspection, or known by its news alone. */
export async function isKnownDocument(db: Kysely<Schema>, number: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from document where number = ${number})
      or exists (select from filing where number = ${number})
      or exists (select from change_set where number = ${number}) as known`.execute(db);
  return rows[0]!.known;
}

/** Newest first unless told. `since` is a day of publication, inclusive. */
export async function listDocuments(
  db: Kysely<Schema>,
  {
    since,
    status,
    order = 'newest',
    limit,
    offset = 0,
  }: {
    since?: string;
    status?: DocumentStatus | DocumentStatus[];
    order?: 'newest' | 'oldest';
    limit: number;
    offset?: number;
  },
): Promise<StoredDocument[]> {
  let query = db.selectFrom('document').selectAll();
  if (since !== undefined) query = query.where('publishedOn', '>=', since);
  if (status !== undefined) query = query.where('status', 'in', [status].flat());
  const direction = order === 'newest' ? 'desc' : 'asc';
  return query
    .orderBy('publishedOn', direction)
    .orderBy('number', direction)
    .limit(limit)
    .offset(offset)
    .execute();
}

/** How many documents stand so. */
export async function countDocuments(db: Kysely<Schema>, status: DocumentStatus): Promise<number> {
  const { count } = await db
    .selectFrom('document')
    .where('status', '=', status)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Documents published on or after `since` that nobody looked at since `checkedBefore` (an instant), the
 * longest waiting first: corrections and late full texts come without notice.
 */
export async function documentsToRecheck(
  db: Kysely<Schema>,
  { since, checkedBefore, limit }: { since: string; checkedBefore: string; limit: number },
): Promise<StoredDocument[]> {
  return db
    .selectFrom('document')
    .selectAll()
    .where('publishedOn', '>=', since)
    .where('lastCheckedAt', '<', checkedBefore)
    .where('status', '!=', 'withdrawn')
    .orderBy('lastCheckedAt')
    .orderBy('number')
    .limit(limit)
    .execute();
}

/** Writes what processing came to. Throws `document-unknown` when there is no such document. */
export async function recordOutcome(
  db: Kysely<Schema>,
  number: string,
  publishedOn: string,
  outcome: DocumentOutcome,
): Promise<void> {
  const { checks, stated, amendments, ...plain } = outcome;
  const result = await db
    .updateTable('document')
    .set({
      ...plain,
      ...(checks === undefined ? {} : { checks: toJson(checks) }),
      ...(stated === undefined ? {} : { stated: toJson(stated) }),
      ...(amendments === undefined ? {} : { amendments: amendments && toJson(amendments) }),
    })
    .where('number', '=', number)
    .where('publishedOn', '=', publishedOn)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) {
    throw new ElwatchError('document-unknown', `Document ${number} of ${publishedOn} is not stored.`, {
      retry: false,
      hint: 'Store its head with upsertDocument first.',
    });
  }
}

/** The stored document that holds a page of a volume of the Federal Register: "90 FR 14035" lies within 14032 to 14045. */
export async function findDocumentByCitation(
  db: Kysely<Schema>,
  volume: number,
  page: number,
): Promise<StoredDocument | null> {
  const row = await db
    .selectFrom('document')
    .selectAll()
    .where(sql<boolean>`(head->>'volume')::int = ${volume}`)
    .where(sql<boolean>`(head->>'startPage')::int <= ${page}`)
    .where(sql<boolean>`coalesce((head->>'endPage')::int, (head->>'startPage')::int) >= ${page}`)
    .orderBy(sql`(head->>'startPage')::int`, 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}
