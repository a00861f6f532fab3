import { ElwatchError, errorLine } from './errors.ts';
import { foldName } from './fold.ts';
import { fetchRecord, fetchText } from './ingest/fetch.ts';
import { hold, holdUnread, unreadRule, withdraw } from './ingest/hold.ts';
import {
  entryIdOf,
  type Ingested,
  listsOf,
  newChangeSet,
  PARSER_VERSION,
  result,
  sameAmendments,
  type Transaction,
} from './ingest/outcome.ts';
import { applyAmendments } from './list/apply.ts';
import { indexEntries } from './list/resolve.ts';
import { type Verification, verifyRule } from './list/verify.ts';
import { type DocumentHead, type Issue, type Rule, TYPES_NOT_LAW } from './model.ts';
import { readRule } from './parse/rule.ts';
import { readStated } from './parse/stated.ts';
import { admitXml } from './parse/xml.ts';
import type { Parts } from './parts.ts';
import { appendChangeSet } from './store/changes.ts';
import { findDocument, listDocuments, recordOutcome, type StoredDocument } from './store/documents.ts';
import { currentEntries, earliestDay, writeEntries } from './store/entries.ts';
import { closeIssuesOf, openIssue } from './store/issues.ts';
import { inTransaction } from './store/transaction.ts';

export type { Ingested };

/** The full text can come after the record, and a download can fail; this long nobody is alarmed. */
const PATIENCE_MINUTES = 30;

/**
 * The route of one document: fetch, parse, verify, apply, store. Whatever was done before is not done again.
 *
 * @throws ElwatchError of the client or of the XML gate, for half an hour; from then on the document is held
 */
export async function ingest(parts: Parts, number: string, publishedOn: string): Promise<Ingested> {
  const fetched = await fetchRecord(parts, number, publishedOn);
  if (fetched === null) return goneOrUnknown(parts, number, publishedOn);
  const { document, head, fault } = fetched;
  try {
    if (fault) throw fault;
    if (head.xmlUrl === null) return await awaitText(parts, document, head);
    const xml = await fetchText(parts, document, head.xmlUrl);
    if (isDone(document, xml.sha256))
      return result(document, 'unchanged', 'the text is the one that was processed before');
    const rule = readDocument(head, xml.bytes);
    return await inTransaction(parts.db, (tx) => settle(parts, tx, document, rule, xml.sha256));
  } catch (error) {
    return await giveUpOrThrow(parts, document, head, error);
  }
}

/** Documents that wait for what other documents do to the list, in the order of print. */
export async function findHeld(
  parts: Parts,
  since: string,
): Promise<{ number: string; publishedOn: string }[]> {
  const held = await listDocuments(parts.db, { status: 'held', since, limit: 100 });
  return held
    .sort(
      (a, b) =>
        a.publishedOn.localeCompare(b.publishedOn) || (a.head.startPage ?? 0) - (b.head.startPage ?? 0),
    )
    .map(({ number, publishedOn }) => ({ number, publishedOn }));
}

async function goneOrUnknown(parts: Parts, number: string, publishedOn: string): Promise<Ingested> {
  const document = await findDocument(parts.db, number, publishedOn);
  if (document !== null) return withdraw(parts, document);
  return result({ number, publishedOn }, 'withdrawn', 'the Federal Register does not have it');
}

/** Applied or ignored from these very bytes by this very parser. */
function isDone(document: StoredDocument, sha256: string): boolean {
  const settled = document.status === 'applied' || document.status === 'ignored';
  return settled && document.xmlSha256 === sha256 && document.parserVersion === PARSER_VERSION;
}

function minutesKnown(parts: Parts, document: StoredDocument): number {
  return (Date.parse(parts.now()) - Date.parse(document.firstSeenAt)) / 60_000;
}

/** The record is there and the text is not. Silence would be the worst answer, so patience is short. */
async function awaitText(parts: Parts, document: StoredDocument, head: DocumentHead): Promise<Ingested> {
  const states = Object.keys(readStated(head.abstract, head.title)).length > 0;
  if (document.status !== 'new' || !states || minutesKnown(parts, document) < PATIENCE_MINUTES)
    return result(document, 'waiting', 'its full text is not published yet');
  return holdUnread(parts, document, head, 'xml-missing', 'the full text is not published yet');
}

/** A text that cannot be had or read is tried again; when that goes on, or cannot help, the document is held. */
async function giveUpOrThrow(
  parts: Parts,
  document: StoredDocument,
  head: DocumentHead,
  error: unknown,
): Promise<Ingested> {
  if (!(error instanceof ElwatchError) || error.code === 'http-closed') throw error;
  if (document.status === 'applied' || document.status === 'ignored') throw error;
  if (error.retry && minutesKnown(parts, document) < PATIENCE_MINUTES) throw error;
  return holdUnread(parts, document, head, error.code, errorLine(error));
}

/**
 * Reads the text. One that can never be read (too deep, a DOCTYPE) is thrown on and held; a fault of our own
 * in reading it becomes an issue, so that it is held as well.
 */
function readDocument(head: DocumentHead, bytes: Buffer): Rule {
  const xml = admitXml(bytes);
  try {
    return holdUnusual(readRule(xml, head));
  } catch (error) {
    if (error instanceof ElwatchError) throw error;
    const issue: Issue = {
      code: 'parser-failed',
      holds: true,
      message: errorLine(error),
      excerpt: null,
      locator: null,
    };
    return unreadRule(head, issue);
  }
}

