import type { Kysely, Selectable } from 'kysely';
import type { Issue } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { IssueTable, Schema } from './schema.ts';

export type StoredIssue = Selectable<IssueTable>;

export interface NewIssue extends Issue {
  /** Document number; null for an issue with a source or a list. */
  number: string | null;
  publishedOn: string | null;
  openedAt: string;
}

/** Opens an issue. One that is open already (same number, code and excerpt) stays as it is. */
export async function openIssue(db: Kysely<Schema>, issue: NewIssue): Promise<{ isNew: boolean }> {
  const { number, publishedOn, code, holds, message, excerpt, locator, openedAt } = issue;
  const row = await db
    .insertInto('issue')
    .values({
      ...{ number, publishedOn, code, holds, message, excerpt, openedAt },
      locator: locator && toJson(locator),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return { isNew: row !== undefined };
}

/** Newest first. Without `open` both kinds; `number` is a document number. */
export async function listIssues(
  db: Kysely<Schema>,
  { open, number, limit = 1_000 }: { open?: boolean; number?: string; limit?: number } = {},
): Promise<StoredIssue[]> {
  let query = db.selectFrom('issue').selectAll();
  if (open !== undefined) query = query.where('closedAt', open ? 'is' : 'is not', null);
  if (number !== undefined) query = query.where('number', '=', number);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/** Whether an issue of this code, about no document, is open. */
export async function isIssueOpen(db: Kysely<Schema>, code: string): Promise<boolean> {
  const row = await db
    .selectFrom('issue')
    .select('id')
    .where('closedAt', 'is', null)
    .where('number', 'is', null)
    .where('code', '=', code)
    .executeTakeFirst();
  return row !== undefined;
}

/** Closes the open issues of a document (only those of one code when given); answers how many. */
export async function closeIssuesOf(
  db: Kysely<Schema>,
  number: string | null,
  at: string,
  code?: string,
): Promise<number> {
  let query = db
    .updateTable('issue')
    .set({ closedAt: at })
    .where('closedAt', 'is', null)
    .where('number', 'is not distinct from', number);
  if (code !== undefined) query = query.where('code', '=', code);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}
