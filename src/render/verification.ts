import type { ChangeSet, Check } from '../model.ts';
import { cleanLine, shorten } from './clean.ts';
import { countOf, LIST_TITLES } from './words.ts';

const TOTALS: Record<string, string> = {
  'stated-additions': 'stated additions',
  'stated-revisions': 'stated revisions',
  'stated-removals': 'stated removals',
};

/** What verification found, in one or two sentences; for a held document, why it is held. */
export function describeVerification(changeSet: ChangeSet): string {
  if (changeSet.outcome === 'held') {
    const reasons = heldReasons(changeSet);
    return `Not confirmed. ${reasons.length === 0 ? 'The document could not be read with certainty.' : reasons.join(' ')}`;
  }
  if (changeSet.outcome === 'provisional')
    return 'Provisional: read from a filing on public inspection, and not applied to the list.';
  if (changeSet.outcome === 'withdrawn')
    return `Withdrawn. ${changeSet.issues[0] ? asSentence(changeSet.issues[0].message) : 'It changes no list.'}`;
  if (changeSet.cause === 'baseline')
    return 'This is the starting point; later rules are checked against it.';
  const made = changeSet.checks.filter((check) => check.status !== 'skip');
  const totals = made.filter((check) => TOTALS[check.name] !== undefined);
  if (totals.length > 0) {
    const severalLists = new Set(totals.map((check) => check.list)).size > 1;
    return `${totals.map((check) => totalPhrase(check, severalLists)).join('; ')}.`;
  }
  const nothingStated = 'The document states no counts, so nothing could be checked';
  if (made.length === 0) return `${nothingStated}.`;
  const passed = made.filter((check) => check.status === 'pass').length;
  return `${nothingStated} against them; ${passed} of ${countOf(made.length, 'other check', 'other checks')} passed.`;
}

function totalPhrase(check: Check, severalLists: boolean): string {
  const list = severalLists && check.list !== null ? ` (${LIST_TITLES[check.list]})` : '';
  return `${check.found ?? 0} of ${check.expected ?? 0} ${TOTALS[check.name]} found${list}`;
}

/** Every reason that keeps a document from being applied: failed checks, then issues that hold. */
export function heldReasons(changeSet: ChangeSet): string[] {
  const issues = changeSet.issues.filter((issue) => issue.holds).map((issue) => issue.message);
  const failed = changeSet.checks
    // This check only counts the issues, which speak for themselves.
    .filter((check) => check.status === 'fail' && (check.name !== 'nothing-unread' || issues.length === 0))
    .map((check) => check.message);
  const reasons = [...new Set([...failed, ...issues].map((text) => asSentence(text)))];
  if (reasons.length <= 12) return reasons;
  return [...reasons.slice(0, 12), `${reasons.length - 12} more reasons are on the page of the document.`];
}

function asSentence(text: string): string {
  const line = shorten(cleanLine(text), 400);
  return /[.!?\]]$/u.test(line) ? line : `${line}.`;
}
