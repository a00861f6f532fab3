import { foldName } from '../fold.ts';
import type { Amendment, Change, Entry, EntryField, EntryText } from '../model.ts';
import { findMade, findTargets, indexEntries } from './resolve.ts';

export interface Applied {
  /** Entries that the changes leave new or different. */
  written: Entry[];
  /** Ids of entries that are gone. */
  removed: string[];
  changes: Change[];
}

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
function comparable(value: unknown): string {
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
  return JSON.stringify(
    Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? plain(item) : item)) : value,
  );
}

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
      !identical(before[field], after[field]) && comparable(before[field]) !== comparable(after[field]),
  );
}

/**
 * Citations accumulate: a row that shows only the new one keeps the old ones too. A row that repeats old ones
 * is taken as printed.
 */
function mergeCitations(before: EntryText, after: EntryText): EntryText['citations'] {
  const same = (a: EntryText['citations'][number], b: EntryText['citations'][number]) =>
    a.volume === b.volume && a.page === b.page;
  const repeats = after.citations.some((citation) => before.citations.some((old) => same(old, citation)));
  if (repeats) return after.citations;
  return [...before.citations, ...after.citations];
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
      return field !== 'footnotes' && fold(a) === fold(b);
    })
  );
}

/**
 * Applies amendments to a list: removals first, then revisions, then additions (sources, §4.5). Amendments
 * that leave everything as it is give no change, so applying twice changes nothing.
 *
 * @param newId makes the id of an added entry
 * @throws Error where a target is absent or ambiguous; verification comes first
 */
export function applyAmendments(
  entries: readonly Entry[],
  amendments: readonly Amendment[],
  newId: (amendment: Amendment) => string,
): Applied {
  const index = indexEntries(entries);
  const written = new Map<string, Entry>();
  const removed = new Set<string>();
  const changes: Change[] = [];
  const inOrder = (action: Amendment['action']) =>
    amendments.filter((amendment) => amendment.action === action);

  const target = (amendment: Amendment): Entry => {
    const found = findTargets(index, amendment).filter((entry) => !removed.has(entry.entryId));
    if (found.length !== 1)
      throw new Error(
        `${found.length} entries fit “${amendment.name}” under ${amendment.destination}; verify before applying`,
      );
    return written.get(found[0]!.entryId) ?? found[0]!;
  };
  const record = (
    kind: Change['kind'],
    entry: Entry,
    before: EntryText | null,
    after: EntryText | null,
    fields: EntryField[],
    of: Amendment,
  ) =>
    changes.push({
      kind,
      entryId: entry.entryId,
      list: entry.list,
      destination: entry.destination,
      country: entry.country,
      name: after?.name ?? entry.name,
      before,
      after,
      fields,
      locator: of.locator,
    });

  for (const amendment of inOrder('remove')) {
    const entry = target(amendment);
    removed.add(entry.entryId);
    record('removed', entry, textOfEntry(entry), null, [], amendment);
  }
  for (const amendment of inOrder('revise')) {
    const entry = target(amendment);
    const before = textOfEntry(entry);
    const after = { ...textOfEntry(amendment), citations: mergeCitations(entry, amendment) };
    const fields = changedFields(before, after);
    if (fields.length === 0) continue;
    written.set(entry.entryId, { ...entry, ...after });
    record(
      isEditorial(fields, before, after) ? 'editorial' : 'revised',
      entry,
      before,
      after,
      fields,
      amendment,
    );
  }
  for (const amendment of inOrder('add')) {
    const { action: _action, locator: _locator, ...placed } = amendment;
    const made = findMade(index, amendment);
    if (made && !removed.has(made.entryId)) continue;
    const entry: Entry = { ...placed, entryId: newId(amendment) };
    written.set(entry.entryId, entry);
    record('added', entry, null, textOfEntry(amendment), [], amendment);
  }
  return { written: [...written.values()], removed: [...removed], changes };
}
