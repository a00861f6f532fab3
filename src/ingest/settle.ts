import { applyAmendments } from '../list/apply.ts';
import { indexEntries } from '../list/resolve.ts';
import { verifyRule } from '../list/verify.ts';
import { type Issue, type Rule, TYPES_NOT_LAW } from '../model.ts';
import { readNamedLists } from '../parse/target.ts';
import type { Parts } from '../parts.ts';
import { commitChanges } from '../store/commit.ts';
import { findDocument, listDocuments, recordOutcome, type StoredDocument } from '../store/documents.ts';
import { earliestDay } from '../store/entries.ts';
import { closeIssuesOf, openIssue } from '../store/issues.ts';
import { acceptDoubts } from './accept.ts';
import { addedByAnother } from './added-by-another.ts';
import { correctApplied } from './correct.ts';
import { endFiling } from './end-filing.ts';
import { hold, tellInVain } from './hold.ts';
import { listBefore } from './list-before.ts';
import {
  effectiveDayOf,
  entryIdOf,
  type Ingested,
  listsOf,
  newChangeSet,
  PARSER_VERSION,
  type Reading,
  result,
  type Transaction,
} from './outcome.ts';
import { scheduledOver } from './scheduled.ts';
import { findReferenced, suspendAll } from './suspensions.ts';

/** The full text can come after the record, and a download can fail; this long nobody is alarmed. */
export const PATIENCE_MINUTES = 30;

/** What may touch a list through an earlier document, though the rule amends none by itself. */
const UNREAD_ORDERS = [
  'suspension-unclear',
  'correction-unread',
  'target-unclear',
  'order-unread',
  'table-unclaimed',
];

export function minutesKnown(parts: Parts, document: StoredDocument): number {
  return (Date.parse(parts.now()) - Date.parse(document.firstSeenAt)) / 60_000;
}

/** Verifies and applies inside one transaction, so that no other document moves the list in between. */
export async function settle(parts: Parts, tx: Transaction, reading: Reading): Promise<Ingested> {
  const { number, publishedOn } = reading.document;
  const document = (await findDocument(tx, number, publishedOn)) ?? reading.document;
  const { xmlSha256, overrides, quiet } = reading;
  const processed = { xmlSha256, parserVersion: PARSER_VERSION };
  const isLaw = !TYPES_NOT_LAW.includes(reading.rule.document.type);
  const orderOn = effectiveDayOf(reading.rule, document);
  const suspended = isLaw ? await suspendAll(tx, reading.rule, orderOn) : { changes: [], issues: [] };
  const unnamed = await unnamedCorrection(tx, reading.rule);
  const rule: Rule = {
    ...reading.rule,
    issues: [...reading.rule.issues, ...unnamed, ...suspended.issues],
  };

  const amends =
    listsOf(rule).length > 0 ||
    suspended.changes.length > 0 ||
    suspended.issues.length > 0 ||
    rule.issues.some(({ code, holds }) => holds && UNREAD_ORDERS.includes(code));
  if (!isLaw || !amends) {
    const reason = !isLaw
      ? `a document of the type “${rule.document.type}” changes no list`
      : rule.suspensions.length > 0
        ? 'it puts off a rule that changed none of the lists'
        : 'it amends none of the lists';
    if (document.status === 'applied') return correctApplied(parts, tx, { ...reading, document, rule });
    const nothing = { verdict: null, checks: [], stated: {}, amendments: [] };
    const outcome = { ...processed, ...nothing, status: 'ignored' as const, statusReason: reason };
    await recordOutcome(tx, number, publishedOn, outcome);
    const told = await tellInVain(parts, tx, document, 'no-list-changed', `As it was published, ${reason}.`);
    return result(document, 'ignored', reason, told);
  }
  for (const list of rule.lists)
    if ((await earliestDay(tx, list)) === null)
      return result(document, 'waiting', `the ${list} has no baseline yet: run elwatch baseline`);
  if (document.status === 'applied') return correctApplied(parts, tx, { ...reading, document, rule });

  const before = await listBefore(tx, rule.lists, orderOn);
  const index = indexEntries(before.entries);
  const judge = (judged: Rule) => {
    const verified = verifyRule(judged, index);
    return { judged, verified, accepted: acceptDoubts(judged, verified, overrides) };
  };
  let { judged, verified, accepted } = judge(rule);
  if (accepted.verification.verdict === 'held')
    return (await mayWait(parts, tx, document, rule))
      ? result(document, 'waiting', 'an earlier document is not finished yet, and this one may depend on it')
      : hold(parts, tx, document, rule, verified, xmlSha256);

  const changes = [
    ...applyAmendments(before.entries, rule.amendments, {
      effectiveOn: orderOn,
      newId: (amendment) => entryIdOf(document, amendment),
      startsOn: before.startsOn,
    }),
    ...suspended.changes,
  ];
  const doubts = [
    ...(await scheduledOver(tx, changes, orderOn)),
    ...(await addedByAnother(tx, rule, before.entries)),
  ];
  if (doubts.length > 0) {
    ({ judged, verified, accepted } = judge({ ...rule, issues: [...rule.issues, ...doubts] }));
    if (accepted.verification.verdict === 'held')
      return hold(parts, tx, document, judged, verified, xmlSha256);
  }
  const now = parts.now();
  const changeSet = {
    ...(await newChangeSet(tx, document, accepted.rule, accepted.verification, 'applied', now)),
    ...(await correctionOf(tx, rule)),
    differences: await endFiling(tx, number, accepted.rule, now),
  };
  await commitChanges(tx, changeSet, changes);
  await closeIssuesOf(tx, number, now);
  for (const issue of accepted.rule.issues)
    await openIssue(tx, { ...issue, number, publishedOn, openedAt: now });
  const { verdict, checks } = accepted.verification;
  await recordOutcome(tx, number, publishedOn, {
    ...processed,
    verdict,
    checks,
    stated: rule.stated,
    amendments: rule.amendments,
    status: 'applied',
    statusReason: null,
  });
  parts.log.info(
    { document: number, changeSet: changeSet.changeSetId, changes: changes.length, quiet },
    'applied',
  );
  return result(document, 'applied', `${changes.length} changes, ${verdict}`, changeSet.changeSetId);
}

/**
 * A correction that itself names no list, of a document that changed one: a person has to look at it. One that
 * names a list is read, or holds by itself.
 */
async function unnamedCorrection(tx: Transaction, rule: Rule): Promise<Issue[]> {
  const { document, lists, corrects } = rule;
  if (lists.length > 0 || readNamedLists(`${document.title} ${document.abstract ?? ''}`).length > 0)
    return [];
  for (const reference of corrects) {
    const corrected = await findReferenced(tx, reference);
    if (corrected?.status === 'applied')
      return [
        {
          code: 'correction-unread',
          holds: true,
          message: `it corrects ${corrected.number}, which changed a list, and names no list itself`,
          excerpt: document.title.slice(0, 300),
          locator: null,
        },
      ];
  }
  return [];
}

/** Numbers of the documents that a rule corrects, those that are stored by their own number. */
async function correctionOf(tx: Transaction, rule: Rule): Promise<{ corrects: string[] }> {
  const found = await Promise.all(
    rule.corrects.map(async (reference) => (await findReferenced(tx, reference))?.number ?? reference.number),
  );
  return { corrects: [...new Set(found.filter((number) => number !== null))] };
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
  const inItself = verifyRule(rule, null);
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
