import { foldName } from '../fold.ts';
import type { Amendment, Check, CountedAction, ListName, StatedCount } from '../model.ts';

const NAME_OF: Record<CountedAction, string> = {
  add: 'additions',
  revise: 'revisions',
  remove: 'removals',
};
const LIST_WORDS: Record<ListName, string> = {
  'entity-list': 'Entity List',
  'unverified-list': 'Unverified List',
  'military-end-user-list': 'Military End-User List',
};

/** What the checks of one verb on one list have in common. */
interface Subject {
  list: ListName;
  /** "additions". */
  what: string;
  stated: StatedCount;
  rows: number;
  /** Distinct names among the rows. */
  names: number;
  perCountry: Map<string, number>;
}

function countBy(amendments: readonly Amendment[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const amendment of amendments) {
    const country = amendment.country ?? amendment.destination;
    counts.set(country, (counts.get(country) ?? 0) + 1);
  }
  return counts;
}

/** Entities as their names tell them apart; an entry called "Address 01" is none (sources, §4.7: 2025-19508). */
function distinctNames(amendments: readonly Amendment[]): number {
  const entities = amendments.filter(({ name }) => !/^address(?:es)?\W{0,2}\d{1,3}\W*$/iu.test(name.trim()));
  return new Set(entities.map(({ name }) => foldName(name))).size;
}

/** What the document says against itself, or null. Fewer entities than entries are no contradiction. */
function findContradiction({ what, stated }: Subject): string | null {
  const counts = Object.values(stated.byDestination);
  if (counts.length === 0) return null;
  const sum = counts.reduce((total, count) => total + count, 0);
  const headline = stated.entries ?? stated.entities ?? 0;
  const whole = !stated.partial && !stated.destinations?.length;
  // Entries are counted by destination, so entities alone may come to less than their sum.
  const wrong = (whole && sum < headline) || (stated.entries !== null && sum > headline);
  return wrong
    ? `The document contradicts itself: it states ${headline} ${what}, and ${sum} by destination.`
    : null;
}

/** The headline counts entries, or entities where no entries are stated: rows or distinct names. */
function checkHeadline(subject: Subject): Check {
  const { list, what, stated, rows, names } = subject;
  const headline = stated.entries ?? stated.entities;
  const byName = stated.entries === null && headline !== rows && headline === names;
  const contradiction = findContradiction(subject);
  return {
    name: `stated-${what}`,
    list,
    status: contradiction === null && (headline === rows || byName) ? 'pass' : 'fail',
    expected: headline,
    found: byName ? names : rows,
    message:
      contradiction !== null
        ? `${contradiction} ${rows} found.`
        : byName
          ? `${names} of ${headline} stated entities found, in ${rows} entries.`
          : `${rows} of ${headline} stated ${what} found.`,
  };
}

function checkPerDestination({ list, what, stated, perCountry }: Subject): Check[] {
  const bare = new Set(stated.destinations ?? []);
  const closed = !stated.partial && bare.size === 0;
  const counted = Object.keys(stated.byDestination);
  if (counted.length === 0) return [];
  // Where every destination has its count, one that has none counts zero.
  return [...new Set(closed ? [...counted, ...perCountry.keys()] : counted)].map((country) => {
    const expected = stated.byDestination[country] ?? 0;
    const there = perCountry.get(country) ?? 0;
    // A clause that leaves destinations open can bring more under this one: then its count is a floor.
    const floor = stated.partial === true || bare.has(country);
    return {
      name: `stated-${what}-${country}`,
      list,
      status: (floor ? there >= expected : there === expected) ? 'pass' : 'fail',
      expected,
      found: there,
      message: floor
        ? `At least ${expected} ${what} are stated under ${country}; ${there} found.`
        : `${there} of ${expected} stated ${what} under ${country} found.`,
    };
  });
}

/** Destinations that are named without a count must occur, and no others where all of them are named. */
function checkDestinations({ list, what, stated, perCountry }: Subject): Check[] {
  if (!stated.destinations?.length) return [];
  const named = new Set([...stated.destinations, ...Object.keys(stated.byDestination)]);
  const missing = [...named].filter((code) => !perCountry.has(code));
  const unnamed = stated.partial ? [] : [...perCountry.keys()].filter((code) => !named.has(code));
  const reasons = [
    missing.length > 0 ? `stated, and not found: ${missing.sort().join(', ')}` : '',
    unnamed.length > 0 ? `found, and not stated: ${unnamed.sort().join(', ')}` : '',
  ].filter((reason) => reason !== '');
  return [
    {
      name: `stated-${what}-destinations`,
      list,
      status: reasons.length === 0 ? 'pass' : 'fail',
      expected: [...named].sort().join(', '),
      found: [...perCountry.keys()].sort().join(', '),
      message:
        reasons.length === 0
          ? `The ${what} are under the stated destinations.`
          : `Destinations of ${what}: ${reasons.join('; ')}.`,
    },
  ];
}

/**
 * "two entities under three entries": the names are counted too. An entity can be spelled differently under
 * its destinations, so other figures fail only where no counts per destination vouch for the entries.
 */
function checkNames({ list, what, stated, names }: Subject, others: readonly Check[]): Check[] {
  if (stated.entities === null || stated.entries === null) return [];
  const perDestination = Object.keys(stated.byDestination).length > 0 && !stated.partial;
  const vouched =
    perDestination && !stated.destinations?.length && others.every((check) => check.status === 'pass');
  const fits = names === stated.entities;
  return [
    {
      name: `stated-${what}-entities`,
      list,
      status: fits ? 'pass' : vouched ? 'skip' : 'fail',
      expected: stated.entities,
      found: names,
      message: fits
        ? `${names} of ${stated.entities} stated entities found by name.`
        : `${stated.entities} entities are stated, and ${names} different names found${
            vouched ? '; an entity may be spelled in two ways, and all counts by destination are right' : ''
          }.`,
    },
  ];
}

/**
 * Compares what a document states about one verb with what was found. Counts per destination decide. The
 * headline counts entries or entities: "70 entities" can be 70 rows with 68 names, "93 entities under 95
 * entries" says both (sources, §4.7).
 */
export function checkCounts(
  list: ListName,
  action: CountedAction,
  stated: StatedCount | null,
  found: readonly Amendment[],
): Check[] {
  const what = NAME_OF[action];
  const rows = found.length;
  if (stated === null)
    return rows === 0
      ? []
      : [
          {
            name: `stated-${what}`,
            list,
            status: 'skip',
            expected: null,
            found: rows,
            message: `The document states no count of ${what} to the ${LIST_WORDS[list]}; ${rows} found.`,
          },
        ];

  const subject = { list, what, stated, rows, names: distinctNames(found), perCountry: countBy(found) };
  const checks = [checkHeadline(subject), ...checkPerDestination(subject), ...checkDestinations(subject)];
  return [...checks, ...checkNames(subject, checks)];
}
