import { type Kysely, sql } from 'kysely';
import type { DocumentStatus } from '../model.ts';
import type { Schema } from './schema.ts';

/** A document first seen so many days after its publication is history, and news to nobody. */
export const OLD_AFTER_DAYS = 14;

/** For a change set: its document was first seen more than 14 days after its publication. */
const OF_AN_OLD_DOCUMENT = sql<boolean>`exists (
  select from document
  where document.number = change_set.number
    and document.published_on = change_set.published_on
    and (document.first_seen_at at time zone 'America/New_York')::date - document.published_on
      > ${sql.lit(OLD_AFTER_DAYS)}
)`;

/**
 * Marks as told what old documents did: change sets of a document that was first seen more than 14 days after
 * its publication get no deliveries. Answers how many were marked; running it twice is harmless.
 */
export async function quietOldChangeSets(db: Kysely<Schema>, at: string): Promise<number> {
  const marked = await db
    .updateTable('changeSet')
    .set({ notifiedAt: at })
    .where('notifiedAt', 'is', null)
    .where('cause', '=', 'rule')
    .where(OF_AN_OLD_DOCUMENT)
    .executeTakeFirst();
  return Number(marked.numUpdatedRows);
}

/**
 * Whether a change set is of such an old document, so that nobody is to be told: for whoever makes deliveries,
 * since a backfill can be killed before it marks what it did.
 */
export async function isHistory(db: Kysely<Schema>, changeSetId: string): Promise<boolean> {
  const row = await db
    .selectFrom('changeSet')
    .select('changeSetId')
    .where('changeSetId', '=', changeSetId)
    .where('cause', '=', 'rule')
    .where(OF_AN_OLD_DOCUMENT)
    .executeTakeFirst();
  return row !== undefined;
}

/** What became of each document published from … to (days, both within), by `day|number`. */
export async function knownBetween(
  db: Kysely<Schema>,
  from: string,
  to: string,
): Promise<Map<string, { status: DocumentStatus; statusReason: string | null }>> {
  const rows = await db
    .selectFrom('document')
    .select(['number', 'publishedOn', 'status', 'statusReason'])
    .where('publishedOn', '>=', from)
    .where('publishedOn', '<=', to)
    .execute();
  return new Map(rows.map(({ number, publishedOn, ...rest }) => [`${publishedOn}|${number}`, rest]));
}
