import { createHash } from 'node:crypto';
import { ElwatchError, errorLine } from './errors.ts';
import { foldName } from './fold.ts';
import { applyAmendments } from './list/apply.ts';
import { indexEntries } from './list/resolve.ts';
import { type Verification, verifyRule } from './list/verify.ts';
import {
  type Amendment,
  type ChangeSet,
  type DocumentHead,
  type Issue,
  type ListName,
  type Rule,
  TYPES_NOT_LAW,
} from './model.ts';
import { readHead } from './parse/head.ts';
import { readRule } from './parse/rule.ts';
import { readStated } from './parse/stated.ts';
import { admitXml } from './parse/xml.ts';
import type { Parts } from './parts.ts';
import { changeSetsOf, nextRevision } from './store/change-sets.ts';
import { appendChangeSet } from './store/changes.ts';
import { latestVersion, saveVersion } from './store/document-versions.ts';
import { findDocument, recordOutcome, type StoredDocument, upsertDocument } from './store/documents.ts';
import { currentEntries, earliestDay, writeEntries } from './store/entries.ts';
import { closeIssuesOf, openIssue } from './store/issues.ts';
import { inTransaction } from './store/transaction.ts';

/** Goes up when the parser may read a stored text differently. */
const PARSER_VERSION = '1';

/** Bytes that were saved so recently are not fetched again: a retry starts from them. */
const FRESH_MINUTES = 10;

/** The full text can come after the record; this long nobody is alarmed. */
const PATIENCE_MINUTES = 30;

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

/** What ingesting a document came to. `changeSetId` is set where subscribers have something to learn. */
export interface Ingested {
  number: string;
  publishedOn: string;
  outcome: 'applied' | 'held' | 'ignored' | 'waiting' | 'unchanged' | 'withdrawn';
  reason: string;
  changeSetId: string | null;
}

/**
 * The route of one document: fetch, parse, verify, apply, store. Whatever was done before is not done again.
 *
 * @throws ElwatchError of the client, or of the XML gate where a second download may be better
 */
export async function ingest(parts: Parts, number: string, publishedOn: string): Promise<Ingested> {
  const fetched = await fetchDocument(parts, number, publishedOn);
  if (fetched === null) return withdraw(parts, number, publishedOn);
  const { document, head, xml } = fetched;
  if (xml === null) return awaitText(parts, document, head);
  const settled = document.status === 'applied' || document.status === 'ignored';
  if (settled && document.xmlSha256 === xml.sha256 && document.parserVersion === PARSER_VERSION)
    return result(document, 'unchanged', 'the text is the one that was processed before', null);
  const rule = readDocument(head, xml.bytes);
  return settle(parts, document, rule, xml.sha256);
}

interface Fetched {
  document: StoredDocument;
  head: DocumentHead;
  xml: { bytes: Buffer; sha256: string } | null;
}

/** Saves the record and the full text as they came, before anything reads them. Null for a document that is gone. */
async function fetchDocument(parts: Parts, number: string, publishedOn: string): Promise<Fetched | null> {
  const at = parts.now();
  let record: Record<string, unknown>;
  try {
    const answer = await parts.federalRegister.fetchRecord(number, publishedOn);
    // Page views change with every request and would make each look a new version (sources, §1.6).
    const { page_views: _pageViews, ...kept } = answer.record as Record<string, unknown>;
    record = kept;
  } catch (error) {
    if (error instanceof ElwatchError && error.code === 'http-404') return null;
    throw error;
  }
  const head = readHead({ ...record, publication_date: record.publication_date ?? publishedOn });
  const { document } = await upsertDocument(parts.db, head, at);
  const key = { number: document.number, publishedOn: document.publishedOn, fetchedAt: at };
  await saveVersion(parts.db, {
    ...key,
    kind: 'meta',
    url: head.htmlUrl ?? '',
    contentType: 'application/json',
    bytes: Buffer.from(JSON.stringify(record)),
  });
  if (head.xmlUrl === null) return { document, head, xml: null };

  const saved = await latestVersion(parts.db, document.number, document.publishedOn, 'xml');
  if (
    saved &&
    document.xmlSha256 !== saved.sha256 &&
    Date.parse(at) - Date.parse(saved.fetchedAt) < FRESH_MINUTES * 60_000
  )
    return { document, head, xml: { bytes: saved.bytes, sha256: saved.sha256 } };
  const text = await parts.federalRegister.fetchFullText(head.xmlUrl);
  const { sha256 } = await saveVersion(parts.db, {
    ...key,
    kind: 'xml',
    url: text.url,
    contentType: text.contentType,
    bytes: text.bytes,
  });
  return { document, head, xml: { bytes: text.bytes, sha256 } };
}

/**
 * Reads the text. One that cannot be read for good (too large, too deep) becomes a rule with nothing but an
 * issue, and so is held; one that may come whole next time is thrown.
 */
