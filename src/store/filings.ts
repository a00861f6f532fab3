import { createHash } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { FilingReading } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { FilingStatus, FilingTable, Schema } from './schema.ts';

export type { FilingStatus };
export type StoredFiling = Selectable<FilingTable>;

/** A filing that was told and is not ended: a published document of its number confirms or corrects it. */
export interface OpenFiling {
  number: string;
  status: 'provisional' | 'overdue' | 'withdrawn';
  /** The notice that was made last; what comes next follows it. */
  changeSetId: string;
  /** Null where only its title could be told. */
  reading: FilingReading | null;
  /** What differs already by the publication itself, in sentences. */
  differences: string[];
}

const OPEN = ['provisional', 'overdue', 'withdrawn'] as const;

/** "2012-7333" and "2012-07333" are one document (sources, §2.5): the form of the key. */
export function filingKey(number: string): string {
  return number
    .trim()
    .replace(/[‐-―]/gu, '-')
    .replace(/-(\d{1,4})$/u, (_, digits: string) => `-${digits.padStart(5, '0')}`);
}

/** Both forms in which a document of that number can be stored. */
function formsOf(number: string): string[] {
  const padded = filingKey(number);
  return [...new Set([number, padded, padded.replace(/-0+(\d+)$/u, '-$1')])];
}

export async function findFiling(db: Kysely<Schema>, number: string): Promise<StoredFiling | null> {
  const row = await db
    .selectFrom('filing')
    .selectAll()
    .where('number', '=', filingKey(number))
    .executeTakeFirst();
  return row ?? null;
}

/** Newest first. */
export async function listFilings(
  db: Kysely<Schema>,
  { status, limit = 1_000 }: { status?: FilingStatus | FilingStatus[]; limit?: number } = {},
): Promise<StoredFiling[]> {
  let query = db.selectFrom('filing').selectAll();
  if (status !== undefined) query = query.where('status', 'in', [status].flat());
  return query.orderBy('firstSeenAt', 'desc').orderBy('number', 'desc').limit(limit).execute();
}

/** Writes the whole row; when it was first seen stays. */
export async function saveFiling(tx: Kysely<Schema>, filing: StoredFiling): Promise<void> {
  const { number, firstSeenAt, reading, letters, ...rest } = filing;
  const values = { ...rest, reading: reading && toJson(reading), letters: toJson(letters) };
  await tx
    .insertInto('filing')
    .values({ ...values, number: filingKey(number), firstSeenAt })
    .onConflict((conflict) => conflict.column('number').doUpdateSet(values))
    .execute();
}

/** Keeps the bytes of a record or a text, once per content; nothing is overwritten. */
export async function saveFilingVersion(
  db: Kysely<Schema>,
  version: { number: string; kind: 'record' | 'text'; url: string; bytes: Uint8Array; at: string },
): Promise<{ sha256: string; isNew: boolean }> {
  const { kind, url, at } = version;
  const sha256 = createHash('sha256').update(version.bytes).digest('hex');
  const row = await db
    .insertInto('filingVersion')
    .values({
      number: filingKey(version.number),
      ...{ kind, sha256, url },
      bytes: Buffer.from(version.bytes),
      fetchedAt: at,
      lastSeenAt: at,
    })
    .onConflict((conflict) => conflict.columns(['number', 'kind', 'sha256']).doUpdateSet({ lastSeenAt: at }))
    .returning(sql<boolean>`(xmax = 0)`.as('inserted'))
    .executeTakeFirstOrThrow();
  return { sha256, isNew: row.inserted };
}

/** All versions of a filing, oldest first, without their bytes. */
export async function listFilingVersions(db: Kysely<Schema>, number: string) {
  return db
    .selectFrom('filingVersion')
    .select(['kind', 'sha256', 'url', 'fetchedAt', 'lastSeenAt'])
    .where('number', '=', filingKey(number))
    .orderBy('id')
    .execute();
}

/**
 * The filing that a published document confirms, corrects or belies; null where subscribers were told of none.
 * One that was withdrawn, or never appeared in time, can be published after all.
 */
export async function findOpenFiling(db: Kysely<Schema>, number: string): Promise<OpenFiling | null> {
  const filing = await findFiling(db, number);
  const status = OPEN.find((one) => one === filing?.status);
  if (filing === null || filing.changeSetId === null || status === undefined) return null;
  return {
    number: filing.number,
    status,
    changeSetId: filing.changeSetId,
    reading: filing.reading,
    differences:
      status === 'withdrawn'
        ? ['The filing was withdrawn from public inspection; the document was published after all.']
        : [],
  };
}

/** Ends a filing: the published document, or its withdrawal, says the rest. Closes the issues about it. */
export async function closeFiling(
  tx: Kysely<Schema>,
  number: string,
  status: 'confirmed' | 'corrected' | 'withdrawn' | 'ignored',
  at: string,
): Promise<void> {
  await tx
    .updateTable('filing')
    .set({ status, statusReason: null })
    .where('number', '=', filingKey(number))
    .execute();
  await tx
    .updateTable('issue')
    .set({ closedAt: at })
    .where('closedAt', 'is', null)
    .where('number', 'in', formsOf(number))
    .where('code', 'like', 'filing-%')
    .execute();
}

/** Whether a document of that number is published and known to us, and was settled or waits to be. */
export async function publishedAs(
  db: Kysely<Schema>,
  number: string,
): Promise<{ publishedOn: string; settled: boolean } | null> {
  const row = await db
    .selectFrom('document')
    .select(['publishedOn', 'status'])
    .where('number', 'in', formsOf(number))
    .orderBy('publishedOn', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { publishedOn: row.publishedOn, settled: row.status !== 'new' };
}
