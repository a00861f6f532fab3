import type { Verification } from '../list/verify.ts';
import type { Rule } from '../model.ts';
import type { StoredOverride } from '../store/overrides.ts';

/** What nobody can accept: the amendments could not be carried out, or were not read at all. */
const NEVER_CHECKS = new Set(['targets-exist', 'additions-are-new']);
const NEVER_ISSUES = new Set(['parser-failed', 'override-unmatched', 'number-differs', 'unusual-type']);

/**
 * A verification and a reading as a person accepted them: what failed is on record as accepted, by whom and why.
 * What cannot be carried out stays failed. Without an `accept` both come back as they are.
 */
export function acceptDoubts(
  rule: Rule,
  verification: Verification,
  overrides: readonly StoredOverride[],
): { rule: Rule; verification: Verification } {
  const accepted = overrides.filter(({ kind }) => kind === 'accept').at(-1);
  if (!accepted || verification.verdict !== 'held') return { rule, verification };
  const words = `accepted by ${accepted.who}: ${accepted.reason}`;
  const issues = rule.issues.map((issue) =>
    issue.holds && !NEVER_ISSUES.has(issue.code)
      ? { ...issue, holds: false, message: `${issue.message} (${words})` }
      : issue,
  );
  const left = issues.some((issue) => issue.holds);
  const checks = verification.checks.map((check) =>
    check.status === 'fail' && !NEVER_CHECKS.has(check.name) && (check.name !== 'nothing-unread' || !left)
      ? { ...check, status: 'skip' as const, message: `${check.message} (${words})` }
      : check,
  );
  const failed = left || checks.some((check) => check.status === 'fail');
  return { rule: { ...rule, issues }, verification: { verdict: failed ? 'held' : 'unverified', checks } };
}