function readDocument(head: DocumentHead, bytes: Buffer): Rule {
  try {
    return holdUnusual(readRule(admitXml(bytes), head));
  } catch (error) {
    if (error instanceof ElwatchError && error.retry) throw error;
    const code = error instanceof ElwatchError ? error.code : 'parser-failed';
    const stated = readStated(head.abstract, head.title);
    const issue: Issue = { code, holds: true, message: errorLine(error), excerpt: null, locator: null };
    return {
      document: head,
      lists: Object.keys(stated) as ListName[],
      amendments: [],
      stated,
      issues: [issue],
    };
  }
}

/** Verifies and applies inside one transaction, so that no other document moves the list in between. */
async function settle(parts: Parts, known: StoredDocument, rule: Rule, xmlSha256: string): Promise<Ingested> {
  return inTransaction(parts.db, async (tx) => {
    const now = parts.now();
    const document = (await findDocument(tx, known.number, known.publishedOn)) ?? known;
    const lists = [...new Set([...rule.lists, ...(Object.keys(rule.stated) as ListName[])])];
    const processed = { xmlSha256, parserVersion: PARSER_VERSION };

    const isLaw = !TYPES_NOT_LAW.includes(rule.document.type);
    if (lists.length === 0 || !isLaw) {
      const reason = isLaw
        ? 'it amends none of the lists'
        : `a document of the type “${rule.document.type}” changes no list`;
      await recordOutcome(tx, document.number, document.publishedOn, {
        ...processed,
        status: 'ignored',
        statusReason: reason,
        verdict: null,
        checks: [],
        stated: {},
        amendments: [],
      });
      return result(document, 'ignored', reason, null);
    }
    for (const list of rule.lists)
      if ((await earliestDay(tx, list)) === null)
        return result(document, 'waiting', `the ${list} has no baseline yet: run elwatch baseline`, null);

    if (document.status === 'applied') {
      await recordOutcome(tx, document.number, document.publishedOn, { ...processed, status: 'applied' });
      if (sameAmendments(document.amendments, rule.amendments))
        return result(document, 'unchanged', 'the new text says the same', null);
      await openIssue(tx, {
        code: 'document-changed',
        holds: true,
        message:
          'the text changed after it was applied, and now reads differently; the list was left as it is',
        excerpt: null,
        locator: null,
        number: document.number,
        publishedOn: document.publishedOn,
        openedAt: now,
      });
      return result(
        document,
        'unchanged',
        'document-changed: the text reads differently now; see elwatch issues',
        null,
      );
    }

    const entries = (await currentEntries(tx)).filter((entry) => rule.lists.includes(entry.list));
    const verification = verifyRule(rule, indexEntries(entries));
    if (verification.verdict === 'held') return hold(parts, tx, document, rule, verification, processed);

    const applied = applyAmendments(entries, rule.amendments, (amendment) => entryIdOf(document, amendment));
    await writeEntries(tx, {
      upsert: applied.written.map((entry) => ({ ...entry, nameKey: foldName(entry.name) })),
      removeIds: applied.removed,
    });
    const changeSet = await newChangeSet(tx, document, rule, verification, 'applied', now);
    await appendChangeSet(tx, changeSet, applied.changes);
    await closeIssuesOf(tx, document.number, now);
    for (const issue of rule.issues)
      await openIssue(tx, {
        ...issue,
        number: document.number,
        publishedOn: document.publishedOn,
        openedAt: now,
      });
    await recordOutcome(tx, document.number, document.publishedOn, {
      ...processed,
      status: 'applied',
      statusReason: null,
      verdict: verification.verdict,
      checks: verification.checks,
      stated: rule.stated,
      amendments: rule.amendments,
    });
    parts.log.info(
      { document: document.number, changeSet: changeSet.changeSetId, changes: applied.changes.length },
      'applied',
    );
    return result(
      document,
      'applied',
      `${applied.changes.length} changes, ${verification.verdict}`,
      changeSet.changeSetId,
    );
  });
}

type Transaction = Parameters<Parameters<typeof inTransaction>[1]>[0];

