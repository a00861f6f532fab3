import { foldName } from '../fold.ts';
import type {
  CountedAction,
  FilingReading,
  ListName,
  NamedEntry,
  Rule,
  Stated,
  StatedCount,
} from '../model.ts';
import { destinationOfCode } from './destinations.ts';

/** What a filing or a published document says, in the one form in which both can be compared. */
interface Facts {
  lists: readonly ListName[];
  stated: Partial<Record<ListName, Stated>>;
  named: readonly NamedEntry[];
  allNamed: boolean;
  effectiveOn: string | null;
}

/** How the two sides are called: "The filing stated …", "the published rule …". */
interface Sides {
  before: string;
  after: string;
}

const TITLES: Record<ListName, string> = {
  'entity-list': 'Entity List',
  'unverified-list': 'Unverified List',
  'military-end-user-list': 'Military End-User List',
};
const NOUNS: Record<CountedAction, [one: string, many: string]> = {
  add: ['addition to', 'additions to'],
  revise: ['revision on', 'revisions on'],
  remove: ['removal from', 'removals from'],
};
const ACTIONS = ['add', 'revise', 'remove'] as const;
const MOST_NAMES = 40;
/** Beyond so many names without their like, two texts have nothing in common. */
const MOST_PAIRED = 500;

/**
 * How a published rule differs from its filing, in one sentence each; [] where it agrees as far as the raw text
 * told. What the filing did not say contradicts nothing.
 */
export function compareWithFiling(reading: FilingReading | null, rule: Rule): string[] {
  if (reading === null) return [];
  const named = rule.amendments.flatMap((amendment): NamedEntry[] =>
    amendment.action === 'replace'
      ? []
      : [
          {
            list: amendment.list,
            action: amendment.action === 'alter' ? 'revise' : amendment.action,
            destination: amendment.destination,
            country: amendment.country,
            name: amendment.name,
          },
        ],
  );
  const lists = new Set([...rule.lists, ...(Object.keys(rule.stated) as ListName[])]);
  const after: Facts = {
    lists: [...lists],
    stated: withCountedRows(rule, named),
    named,
    allNamed: named.length > 0,
    effectiveOn: rule.document.effectiveOn,
  };
  const publishedOn = rule.document.publishedOn;
  const before: Facts = {
    ...reading,
    effectiveOn: reading.effectiveOnPublication ? publishedOn : reading.effectiveOn,
  };
  return compareFacts(before, after, { before: 'The filing', after: 'the published rule' });
}

/** How a changed text of a filing differs from the one that was told. */
export function compareReadings(before: FilingReading | null, after: FilingReading): string[] {
  if (before === null) return [];
  const differences = compareFacts(before, after, { before: 'The filing', after: 'its new text' });
  if (before.effectiveOnPublication !== after.effectiveOnPublication && differences.length === 0)
    differences.push(
      after.effectiveOnPublication
        ? 'It now takes effect on the day of its publication.'
        : `It no longer takes effect on the day of its publication${after.effectiveOn === null ? '' : `, but on ${after.effectiveOn}`}.`,
    );
  return differences;
}

/** A rule that states nothing is compared by its rows. */
function withCountedRows(rule: Rule, named: readonly NamedEntry[]): Facts['stated'] {
  const stated: Facts['stated'] = { ...rule.stated };
  for (const list of rule.lists) {
    const of = (action: CountedAction): StatedCount | null => {
      const said = rule.stated[list]?.[action] ?? null;
      if (said !== null) return said;
      const rows = named.filter((one) => one.list === list && one.action === action);
      if (rows.length === 0) return null;
      const byDestination: Record<string, number> = {};
      for (const { country } of rows)
        if (country !== null) byDestination[country] = (byDestination[country] ?? 0) + 1;
      return { entities: null, entries: rows.length, byDestination };
    };
    stated[list] = { add: of('add'), revise: of('revise'), remove: of('remove') };
  }
  return stated;
}

function compareFacts(before: Facts, after: Facts, sides: Sides): string[] {
  const differences: string[] = [];
  for (const list of before.lists)
    if (!after.lists.includes(list))
      differences.push(`${sides.before} spoke of the ${TITLES[list]}; ${sides.after} does not amend it.`);
  for (const list of after.lists)
    if (!before.lists.includes(list) && before.lists.length > 0)
      differences.push(`${sides.before} did not speak of the ${TITLES[list]}; ${sides.after} does.`);
  for (const list of before.lists)
    for (const action of ACTIONS)
      differences.push(
        ...compareCounts(list, action, before.stated[list]?.[action], after.stated[list]?.[action], sides),
      );
  for (const list of before.lists)
    for (const action of ACTIONS) differences.push(...compareNames(list, action, before, after, sides));
  if (before.effectiveOn !== null && after.effectiveOn !== null && before.effectiveOn !== after.effectiveOn)
    differences.push(
      `${sides.before} was to take effect on ${before.effectiveOn}; ${sides.after} takes effect on ${after.effectiveOn}.`,
    );
  return differences;
}

