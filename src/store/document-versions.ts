import { createHash } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { StoredDocument } from './documents.ts';
import type { DocumentVersionTable, Schema } from './schema.ts';

export type StoredVersion = Selectable<DocumentVersionTable>;
/** A version without its bytes. `size` is in bytes. */
export type VersionHead = Omit<StoredVersion, 'bytes'> & { size: number };

export interface NewVersion {
  number: string;
  publishedOn: string;
  kind: 'meta' | 'xml';
  url: string;
  contentType: string | null;
  bytes: Uint8Array;
  fetchedAt: string;
}

/**
 * Saves raw bytes as they came, once per content; bytes that came before only get a new `lastSeenAt`.
 * The document must be stored.
 */
export async function saveVersion(
  db: Kysely<Schema>,
  version: NewVersion,
): Promise<{ versionId: number; sha256: string; isNew: boolean }> {
  const sha256 = createHash('sha256').update(version.bytes).digest('hex');
  const seen = { lastSeenAt: version.fetchedAt };
  const row = await db
    .insertInto('documentVersion')
    .values({ ...version, ...seen, bytes: Buffer.from(version.bytes), sha256 })
    .onConflict((conflict) => conflict.columns(['number', 'publishedOn', 'kind', 'sha256']).doUpdateSet(seen))
    .returning(['id', sql<boolean>`(xmax = 0)`.as('inserted')])
    .executeTakeFirstOrThrow();
  return { versionId: row.id, sha256, isNew: row.inserted };
}

/** The bytes that upstream answered with last, or null. `only` leaves out those of another address or content. */
export async function latestVersion(
  db: Kysely<Schema>,
  number: string,
  publishedOn: string,
  kind: 'meta' | 'xml',
  only: { url?: string; sha256?: string } = {},
): Promise<StoredVersion | null> {
  let query = db
    .selectFrom('documentVersion')
    .selectAll()
    .where('number', '=', number)
    .where('publishedOn', '=', publishedOn)
    .where('kind', '=', kind);
  if (only.url !== undefined) query = query.where('url', '=', only.url);
  if (only.sha256 !== undefined) query = query.where('sha256', '=', only.sha256);
  const row = await query.orderBy('lastSeenAt', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row ?? null;
}

/** The text that a document was processed from last; the newest one where that was none. Null where none is kept. */
export async function processedText(
  db: Kysely<Schema>,
  { number, publishedOn, xmlSha256 }: Pick<StoredDocument, 'number' | 'publishedOn' | 'xmlSha256'>,
): Promise<StoredVersion | null> {
  const only = xmlSha256 === null ? {} : { sha256: xmlSha256 };
  return latestVersion(db, number, publishedOn, 'xml', only);
}

/** Whether the text that a document was processed from last came from an address. */
export async function wasProcessedFrom(
  db: Kysely<Schema>,
  { number, publishedOn, xmlSha256 }: Pick<StoredDocument, 'number' | 'publishedOn' | 'xmlSha256'>,
  url: string,
): Promise<boolean> {
  if (xmlSha256 === null) return false;
  return (await latestVersion(db, number, publishedOn, 'xml', { url, sha256: xmlSha256 })) !== null;
}

/** All versions of a document, oldest first, without their bytes. */
export async function listVersions(
  db: Kysely<Schema>,
  number: string,
  publishedOn: string,
): Promise<VersionHead[]> {
  return db
    .selectFrom('documentVersion')
    .select([
      'id',
      'number',
      'publishedOn',
      'kind',
      'sha256',
      'url',
      'contentType',
      'fetchedAt',
      'lastSeenAt',
    ])
    .select(sql<number>`length(bytes)`.as('size'))
    .where('number', '=', number)
    .where('publishedOn', '=', publishedOn)
    .orderBy('id')
    .execute();
}
