import type { Verification } from '../list/verify.ts';
import type { DocumentHead, Issue, Rule } from '../model.ts';
import { unreadRule } from '../parse/document.ts';
import type { Parts } from '../parts.ts';
import { changeSetsOf } from '../store/change-sets.ts';
import { appendChangeSet } from '../store/changes.ts';
import { recordOutcome, type StoredDocument } from '../store/documents.ts';
import { closeFiling, findOpenFiling } from '../store/filings.ts';
import { closeIssuesOf, listIssues, openIssue } from '../store/issues.ts';
import { inTransaction } from '../store/transaction.ts';
import { type Ingested, newChangeSet, PARSER_VERSION, result, type Transaction } from './outcome.ts';

/** A second 404 counts only so much later: one can be a slip of a cache. */
const GONE_MINUTES = 60;

/** Leaves the list as it is, tells why, and makes a notice; one notice, however often it is looked at. */
export async function hold(
  parts: Parts,
  tx: Transaction,
  document: StoredDocument,
  rule: Rule,
  verification: Verification,
  xmlSha256: string | null,
): Promise<Ingested> {
  const now = parts.now();
  const at = { number: document.number, publishedOn: document.publishedOn, openedAt: now };
  const failed = verification.checks.filter((check) => check.status === 'fail');
  const reason =
    [
      ...failed.map((check) => check.message),
      ...rule.issues.filter((issue) => issue.holds).map((issue) => `${issue.code}: ${issue.message}`),
    ][0] ?? 'held';
  // Issues of an earlier look that no longer apply must not stay open beside the new ones.
  if (document.statusReason !== reason) await closeIssuesOf(tx, document.number, now);
  for (const { name, message } of failed)
    if (name !== 'nothing-unread')
      await openIssue(tx, {
        ...at,
        code: codeOf(name, message),
        holds: true,
        message,
        excerpt: name,
        locator: null,
      });
  for (const issue of rule.issues) await openIssue(tx, { ...at, ...issue });
  const before = (await changeSetsOf(tx, document.number, document.publishedOn)).at(-1);
  await recordOutcome(tx, document.number, document.publishedOn, {
    xmlSha256,
    parserVersion: PARSER_VERSION,
    status: 'held',
    statusReason: reason,
    verdict: 'held',
    checks: verification.checks,
    stated: rule.stated,
    amendments: rule.amendments,
  });
  if (before?.outcome === 'held') return result(document, 'held', reason);
  const changeSet = await newChangeSet(tx, document, rule, verification, 'held', now);
  await appendChangeSet(tx, changeSet, []);
  const { changeSetId } = changeSet;
  parts.log.warn(
    { document: document.number, changeSet: changeSetId, reason },
    'held: the list was left as it is',
  );
  return result(document, 'held', reason, changeSetId);
}

function codeOf(check: string, message: string): string {
  if (check.startsWith('stated-')) return 'count-mismatch';
  return /^([a-z]+-[a-z-]+):/u.exec(message)?.[1] ?? check;
}

/** Holds a document whose text could not be had or read, so that silence does not go on. */
export async function holdUnread(
  parts: Parts,
  document: StoredDocument,
  head: DocumentHead,
  code: string,
  message: string,
): Promise<Ingested> {
  const rule = unreadRule(head, { code, holds: true, message, excerpt: null, locator: null });
  return inTransaction(parts.db, (tx) =>
    hold(parts, tx, document, rule, { verdict: 'held', checks: [] }, null),
  );
}

/**
 * The API does not know the document (sources, §1.7). Only the second such answer, some time later, withdraws
 * it; what was applied stays until a person looks, and who was told that it is held is told that it is gone.
 */
export async function withdraw(parts: Parts, document: StoredDocument): Promise<Ingested> {
  const now = parts.now();
  const gone: Issue = {
    code: 'document-gone',
    holds: true,
    message:
      document.status === 'applied'
        ? 'the Federal Register no longer has this document, whose changes were applied'
        : 'the Federal Register no longer has this document',
    excerpt: null,
    locator: null,
  };
  const open = (await listIssues(parts.db, { open: true, number: document.number })).find(
    (one) => one.code === gone.code,
  );
  await openIssue(parts.db, {
    ...gone,
    number: document.number,
    publishedOn: document.publishedOn,
    openedAt: now,
  });
  if (!open || Date.parse(now) - Date.parse(open.openedAt) < GONE_MINUTES * 60_000)
    return result(document, 'waiting', 'document-gone: it is asked for again before it counts as withdrawn');
  if (document.status === 'applied' || document.status === 'withdrawn')
    return result(document, 'unchanged', `document-gone: ${gone.message}`);
  return inTransaction(parts.db, async (tx) => {
    await recordOutcome(tx, document.number, document.publishedOn, {
      status: 'withdrawn',
      statusReason: gone.message,
    });
    const told = await tellInVain(parts, tx, document, gone.code, gone.message);
    return result(document, 'withdrawn', gone.message, told);
  });
}

/**
 * Tells those who know of a document, as held or by its filing, that nothing will come of it. Answers the id of
 * the change set; null where nobody knows of it.
 */
export async function tellInVain(
  parts: Parts,
  tx: Transaction,
  document: StoredDocument,
  code: string,
  message: string,
): Promise<string | null> {
  const now = parts.now();
  const filing = await findOpenFiling(tx, document.number);
  if (filing) await closeFiling(tx, document.number, 'ignored', now);
  if (document.status !== 'held' && (filing === null || filing.status === 'withdrawn')) return null;
  const before = (await changeSetsOf(tx, document.number, document.publishedOn)).at(-1);
  const rule = unreadRule(document.head, { code, holds: true, message, excerpt: null, locator: null });
  const nothing: Verification = { verdict: 'held', checks: [] };
  const changeSet = await newChangeSet(tx, document, rule, nothing, 'withdrawn', now);
  const follows = before?.changeSetId ?? filing?.changeSetId ?? null;
  await appendChangeSet(tx, { ...changeSet, follows }, []);
  const { changeSetId } = changeSet;
  parts.log.info(
    { document: document.number, changeSet: changeSetId, reason: message },
    'what was told of it will not come',
  );
  return changeSetId;
}