function compareCounts(
  list: ListName,
  action: CountedAction,
  before: StatedCount | null | undefined,
  after: StatedCount | null | undefined,
  sides: Sides,
): string[] {
  if (!before) return [];
  const phrase = (count: number) => `${count} ${NOUNS[action][count === 1 ? 0 : 1]} the ${TITLES[list]}`;
  const figure = before.entities ?? before.entries;
  if (!after)
    return figure === null ? [] : [`${sides.before} stated ${phrase(figure)}; ${sides.after} has none.`];
  const differences: string[] = [];
  // A headline can count entities where the other text counts entries; like is compared with like.
  const kinds = (['entities', 'entries'] as const).filter(
    (kind) => before[kind] !== null && after[kind] !== null,
  );
  const unlike: [number | null, number | null] = [figure, after.entities ?? after.entries];
  const pairs = kinds.length > 0 ? kinds.map((kind) => [before[kind], after[kind]] as const) : [unlike];
  const pair = pairs.find(([one, other]) => one !== null && other !== null && one !== other);
  if (pair) differences.push(`${sides.before} stated ${phrase(pair[0]!)}; ${sides.after} has ${pair[1]}.`);
  const codes = new Set([...Object.keys(before.byDestination), ...Object.keys(after.byDestination)]);
  const bothSay = Object.keys(before.byDestination).length > 0 && Object.keys(after.byDestination).length > 0;
  for (const code of bothSay ? [...codes].sort() : []) {
    const [one, other] = [before.byDestination[code] ?? 0, after.byDestination[code] ?? 0];
    const open = (one === 0 && before.partial) || (other === 0 && after.partial);
    const named = one === 0 ? before.destinations?.includes(code) : after.destinations?.includes(code);
    if (one !== other && !open && !((one === 0 || other === 0) && named))
      differences.push(
        `Under ${placeOf(code)}, ${sides.before.toLowerCase()} stated ${phrase(one)}; ${sides.after} has ${other}.`,
      );
  }
  return differences;
}

function compareNames(
  list: ListName,
  action: CountedAction,
  before: Facts,
  after: Facts,
  sides: Sides,
): string[] {
  const pick = (facts: Facts) => facts.named.filter((one) => one.list === list && one.action === action);
  const [announced, present] = [pick(before), pick(after)];
  const { missing, extra } = matchNames(announced, present);
  const group = `the ${NOUNS[action][1]} the ${TITLES[list]}`;
  const differences: string[] = [];
  if (after.allNamed && missing.length > 0)
    differences.push(`Announced among ${group}, and not in ${sides.after}: ${listNames(missing)}.`);
  if (before.allNamed && extra.length > 0)
    differences.push(`Among ${group} in ${sides.after}, and not announced: ${listNames(extra)}.`);
  return differences;
}

/** Pairs names by their folded form, country by country; a name that was cut or goes on pairs by its beginning. */
function matchNames(announced: readonly NamedEntry[], present: readonly NamedEntry[]) {
  const exact = (one: NamedEntry) => `${one.country ?? ''} ${foldName(one.name)}`;
  const left = new Map<string, NamedEntry[]>();
  for (const one of present) left.set(exact(one), [...(left.get(exact(one)) ?? []), one]);
  const unmatched = announced.filter((one) => left.get(exact(one))?.pop() === undefined);
  const rest = new Map([...left.values()].flat().map((one) => [one, foldName(one.name)] as const));
  const missing = unmatched.filter((one, at) => {
    const fold = foldName(one.name);
    for (const [other, name] of at < MOST_PAIRED ? rest : []) {
      if (other.country !== one.country || !(name.startsWith(fold) || fold.startsWith(name))) continue;
      rest.delete(other);
      return false;
    }
    return true;
  });
  return { missing, extra: [...rest.keys()] };
}

function listNames(names: readonly NamedEntry[]): string {
  const shown = names.slice(0, MOST_NAMES).map(({ name, country, destination }) => {
    const place = country === null ? destination : placeOf(country);
    return `“${name}”${place === null ? '' : ` (${place})`}`;
  });
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function placeOf(code: string): string {
  return destinationOfCode(code)?.heading ?? code;
}
