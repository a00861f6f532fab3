import { entryKey } from '../list/key.ts';
import { correctedOnSeveralDays, suspendChanges } from '../list/suspend.ts';
import type { Change, DocumentReference, Entry, Issue, Rule, Suspension } from '../model.ts';
import { changeSetsOf } from '../store/change-sets.ts';
import { changesOf, changesOfEntries } from '../store/changes.ts';
import { findDocument, findDocumentByCitation, type StoredDocument } from '../store/documents.ts';
import { entriesAsOf } from '../store/entries.ts';
import type { Transaction } from './outcome.ts';

/** The stored document that another one speaks of, or null. */
export async function findReferenced(
  tx: Transaction,
  { number, citation }: DocumentReference,
): Promise<StoredDocument | null> {
  const byNumber = number === null ? null : await findDocument(tx, number);
  if (byNumber !== null || citation === null) return byNumber;
  const cited = /^(\d+) FR (\d+)$/u.exec(citation);
  return cited ? findDocumentByCitation(tx, Number(cited[1]), Number(cited[2])) : null;
}

const nameOf = ({ number, citation }: DocumentReference) => number ?? citation ?? 'an earlier rule';

async function suspend(
  tx: Transaction,
  suspension: Suspension,
  orderOn: string,
): Promise<{ changes: Change[]; issue: Issue | null }> {
  const issue = (code: string, message: string): { changes: Change[]; issue: Issue } => ({
    changes: [],
    issue: { code, holds: true, message, excerpt: null, locator: suspension.locator },
  });
  const document = await findReferenced(tx, suspension.rule);
  const name = nameOf(suspension.rule);
  if (document === null)
    return issue(
      'suspended-rule-unknown',
      `it puts off ${name}, which is not stored: ingest that rule first`,
    );
  if (document.status === 'ignored') return { changes: [], issue: null };
  if (document.status !== 'applied')
    return issue('suspended-rule-unfinished', `it puts off ${name}, which itself is ${document.status}`);
  const sets = (await changeSetsOf(tx, document.number, document.publishedOn)).filter(
    (set) => set.outcome === 'applied',
  );
  const own = (await Promise.all(sets.map((set) => changesOf(tx, set.changeSetId)))).flat();
  if (correctedOnSeveralDays(own).length > 0)
    return issue(
      'suspended-rule-corrected',
      `it puts off ${name}, whose days we corrected: look at its entries and override this order`,
    );
  const history = await changesOfEntries(
    tx,
    own.map((change) => change.entryId),
  );
  const changes = suspendChanges(own, history, suspension, orderOn);
  const taken = await nameTaken(tx, changes);
  if (taken !== null)
    return issue(
      'suspended-name-taken',
      `it puts off ${name}, which would bring “${taken}” back beside an entry of that name that was added since`,
    );
  return { changes, issue: null };
}

/** The name of an entry that comes back where another one bears its name by then; null where none does. */
async function nameTaken(tx: Transaction, changes: readonly Change[]): Promise<string | null> {
  const lists = new Map<string, Entry[]>();
  for (const { kind, entryId, list, destination, name, effectiveOn } of changes) {
    if (kind !== 'added') continue;
    const key = entryKey({ list, destination, name });
    const there = lists.get(`${list} ${effectiveOn}`) ?? (await entriesAsOf(tx, list, effectiveOn!));
    lists.set(`${list} ${effectiveOn}`, there);
    if (there.some((entry) => entry.entryId !== entryId && entryKey(entry) === key)) return name;
  }
  return null;
}

/** What the stays and delays that a document orders do to the lists, and what keeps them from being done. */
export async function suspendAll(
  tx: Transaction,
  rule: Rule,
  orderOn: string,
): Promise<{ changes: Change[]; issues: Issue[] }> {
  const changes: Change[] = [];
  const issues: Issue[] = [];
  for (const suspension of rule.suspensions) {
    const done = await suspend(tx, suspension, orderOn);
    changes.push(...done.changes);
    if (done.issue) issues.push(done.issue);
  }
  return { changes, issues };
}
