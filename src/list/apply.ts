import { addDays } from '../days.ts';
import { foldName } from '../fold.ts';
import type { Amendment, Change, Entry, EntryField, EntryText } from '../model.ts';
import { alterEntry } from './alter.ts';
import { inverseOf } from './history.ts';
import { type Plan, planAmendments } from './plan.ts';
import { indexEntries } from './resolve.ts';

const TEXT_FIELDS: readonly (keyof EntryText)[] = [
  'name',
  'aliases',
  'addresses',
  'seeAlso',
  'licenseRequirement',
  'licenseReviewPolicy',
  'footnotes',
  'citations',
];

/** The text of an entry without its place and id. */
export function textOfEntry(entry: EntryText): EntryText {
  return {
    name: entry.name,
    aliases: entry.aliases,
    addresses: entry.addresses,
    seeAlso: entry.seeAlso,
    licenseRequirement: entry.licenseRequirement,
    licenseReviewPolicy: entry.licenseReviewPolicy,
    footnotes: entry.footnotes,
    citations: entry.citations,
  };
}

/** The form in which two texts of a field count as the same: white space, dashes, quotes, final full stops. */
function comparable(value: EntryText[keyof EntryText], isSet: boolean): string {
  const plain = (text: string) =>
    text
      .normalize('NFC')
      .replace(/[‘’]/gu, "'")
      .replace(/[“”]/gu, '"')
      .replace(/[–—]/gu, '-')
      .replace(/\s+/gu, ' ')
      .replace(/\.$/u, '')
      .trim();
  if (typeof value === 'string') return plain(value);
  const items = value.map((item) =>
    typeof item === 'string'
      ? plain(item)
      : // A citation that comes from the store has its keys in another order.
        typeof item === 'object'
        ? [item.volume, item.page, item.on]
        : item,
  );
  return JSON.stringify(isSet ? items.sort() : items);
}

/** Fields that are sets: another order of their items is no change (sources, §7, trap 18). */
const SETS: ReadonlySet<keyof EntryText> = new Set(['aliases', 'addresses', 'seeAlso']);

/** Whether two values of a field are the same to the letter, which most are; citations are left to `comparable`. */
function identical(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return false;
  return before.every((item, at) => item === after[at]);
}

/** Fields whose text differs beyond print variants (sources, §7, trap 27). */
export function changedFields(before: EntryText, after: EntryText): EntryField[] {
  return TEXT_FIELDS.filter(
    (field) =>
      !identical(before[field], after[field]) &&
      comparable(before[field], SETS.has(field)) !== comparable(after[field], SETS.has(field)),
  );
}

/**
 * Citations accumulate: a row that shows only the new one keeps the old ones too, and one that shows only known
 * ones (the same rule again) keeps them all. A row that repeats old ones beside a new one is taken as printed.
 */
function mergeCitations(before: EntryText, after: EntryText): EntryText['citations'] {
  const same = (a: EntryText['citations'][number], b: EntryText['citations'][number]) =>
    a.volume === b.volume && a.page === b.page;
  const known = after.citations.filter((citation) => before.citations.some((old) => same(old, citation)));
  if (known.length === after.citations.length) return before.citations;
  return known.length > 0 ? after.citations : [...before.citations, ...after.citations];
}

/** A revision that changes only spelling within a field, as "27 typographical errors" (2025-17893). */
function isEditorial(fields: readonly EntryField[], before: EntryText, after: EntryText): boolean {
  const telling = fields.filter((field) => field !== 'citations');
  return (
    telling.length > 0 &&
    telling.every((field) => {
      const a = before[field as keyof EntryText];
      const b = after[field as keyof EntryText];
      const fold = (value: unknown) => foldName(Array.isArray(value) ? value.join('|') : String(value));
      return field !== 'footnotes' && field !== 'destination' && fold(a) === fold(b);
    })
  );
}

export interface ApplyOptions {
  /** First day of effect of the document, for amendments that have none of their own. */
  effectiveOn: string;
  /** Makes the id of an added entry. */
  newId(amendment: Amendment): string;
  /** First day of an entry that is not on the list yet: nothing can happen to it before. */
  startsOn?: (entryId: string) => string | null;
}

/**
 * Carries out a plan: renamed headings first, then removals, then revisions in the order of print, then
 * additions (sources, §4.5). Amendments that leave everything as it is give no change, so applying twice
 * changes nothing. What a document takes away under one heading and adds under another, or on another list,
 * keeps its id, so that its history goes on.
 *
 * @throws Error where the plan has a problem; verification comes first
 */
