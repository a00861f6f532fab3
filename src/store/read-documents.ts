import { type Kysely, type SqlBool, sql } from 'kysely';
import type { DocumentStatus } from '../model.ts';
import type { StoredDocument } from './documents.ts';
import type { Schema } from './schema.ts';

export interface DocumentFilter {
  status?: DocumentStatus;
  /** Days of publication, inclusive. */
  since?: string;
  until?: string;
}

/** Documents by day of publication, newest first, with the change sets that each led to, oldest first. */
export async function readDocuments(
  db: Kysely<Schema>,
  { status, since, until }: DocumentFilter,
  { limit, behind }: { limit: number; behind?: Pick<StoredDocument, 'number' | 'publishedOn'> },
): Promise<(StoredDocument & { changeSetIds: string[] })[]> {
  let query = db
    .selectFrom('document')
    .selectAll()
    .select(
      sql<string[]>`(select coalesce(jsonb_agg(change_set_id order by revision), '[]'::jsonb) from change_set
        where change_set.number = document.number and change_set.published_on = document.published_on)`.as(
        'changeSetIds',
      ),
    );
  if (status !== undefined) query = query.where('status', '=', status);
  if (since !== undefined) query = query.where('publishedOn', '>=', since);
  if (until !== undefined) query = query.where('publishedOn', '<=', until);
  if (behind !== undefined)
    query = query.where(
      sql<SqlBool>`(published_on, number) < (${behind.publishedOn}::date, ${behind.number})`,
    );
  return query.orderBy('publishedOn', 'desc').orderBy('number', 'desc').limit(limit).execute();
}
