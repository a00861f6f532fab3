import { foldName } from '../fold.ts';
import type {
  Amendment,
  AmendmentAction,
  Check,
  Entry,
  ListName,
  Rule,
  StatedCount,
  Verdict,
} from '../model.ts';
import { entryKey } from './key.ts';
import { type EntryIndex, findTargets } from './resolve.ts';

export interface Verification {
  verdict: Verdict;
  checks: Check[];
}

const NAME_OF: Record<AmendmentAction, string> = {
  add: 'additions',
  revise: 'revisions',
  remove: 'removals',
};
const LIST_WORDS: Record<ListName, string> = {
  'entity-list': 'Entity List',
  'unverified-list': 'Unverified List',
  'military-end-user-list': 'Military End-User List',
};

/** One document never removed more than this many entries; more is a misreading until a person says otherwise. */
const MOST_REMOVALS = 300;

function countBy(amendments: readonly Amendment[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const amendment of amendments) {
    const country = amendment.country ?? amendment.destination;
    counts.set(country, (counts.get(country) ?? 0) + 1);
  }
  return counts;
}

function distinctNames(amendments: readonly Amendment[]): number {
  return new Set(amendments.map((amendment) => foldName(amendment.name))).size;
}

/**
 * Compares what a document states about one verb with what was found. Counts per destination decide. The
 * headline counts entries or entities: "70 entities" can be 70 rows with 68 names, "93 entities under 95
 * entries" says both (sources, §4.7).
 */
function checkCounts(
  list: ListName,
  action: AmendmentAction,
  stated: StatedCount | null,
  found: readonly Amendment[],
): Check[] {
  const what = NAME_OF[action];
  const name = `stated-${what}`;
  if (stated === null)
    return found.length === 0
      ? []
      : [
          {
            name,
            list,
            status: 'skip',
            expected: null,
            found: found.length,
            message: `The document states no count of ${what} to the ${LIST_WORDS[list]}; ${found.length} found.`,
          },
        ];

  const rows = found.length;
  const names = distinctNames(found);
  const checks: Check[] = [];
  const sum = Object.values(stated.byDestination).reduce((total, count) => total + count, 0);
  const headline = stated.entries ?? stated.entities;
  const fits = stated.entries === null ? headline === rows || headline === names : headline === rows;
  checks.push({
    name,
    list,
    status: fits ? 'pass' : 'fail',
    expected: headline,
    found: stated.entries === null && headline === names ? names : rows,
    message:
      stated.entries === null && headline !== rows && headline === names
        ? `${names} of ${headline} stated entities found, in ${rows} entries.`
        : `${rows} of ${headline} stated ${what} found.`,
  });
  if (sum > 0 && (sum === rows || sum === headline)) {
    const perCountry = countBy(found);
    for (const country of new Set([...Object.keys(stated.byDestination), ...perCountry.keys()])) {
      const expected = stated.byDestination[country] ?? 0;
      const there = perCountry.get(country) ?? 0;
      checks.push({
        name: `${name}-${country}`,
        list,
        status: expected === there ? 'pass' : 'fail',
        expected,
        found: there,
        message: `${there} of ${expected} stated ${what} under ${country} found.`,
      });
    }
  } else if (sum > 0)
    // Counts for some destinations only ("one under Pakistan"): each is a floor, none is the whole.
    for (const [country, expected] of Object.entries(stated.byDestination)) {
      const there = countBy(found).get(country) ?? 0;
      checks.push({
        name: `${name}-${country}`,
        list,
        status: there >= expected ? 'pass' : 'fail',
        expected,
        found: there,
        message: `At least ${expected} ${what} are stated under ${country}; ${there} found.`,
      });
    }
  return checks;
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
    checks.push({
      name: 'additions-are-new',
      list,
      status: there.length === 0 ? 'pass' : 'fail',
      expected: added.length,
      found: added.length - there.length,
      message:
        there.length === 0
          ? 'No added entry is on the list already.'
          : `Already on the list: ${describe(there)}.`,
    });
  }
  const removals = wanted.filter((amendment) => amendment.action === 'remove').length;
  const bound = MOST_REMOVALS;
  const shrinks = index.size > 200 && removals > added.length + index.size * 0.2;
  if (removals > 0)
    checks.push({
      name: 'size-within-bounds',
      list,
      status: removals > bound || shrinks ? 'fail' : 'pass',
      expected: `at most ${bound}`,
      found: removals,
      message: `The document removes ${removals} of ${index.size} entries.`,
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