/** Leaves the list as it is, tells why, and makes a notice; once for the same reasons. */
async function hold(
  parts: Parts,
  tx: Transaction,
  document: StoredDocument,
  rule: Rule,
  verification: Verification,
  processed: { xmlSha256: string | null; parserVersion: string },
): Promise<Ingested> {
  const now = parts.now();
  const at = { number: document.number, publishedOn: document.publishedOn };
  const failed = verification.checks.filter((check) => check.status === 'fail');
  const reason =
    [
      ...failed.map((check) => check.message),
      ...rule.issues.filter((issue) => issue.holds).map((issue) => `${issue.code}: ${issue.message}`),
    ][0] ?? 'held';
  for (const check of failed)
    if (check.name !== 'nothing-unread')
      await openIssue(tx, {
        ...at,
        openedAt: now,
        code: codeOf(check.name, check.message),
        holds: true,
        message: check.message,
        excerpt: check.name,
        locator: null,
      });
  for (const issue of rule.issues) await openIssue(tx, { ...at, openedAt: now, ...issue });
  const before = (await changeSetsOf(tx, document.number, document.publishedOn)).at(-1);
  await recordOutcome(tx, at.number, at.publishedOn, {
    ...processed,
    status: 'held',
    statusReason: reason,
    verdict: 'held',
    checks: verification.checks,
    stated: rule.stated,
    amendments: rule.amendments,
  });
  if (before?.outcome === 'held') return result(document, 'held', reason, null);
  const changeSet = await newChangeSet(tx, document, rule, verification, 'held', now);
  await appendChangeSet(tx, changeSet, []);
  parts.log.warn({ document: document.number, reason }, 'held: the list was left as it is');
  return result(document, 'held', reason, changeSet.changeSetId);
}

function codeOf(check: string, message: string): string {
  if (check.startsWith('stated-')) return 'count-mismatch';
  return /^([a-z]+-[a-z-]+):/u.exec(message)?.[1] ?? check;
}

/** The record is there and the text is not. Silence would be the worst answer, so patience is short. */
async function awaitText(parts: Parts, document: StoredDocument, head: DocumentHead): Promise<Ingested> {
  const stated = readStated(head.abstract, head.title);
  const waited = (Date.parse(parts.now()) - Date.parse(document.firstSeenAt)) / 60_000;
  if (document.status !== 'new' || Object.keys(stated).length === 0 || waited < PATIENCE_MINUTES)
    return result(document, 'waiting', 'its full text is not published yet', null);
  const rule: Rule = {
    document: head,
    lists: Object.keys(stated) as ListName[],
    amendments: [],
    stated,
    issues: [
      {
        code: 'xml-missing',
        holds: true,
        message: 'the full text is not published yet',
        excerpt: null,
        locator: null,
      },
    ],
  };
  const verification: Verification = { verdict: 'held', checks: [] };
  return inTransaction(parts.db, (tx) =>
    hold(parts, tx, document, rule, verification, { xmlSha256: null, parserVersion: PARSER_VERSION }),
  );
}

/** The API no longer knows the document (sources, §1.7). What was applied stays until a person looks. */
async function withdraw(parts: Parts, number: string, publishedOn: string): Promise<Ingested> {
  const document = await findDocument(parts.db, number, publishedOn);
  const key = { number, publishedOn };
  if (document === null)
    return {
      ...key,
      outcome: 'withdrawn',
      reason: 'the Federal Register does not have it',
      changeSetId: null,
    };
  const applied = document.status === 'applied';
  await openIssue(parts.db, {
    ...key,
    openedAt: parts.now(),
    code: 'document-gone',
    holds: true,
    message: applied
      ? 'the Federal Register no longer has this document, whose changes were applied'
      : 'the Federal Register no longer has this document',
    excerpt: null,
    locator: null,
  });
  await recordOutcome(parts.db, number, publishedOn, {
    status: applied ? 'applied' : 'withdrawn',
    statusReason: 'gone from the Federal Register',
  });
  return { ...key, outcome: 'withdrawn', reason: 'gone from the Federal Register', changeSetId: null };
}

async function newChangeSet(
  tx: Transaction,
  document: StoredDocument,
  rule: Rule,
  verification: Verification,
  outcome: ChangeSet['outcome'],
  knownAt: string,
): Promise<ChangeSet> {
  const revision = await nextRevision(tx, document.number, document.publishedOn);
  const before = (await changeSetsOf(tx, document.number, document.publishedOn)).at(-1);
  return {
    changeSetId: `${document.publishedOn}.${document.number}.${revision}`,
    cause: 'rule',
    outcome,
    document: rule.document,
    lists: [...new Set([...rule.lists, ...(Object.keys(rule.stated) as ListName[])])],
    effectiveOn: rule.document.effectiveOn ?? document.publishedOn,
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
function entryIdOf(document: StoredDocument, amendment: Amendment): string {
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

function sameAmendments(before: readonly Amendment[] | null, after: readonly Amendment[]): boolean {
  const essence = (amendments: readonly Amendment[]) =>
    JSON.stringify(
      amendments.map(({ locator: _locator, ...rest }) =>
        Object.entries(rest).sort(([a], [b]) => a.localeCompare(b)),
      ),
    );
  return before !== null && essence(before) === essence(after);
}

function result(
  document: StoredDocument,
  outcome: Ingested['outcome'],
  reason: string,
  changeSetId: string | null,
): Ingested {
  return { number: document.number, publishedOn: document.publishedOn, outcome, reason, changeSetId };
}
