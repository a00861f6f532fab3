import type { App } from '../app.ts';
import { ElwatchError } from '../errors.ts';
import type { Issue } from '../model.ts';
import { changeSetsOf } from '../store/change-sets.ts';
import { findDocument, type StoredDocument } from '../store/documents.ts';
import { listIssues } from '../store/issues.ts';

/** Which document a command means; a number alone means the newest of that number. */
export interface Which {
  publishedOn?: string;
}

export async function find(app: App, number: string, { publishedOn }: Which): Promise<StoredDocument> {
  const document = await findDocument(app.parts.db, number, publishedOn ?? null);
  if (document !== null) return document;
  const of = publishedOn === undefined ? '' : ` of ${publishedOn}`;
  throw new ElwatchError('document-unknown', `no document ${number.slice(0, 60)}${of} is stored`, {
    retry: false,
    hint: 'elwatch held and elwatch documents list the numbers',
  });
}

export async function findHeldDocument(app: App, number: string, which: Which): Promise<StoredDocument> {
  const document = await find(app, number, which);
  if (document.status === 'held') return document;
  throw new ElwatchError('not-held', `${document.number} is not held, it is ${document.status}`, {
    retry: false,
    hint: 'only what is held waits for a decision; elwatch held lists it',
  });
}

/** Oldest first, without what an issue is stored with. */
export async function openIssuesOf(app: App, { number, publishedOn }: StoredDocument): Promise<Issue[]> {
  const issues = await listIssues(app.parts.db, { open: true, number });
  return issues
    .filter((issue) => issue.publishedOn === null || issue.publishedOn === publishedOn)
    .reverse()
    .map(({ code, holds, message, excerpt, locator }) => ({ code, holds, message, excerpt, locator }));
}

/** When it was held last; null where that is not on record. */
export async function heldSince(app: App, { number, publishedOn }: StoredDocument): Promise<string | null> {
  const sets = await changeSetsOf(app.parts.db, number, publishedOn);
  return sets.findLast((set) => set.outcome === 'held')?.knownAt ?? null;
}
