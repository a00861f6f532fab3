import { foldName } from '../fold.ts';
import type { Amendment, Check, CountedAction, ListName, Rule, Verdict } from '../model.ts';
import { checkCounts } from './check-counts.ts';
import { type Plan, type ProblemCode, planAmendments } from './plan.ts';
import type { EntryIndex } from './resolve.ts';

export interface Verification {
  verdict: Verdict;
  checks: Check[];
}

/** One document never removed more than this many entries; more is a misreading until a person says otherwise. */
const MOST_REMOVALS = 300;

/** A list of no more entries can lose most of them in one document, as the Unverified List did. */
const SMALL_LIST = 200;

function sizeOf(index: EntryIndex, list: ListName): number {
  let size = 0;
  for (const [key, entries] of index.byKey) if (key.startsWith(`${list}|`)) size += entries.length;
  return size;
}

/** What each problem of the plan says to people; the check it belongs to is `targets-exist` unless told. */
const PROBLEMS: Record<ProblemCode, string> = {
  'target-absent': 'not on the list',
  'target-ambiguous': 'more than one entry of this name',
  'target-twice': 'amended more than once in one document',
  'part-absent': 'the entry has no such part',
  'replaced-nothing': 'no entry holds what is to be replaced',
  'already-listed': 'already on the list',
  'name-taken': 'another entry has the new name already',
};

function checkTargets(
  list: ListName,
  amendments: readonly Amendment[],
  index: EntryIndex,
  plan: Plan,
): Check[] {
  const wanted = amendments.filter((amendment) => amendment.list === list && amendment.action !== 'add');
  const added = amendments.filter((amendment) => amendment.list === list && amendment.action === 'add');
  const problems = plan.problems.filter(({ amendment }) => amendment.list === list);
  const checks: Check[] = [];
  if (wanted.length > 0) {
    const failed = problems.filter(({ code }) => code !== 'already-listed');
    const [first] = failed;
    const alike = failed.filter(({ code }) => code === first?.code);
    checks.push({
      name: 'targets-exist',
      list,
      status: failed.length === 0 ? 'pass' : 'fail',
      expected: wanted.length,
      found: wanted.length - new Set(failed.map(({ amendment }) => amendment)).size,
      message: first
        ? `${first.code}: ${PROBLEMS[first.code]}: ${describe(alike.map(({ amendment }) => amendment))}${first.detail ? ` (${first.detail})` : ''}.`
        : 'Every revised or removed entry is on the list exactly once.',
    });
  }
  for (const { amendment, entries } of plan.steps)
    if (amendment.action === 'replace' && amendment.list === list)
      checks.push({
        name: 'replacements-found',
        list,
        status: entries.length > 0 ? 'pass' : 'fail',
        expected: 'at least 1',
        found: entries.length,
        message: `What is replaced wherever it appears was found in ${entries.length} entries.`,
      });
  if (added.length > 0) {
    const there = problems.filter(({ code }) => code === 'already-listed').map(({ amendment }) => amendment);
    const made = plan.madeBefore;
    checks.push({
      name: 'additions-are-new',
      list,
      status: there.length === 0 ? 'pass' : 'fail',
      expected: added.length,
      found: added.length - there.length,
      message: made
        ? 'Every added entry is on the list already and cites this document: the baseline held the rule.'
        : there.length === 0
          ? 'No added entry is on the list already.'
          : `Already on the list: ${describe(there)}.`,
    });
  }
  const removals = wanted.filter((amendment) => amendment.action === 'remove').length;
  // Of this list alone: a rule can amend two, and one of them be small.
  const size = sizeOf(index, list);
  const shrinks = size > SMALL_LIST && removals > added.length + size * 0.2;
  if (removals > 0)
    checks.push({
      name: 'size-within-bounds',
      list,
      status: removals > MOST_REMOVALS || shrinks ? 'fail' : 'pass',
      expected: `at most ${MOST_REMOVALS}`,
      found: removals,
      message: `The document removes ${removals} of ${size} entries.`,
    });
  return checks;
}

/** A heading is emptied only by a document that leaves nothing under it, and added only where none stood. */
function checkHeadings(rule: Rule, index: EntryIndex, plan: Plan): Check[] {
  return rule.headings.map(({ list, destination, action }) => {
    const key = foldName(destination);
    const under = index.entries.filter((entry) => entry.list === list && foldName(entry.destination) === key);
    const leaving = new Set(
      plan.steps
        .filter(({ amendment }) => amendment.action === 'remove' || amendment.alter?.place !== undefined)
        .flatMap(({ entries }) => entries),
    );
    const left = under.filter((entry) => !leaving.has(entry));
    const well = action === 'add' ? plan.madeBefore || under.length === 0 : left.length === 0;
    return {
      name: `heading-${action === 'add' ? 'new' : 'emptied'}`,
      list,
      status: well ? 'pass' : 'fail',
      expected: 0,
      found: action === 'add' ? under.length : left.length,
      message:
        action === 'add'
          ? `The heading ${destination} is added; ${under.length} entries stood under it.`
          : `The heading ${destination} is taken away; ${left.length} entries would be left under it.`,
    } satisfies Check;
  });
}

function describe(amendments: readonly Amendment[]): string {
  const shown = amendments.slice(0, 5).map((amendment) => `“${amendment.name}” (${amendment.destination})`);
  return shown.join(', ') + (amendments.length > 5 ? ` and ${amendments.length - 5} more` : '');
}

/** The verb under which documents count an amendment: altering an entry is revising it; a bulk change is uncounted. */
function countsAs({ action }: Amendment): CountedAction | null {
  return action === 'alter' ? 'revise' : action === 'replace' ? null : action;
}

/**
 * Holds a rule against itself and, where given, against the stored list. Any failed check, and any issue that
 * holds, makes the verdict `held`.
 *
 * @param index the list before the rule, or null for a self-check without a store
 */
export function verifyRule(rule: Rule, index: EntryIndex | null): Verification {
  const checks: Check[] = [];
  const plan = index && planAmendments(index, rule.amendments);
  const lists = new Set<ListName>([...rule.lists, ...(Object.keys(rule.stated) as ListName[])]);
  for (const list of lists) {
    const own = rule.amendments.filter((amendment) => amendment.list === list);
    for (const action of ['add', 'revise', 'remove'] as const)
      checks.push(
        ...checkCounts(
          list,
          action,
          rule.stated[list]?.[action] ?? null,
          own.filter((amendment) => countsAs(amendment) === action),
        ),
      );
    if (index && plan) checks.push(...checkTargets(list, rule.amendments, index, plan));
  }
  if (index && plan) checks.push(...checkHeadings(rule, index, plan));
  const holding = rule.issues.filter((issue) => issue.holds);
  if (rule.lists.length > 0)
    checks.push({
      name: 'nothing-unread',
      list: null,
      status: holding.length === 0 ? 'pass' : 'fail',
      expected: 0,
      found: holding.length,
      message:
        holding.length === 0
          ? 'Every instruction and every row was read.'
          : `${holding[0]!.code}: ${holding[0]!.message}${holding.length > 1 ? ` (and ${holding.length - 1} more)` : ''}`,
    });
  const failed = checks.some((check) => check.status === 'fail') || holding.length > 0;
  const compared = checks.some((check) => check.name.startsWith('stated-') && check.status === 'pass');
  return { verdict: failed ? 'held' : compared ? 'verified' : 'unverified', checks };
}
