import type { Kysely } from 'kysely';
import { heldSince, openIssuesOf } from './held.ts';
import type { Issue } from './model.ts';
import { markupAround } from './parse/markup-around.ts';
import { processedText } from './store/document-versions.ts';
import type { StoredDocument } from './store/documents.ts';
import { overridesOf, type StoredOverride } from './store/overrides.ts';
import type { Schema } from './store/schema.ts';

/** Why a document is held, and what was decided about it. */
export interface HeldDetail {
  heldSince: string | null;
  failingChecks: StoredDocument['checks'];
  /** Open issues with the markup in which their words stand; null where it cannot be found. */
  issues: (Issue & { markup: string | null })[];
  /** Those that ended too. */
  overrides: StoredOverride[];
}

/** Everything that is known about why a document is held. */
export async function readHeldDetail(db: Kysely<Schema>, document: StoredDocument): Promise<HeldDetail> {
  const { number, publishedOn } = document;
  const saved = await processedText(db, document);
  const source = saved === null ? null : saved.bytes.toString('utf8');
  const failingChecks = document.checks.filter((check) => check.status === 'fail');
  const issues = (await openIssuesOf(db, document))
    // A failed check opens an issue of the same words.
    .filter((issue) => !failingChecks.some((check) => check.message === issue.message))
    .map((issue) => ({
      ...issue,
      markup: source === null || issue.excerpt === null ? null : markupAround(source, issue.excerpt),
    }));
  return {
    heldSince: document.status === 'held' ? await heldSince(db, document) : null,
    failingChecks,
    issues,
    overrides: await overridesOf(db, number, publishedOn, { ended: true }),
  };
}
