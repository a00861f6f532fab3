import type { Parts } from '../parts.ts';
import { recordOutcome, type StoredDocument } from '../store/documents.ts';
import { closeIssuesOf } from '../store/issues.ts';
import type { StoredOverride } from '../store/overrides.ts';
import { inTransaction } from '../store/transaction.ts';
import { tellInVain } from './hold.ts';
import { type Ingested, result } from './outcome.ts';

/**
 * A person decided that the document changes no list. What was applied stays: undoing it wants a document that
 * says so. Who was told that it is held is told how that ended.
 */
export async function ignoreByHand(
  parts: Parts,
  document: StoredDocument,
  { who, reason }: StoredOverride,
): Promise<Ingested> {
  const words = `set aside by ${who}: ${reason}`;
  if (document.status === 'applied')
    return result(document, 'unchanged', 'it was applied; it cannot be ignored');
  if (document.status === 'ignored') return result(document, 'unchanged', words);
  return inTransaction(parts.db, async (tx) => {
    const { number, publishedOn } = document;
    await recordOutcome(tx, number, publishedOn, { status: 'ignored', statusReason: words });
    await closeIssuesOf(tx, number, parts.now());
    const told = await tellInVain(parts, tx, document, 'set-aside', words);
    return result(document, 'ignored', words, told);
  });
}
