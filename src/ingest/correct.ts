import { applyAmendments } from '../list/apply.ts';
import { correctChanges } from '../list/correct.ts';
import { netChanges } from '../list/net-changes.ts';
import { indexEntries } from '../list/resolve.ts';
import { verifyRule } from '../list/verify.ts';
import type { Amendment } from '../model.ts';
import type { Parts } from '../parts.ts';
import { changeSetsOf, markNotified } from '../store/change-sets.ts';
import { changesOf, changesOfEntries } from '../store/changes.ts';
import { commitChanges } from '../store/commit.ts';
import { recordOutcome } from '../store/documents.ts';
import { openIssue } from '../store/issues.ts';
import { acceptDoubts } from './accept.ts';
import { listBefore } from './list-before.ts';
import {
  effectiveDayOf,
  entryIdOf,
  type Ingested,
  newChangeSet,
  PARSER_VERSION,
  type Reading,
  result,
  type Transaction,
} from './outcome.ts';

/**
 * A document that was applied, and now reads differently: a revision of our parse, not a second amendment
 * (sources, §7, trap 26). The difference is appended as changes of a new change set with the cause `reparse`,
 * each on its own day of effect. A reading that does not verify changes nothing and opens an issue.
 */
export async function correctApplied(parts: Parts, tx: Transaction, reading: Reading): Promise<Ingested> {
  const { document, rule, overrides, xmlSha256, quiet } = reading;
  const { number, publishedOn } = document;
  const processed = { xmlSha256, parserVersion: PARSER_VERSION, status: 'applied' as const };
  const sets = (await changeSetsOf(tx, number, publishedOn)).filter(({ outcome }) => outcome === 'applied');
  const made = (await Promise.all(sets.map((set) => changesOf(tx, set.changeSetId)))).flat();
  const told = made.filter(
    ({ because }) => because !== 'stay' && because !== 'delay' && because !== 'resume',
  );
  const old = netChanges(told);
  const orderOn = effectiveDayOf(rule, document);
  const lists = [...new Set([...rule.lists, ...old.map((change) => change.list)])];
  const first = made[0]?.seq;
  const before = await listBefore(tx, lists, orderOn, first);
  const verified = verifyRule(rule, indexEntries(before.entries));
  const accepted = acceptDoubts(rule, verified, overrides);
  if (accepted.verification.verdict === 'held') {
    await recordOutcome(tx, number, publishedOn, processed);
    const why =
      accepted.verification.checks.find(({ status }) => status === 'fail')?.message ?? 'see its issues';
    const message = `the text that was applied now reads differently and does not verify; the list was left as it is: ${why}`;
    const issue = { code: 'document-changed', holds: true, message, excerpt: null, locator: null };
    await openIssue(tx, { ...issue, number, publishedOn, openedAt: parts.now() });
    return result(document, 'unchanged', `document-changed: ${why}`);
  }

  /** The entry that the same row, or the same name, made before keeps its id. */
  const idBefore = ({ list, locator, name }: Amendment) =>
    old.find(
      (change) =>
        change.kind === 'added' &&
        change.list === list &&
        ((locator.row !== null && change.locator?.row === locator.row) || change.name === name),
    )?.entryId;
  const next = applyAmendments(before.entries, rule.amendments, {
    effectiveOn: orderOn,
    newId: (amendment) => idBefore(amendment) ?? entryIdOf(document, amendment),
    startsOn: before.startsOn,
  });
  const history = await changesOfEntries(
    tx,
    [...told, ...next].map(({ entryId }) => entryId),
  );
  const changes = correctChanges({ told, next, on: orderOn, history });
  await recordOutcome(tx, number, publishedOn, {
    ...processed,
    verdict: accepted.verification.verdict,
    checks: accepted.verification.checks,
    stated: rule.stated,
    amendments: rule.amendments,
  });
  if (changes.length === 0) return result(document, 'unchanged', 'it says the same as before');
  const now = parts.now();
  const plain = await newChangeSet(tx, document, accepted.rule, accepted.verification, 'applied', now);
  const changeSet = { ...plain, cause: 'reparse' as const };
  await commitChanges(tx, changeSet, changes);
  if (quiet) await markNotified(tx, changeSet.changeSetId, now);
  const cause = quiet ? 'our reading of it' : 'the document';
  parts.log.warn(
    { document: number, changeSet: changeSet.changeSetId, changes: changes.length, cause },
    'corrected',
  );
  return result(
    document,
    'applied',
    `corrected: ${changes.length} changes`,
    quiet ? null : changeSet.changeSetId,
  );
}
