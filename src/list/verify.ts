import type { Amendment, Check, Entry, ListName, Rule, Verdict } from '../model.ts';
import { checkCounts } from './check-counts.ts';
import { entryKey } from './key.ts';
import { type EntryIndex, findMade, findTargets } from './resolve.ts';

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

function checkTargets(list: ListName, amendments: readonly Amendment[], index: EntryIndex): Check[] {
  const wanted = amendments.filter((amendment) => amendment.list === list && amendment.action !== 'add');
  const added = amendments.filter((amendment) => amendment.list === list && amendment.action === 'add');
  const checks: Check[] = [];
  if (wanted.length > 0) {
    const absent = wanted.filter((amendment) => findTargets(index, amendment).length === 0);
    const doubtful = wanted.filter((amendment) => findTargets(index, amendment).length > 1);
    const met = new Set<Entry>();
    const twice = wanted.filter((amendment) => {
      const [entry, ...others] = findTargets(index, amendment);
      if (!entry || others.length > 0) return false;
      if (met.has(entry)) return true;
      met.add(entry);
      return false;
    });
    checks.push({
      name: 'targets-exist',
      list,
      status: absent.length + doubtful.length + twice.length === 0 ? 'pass' : 'fail',
      expected: wanted.length,
      found: wanted.length - absent.length - doubtful.length - twice.length,
      message:
        absent.length > 0
          ? `target-absent: not on the list: ${describe(absent)}.`
          : doubtful.length > 0
            ? `target-ambiguous: more than one entry of this name: ${describe(doubtful)}.`
            : twice.length > 0
              ? `target-twice: amended more than once in one document: ${describe(twice)}.`
              : 'Every revised or removed entry is on the list exactly once.',
    });
  }
  if (added.length > 0) {
    const removed = new Set(
      wanted
        .filter((amendment) => amendment.action === 'remove')
        .flatMap((amendment) => findTargets(index, amendment)),
    );
    const there = added.filter((amendment) =>
      (index.byKey.get(entryKey(amendment)) ?? []).some((entry) => !removed.has(entry)),
    );
    // All of them there, and citing this document: the baseline held the rule already. Some only is a fault.
    const made = there.length === added.length && there.every((amendment) => findMade(index, amendment));
    checks.push({
      name: 'additions-are-new',
      list,
      status: there.length === 0 || made ? 'pass' : 'fail',
      expected: added.length,
      found: added.length - there.length,
      message:
        there.length === 0
          ? 'No added entry is on the list already.'
          : made
            ? 'Every added entry is on the list already and cites this document: the baseline held the rule.'
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

function describe(amendments: readonly Amendment[]): string {
  const shown = amendments.slice(0, 5).map((amendment) => `“${amendment.name}” (${amendment.destination})`);
  return shown.join(', ') + (amendments.length > 5 ? ` and ${amendments.length - 5} more` : '');
}

/**
 * Holds a rule against itself and, where given, against the stored list. Any failed check, and any issue that
 * holds, makes the verdict `held`.
 *
 * @param index the list before the rule, or null for a self-check without a store
 */
export function verifyRule(rule: Rule, index: EntryIndex | null): Verification {
  const checks: Check[] = [];
  const lists = new Set<ListName>([...rule.lists, ...(Object.keys(rule.stated) as ListName[])]);
  for (const list of lists) {
    const own = rule.amendments.filter((amendment) => amendment.list === list);
    for (const action of ['add', 'revise', 'remove'] as const)
      checks.push(
        ...checkCounts(
          list,
          action,
          rule.stated[list]?.[action] ?? null,
          own.filter((amendment) => amendment.action === action),
        ),
      );
    if (index) checks.push(...checkTargets(list, rule.amendments, index));
  }
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