export function applyPlan(plan: Plan, { effectiveOn, newId, startsOn }: ApplyOptions): Change[] {
  const [problem] = plan.problems;
  if (problem) throw new Error(`${problem.code}: “${problem.amendment.name}”; verify before applying`);
  const changes: Change[] = [];
  const state = new Map<string, Entry>();
  const removed = new Set<string>();
  const current = (entry: Entry) => state.get(entry.entryId) ?? entry;

  const record = (change: Omit<Change, 'effectiveOn'>, of: Amendment) => {
    const starts = startsOn?.(change.entryId) ?? null;
    let on = of.effectiveOn ?? effectiveOn;
    if (starts !== null && starts > on) on = starts;
    const dated: Change = on === effectiveOn ? change : { ...change, effectiveOn: on };
    changes.push(dated);
    if (of.endsOn === undefined) return;
    changes.push({ ...inverseOf(dated), because: 'expiry', effectiveOn: addDays(of.endsOn, 1) });
  };

  const revise = (entry: Entry, next: Entry, of: Amendment) => {
    const before = textOfEntry(entry);
    const after = textOfEntry(next);
    const moved = entry.destination !== next.destination;
    const fields: EntryField[] = [
      ...changedFields(before, after),
      ...(moved ? ['destination' as const] : []),
    ];
    if (fields.length === 0) return;
    state.set(entry.entryId, next);
    record(
      {
        kind: isEditorial(fields, before, after) ? 'editorial' : 'revised',
        entryId: entry.entryId,
        list: next.list,
        destination: next.destination,
        country: next.country,
        name: next.name,
        before,
        after,
        fields,
        locator: of.locator,
        ...(moved ? { movedFrom: { destination: entry.destination, country: entry.country } } : {}),
      },
      of,
    );
  };

  const takeOff = (entry: Entry, of: Amendment) => {
    removed.add(entry.entryId);
    const { entryId, list, destination, country, name } = entry;
    const place = { entryId, list, destination, country, name };
    record(
      { ...place, kind: 'removed', before: textOfEntry(entry), after: null, fields: [], locator: of.locator },
      of,
    );
  };

  const putOn = (amendment: Amendment) => {
    const { list, destination, country, name } = amendment;
    const entryId = cameFrom(amendment, plan, removed) ?? newId(amendment);
    const place = { entryId, list, destination, country, name };
    removed.delete(entryId);
    record(
      {
        ...place,
        kind: 'added',
        before: null,
        after: textOfEntry(amendment),
        fields: [],
        locator: amendment.locator,
      },
      amendment,
    );
  };

  const renamesHeading = ({ action, alter }: Amendment) => action === 'replace' && alter?.place !== undefined;
  const inOrder = [
    ...plan.steps.filter(({ amendment }) => renamesHeading(amendment)),
    ...plan.steps.filter(({ amendment }) => amendment.action === 'remove'),
    ...plan.steps.filter(
      ({ amendment }) => !renamesHeading(amendment) && !['remove', 'add'].includes(amendment.action),
    ),
    ...(plan.madeBefore ? [] : plan.steps.filter(({ amendment }) => amendment.action === 'add')),
  ];
  for (const { amendment, entries } of inOrder) {
    if (amendment.action === 'add') putOn(amendment);
    for (const given of entries) {
      const entry = current(given);
      if (removed.has(entry.entryId)) continue;
      if (amendment.action === 'remove') takeOff(entry, amendment);
      else if (amendment.action === 'revise') {
        const { list, destination, country } = amendment;
        const citations = mergeCitations(entry, amendment);
        revise(
          entry,
          { ...textOfEntry(amendment), citations, entryId: entry.entryId, list, destination, country },
          amendment,
        );
      } else revise(entry, alterEntry(entry, amendment.alter ?? {}).entry, amendment);
    }
  }
  return changes;
}

/** Plans amendments on a list and carries them out; answers the changes. Throws as `applyPlan` does. */
export function applyAmendments(
  entries: readonly Entry[],
  amendments: readonly Amendment[],
  options: ApplyOptions,
): Change[] {
  return applyPlan(planAmendments(indexEntries(entries), amendments), options);
}

/**
 * Id of the entry that the same document removes elsewhere and adds here, if there is exactly one: it has the
 * same name, or the added entry says it as its former one (sources, §7, trap 25).
 */
function cameFrom(added: Amendment, plan: Plan, removed: ReadonlySet<string>): string | null {
  const leaving = plan.steps
    .filter(({ amendment }) => amendment.action === 'remove')
    .flatMap(({ entries }) => entries)
    .filter((entry) => removed.has(entry.entryId));
  const additions = plan.steps.map(({ amendment }) => amendment).filter(({ action }) => action === 'add');
  const bears = (amendment: Amendment, entry: Entry) =>
    amendment.aliases.some((alias) => foldName(alias) === foldName(entry.name));
  const isNamed = (amendment: Amendment, entry: Entry) => foldName(amendment.name) === foldName(entry.name);
  for (const is of [isNamed, bears]) {
    const from = leaving.filter((entry) => is(added, entry));
    if (from.length === 0) continue;
    const rivals = additions.filter((other) =>
      from.some((entry) => isNamed(other, entry) || is(other, entry)),
    );
    return from.length === 1 && rivals.length === 1 ? from[0]!.entryId : null;
  }
  return null;
}
