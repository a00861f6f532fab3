import { createHash } from 'node:crypto';
import { foldName } from '../fold.ts';
import type { Verification } from '../list/verify.ts';
import type { Amendment, ChangeSet, ListName, Rule } from '../model.ts';
import { changeSetsOf, nextRevision } from '../store/change-sets.ts';
import type { StoredDocument } from '../store/documents.ts';
import { findOpenFiling } from '../store/filings.ts';
import type { StoredOverride } from '../store/overrides.ts';
import type { inTransaction } from '../store/transaction.ts';

/** Goes up when the parser may read a stored text differently. */
export const PARSER_VERSION = '4';

export type Transaction = Parameters<Parameters<typeof inTransaction>[1]>[0];

/** What ingesting a document came to. `changeSetId` is set where subscribers have something to learn. */
export interface Ingested {
  number: string;
  publishedOn: string;
  outcome: 'applied' | 'held' | 'ignored' | 'waiting' | 'unchanged' | 'withdrawn';
  reason: string;
  changeSetId: string | null;
}

/** A document that was read. */
export interface Reading {
  document: StoredDocument;
  rule: Rule;
  overrides: readonly StoredOverride[];
  xmlSha256: string;
  /** True where neither record nor text changed since it was processed: only our reading did. */
  quiet: boolean;
}

export function result(
  document: Pick<StoredDocument, 'number' | 'publishedOn'>,
  outcome: Ingested['outcome'],
  reason: string,
  changeSetId: string | null = null,
): Ingested {
  return { number: document.number, publishedOn: document.publishedOn, outcome, reason, changeSetId };
}

/** The lists that a rule amends or says that it amends. */
export function listsOf(rule: Rule): ListName[] {
  return [...new Set([...rule.lists, ...(Object.keys(rule.stated) as ListName[])])];
}

/** First day of effect of a document: its own word, else the day of print. */
export function effectiveDayOf(rule: Rule, document: Pick<StoredDocument, 'publishedOn'>): string {
  return rule.document.effectiveOn ?? document.publishedOn;
}

/** The next change set of a document; it follows up the one before, or the last notice about its filing. */
export async function newChangeSet(
  tx: Transaction,
  document: StoredDocument,
  rule: Rule,
  verification: Verification,
  outcome: ChangeSet['outcome'],
  knownAt: string,
): Promise<ChangeSet> {
  const revision = await nextRevision(tx, document.number, document.publishedOn);
  const before =
    (await changeSetsOf(tx, document.number, document.publishedOn)).at(-1) ??
    (await findOpenFiling(tx, document.number));
  return {
    changeSetId: `${document.publishedOn}.${document.number}.${revision}`,
    cause: 'rule',
    outcome,
    document: rule.document,
    lists: listsOf(rule),
    effectiveOn: effectiveDayOf(rule, document),
    knownAt,
    checks: verification.checks,
    issues: rule.issues,
    stated: rule.stated,
    firstSeq: null,
    lastSeq: null,
    follows: before?.changeSetId ?? null,
  };
}

/** The same rule gives the same ids, so that a list rebuilt from its documents is the same list. */
export function entryIdOf(document: StoredDocument, amendment: Amendment): string {
  const seed = [
    document.publishedOn,
    document.number,
    amendment.list,
    amendment.destination,
    foldName(amendment.name),
    amendment.locator.instruction,
    amendment.locator.row,
  ];
  return createHash('sha256').update(seed.join('|')).digest('hex').slice(0, 24);
}