/**
 * What the Office of the Federal Register corrects must be laid over what it corrects, and what it could not
 * sort may be anything: neither is read as a plain rule.
 */
function holdUnusual(rule: Rule): Rule {
  const { type } = rule.document;
  if (type === 'Rule' || TYPES_NOT_LAW.includes(type)) return rule;
  const issue: Issue = {
    code: type === 'Correction' ? 'correction-document' : 'unusual-type',
    holds: true,
    message: `the document is of the type “${type}”; a person has to look at it`,
    excerpt: null,
    locator: null,
  };
  return { ...rule, issues: [...rule.issues, issue] };
}

/** Verifies and applies inside one transaction, so that no other document moves the list in between. */
async function settle(
  parts: Parts,
  tx: Transaction,
  known: StoredDocument,
  rule: Rule,
  xmlSha256: string,
): Promise<Ingested> {
  const document = (await findDocument(tx, known.number, known.publishedOn)) ?? known;
  const { number, publishedOn } = document;
  // Another process may have come first.
  if (isDone(document, xmlSha256))
    return result(document, 'unchanged', 'the text is the one that was processed before');
  const processed = { xmlSha256, parserVersion: PARSER_VERSION };

  const isLaw = !TYPES_NOT_LAW.includes(rule.document.type);
  if (listsOf(rule).length === 0 || !isLaw) {
    const reason = isLaw
      ? 'it amends none of the lists'
      : `a document of the type “${rule.document.type}” changes no list`;
    const nothing = { verdict: null, checks: [], stated: {}, amendments: [] };
    await recordOutcome(tx, number, publishedOn, {
      ...processed,
      ...nothing,
      status: 'ignored',
      statusReason: reason,
    });
    return result(document, 'ignored', reason);
  }
  for (const list of rule.lists)
    if ((await earliestDay(tx, list)) === null)
      return result(document, 'waiting', `the ${list} has no baseline yet: run elwatch baseline`);
  if (document.status === 'applied') return compareWithApplied(parts, tx, document, rule, processed);

  const entries = (await currentEntries(tx)).filter((entry) => rule.lists.includes(entry.list));
  const verification = verifyRule(rule, indexEntries(entries));
  if (verification.verdict === 'held')
    return (await mayWait(parts, tx, document, rule))
      ? result(document, 'waiting', 'an earlier document is not finished yet, and this one may depend on it')
      : hold(parts, tx, document, rule, verification, xmlSha256);

  const applied = applyAmendments(entries, rule.amendments, (amendment) => entryIdOf(document, amendment));
  await writeEntries(tx, {
    upsert: applied.written.map((entry) => ({ ...entry, nameKey: foldName(entry.name) })),
    removeIds: applied.removed,
  });
  const now = parts.now();
  const changeSet = await newChangeSet(tx, document, rule, verification, 'applied', now);
  await appendChangeSet(tx, changeSet, applied.changes);
  await closeIssuesOf(tx, number, now);
  for (const issue of rule.issues) await openIssue(tx, { ...issue, number, publishedOn, openedAt: now });
  const { verdict, checks } = verification;
  const outcome = { verdict, checks, stated: rule.stated, amendments: rule.amendments };
  await recordOutcome(tx, number, publishedOn, {
    ...processed,
    ...outcome,
    status: 'applied',
    statusReason: null,
  });
  parts.log.info(
    { document: number, changeSet: changeSet.changeSetId, changes: applied.changes.length },
    'applied',
  );
  return result(document, 'applied', `${applied.changes.length} changes, ${verdict}`, changeSet.changeSetId);
}

/** A late text of a document that was applied: the same again, or something for a person to look at. */
async function compareWithApplied(
  parts: Parts,
  tx: Transaction,
  document: StoredDocument,
  rule: Rule,
  processed: { xmlSha256: string; parserVersion: string },
): Promise<Ingested> {
  const { number, publishedOn } = document;
  await recordOutcome(tx, number, publishedOn, { ...processed, status: 'applied' });
  if (sameAmendments(document.amendments, rule.amendments))
    return result(document, 'unchanged', 'the new text says the same');
  await openIssue(tx, {
    code: 'document-changed',
    holds: true,
    message: 'the text changed after it was applied, and now reads differently; the list was left as it is',
    excerpt: null,
    locator: null,
    number,
    publishedOn,
    openedAt: parts.now(),
  });
  return result(
    document,
    'unchanged',
    'document-changed: the text reads differently now; see elwatch issues',
  );
}

/**
 * Rules amend in the order of print: one that only contradicts the list may depend on an earlier one whose
 * text failed to come. It waits as long as that one has patience, and no longer.
 */
async function mayWait(
  parts: Parts,
  tx: Transaction,
  document: StoredDocument,
  rule: Rule,
): Promise<boolean> {
  const inItself: Verification = verifyRule(rule, null);
  if (inItself.verdict === 'held' || minutesKnown(parts, document) >= PATIENCE_MINUTES) return false;
  const unfinished = await listDocuments(tx, { status: 'new', limit: 100 });
  return unfinished.some(
    (other) =>
      other.number !== document.number &&
      (other.publishedOn < document.publishedOn ||
        (other.publishedOn === document.publishedOn &&
          (other.head.startPage ?? 0) <= (document.head.startPage ?? 0))),
  );
}
