import { foldName } from '../fold.ts';
import type { Amendment, Entry } from '../model.ts';
import { alterEntry } from './alter.ts';
import { entryKey } from './key.ts';
import { type EntryIndex, findMade, findTargets, wantedOf } from './resolve.ts';

/** An amendment with the entries that it works on: one, but for a `replace`; none for an addition. */
export interface Planned {
  amendment: Amendment;
  entries: Entry[];
}

export type ProblemCode =
  | 'target-absent'
  | 'target-ambiguous'
  | 'target-twice'
  | 'part-absent'
  | 'replaced-nothing'
  | 'already-listed'
  | 'name-taken';

/** Why an amendment cannot be carried out on the list as it stands. */
export interface Problem {
  code: ProblemCode;
  amendment: Amendment;
  /** Words for people where the code does not say all. */
  detail?: string;
}

export interface Plan {
  steps: Planned[];
  problems: Problem[];
  /** True where the list holds every addition already, and each cites this document. */
  madeBefore: boolean;
}

/** The entries that a `replace` fits: all of its list, or of its destination, that it would change. */
function findReplaced(index: EntryIndex, amendment: Amendment): Entry[] {
  const { list, destination, alter = {} } = amendment;
  const under = destination === '' ? null : foldName(destination);
  return index.entries.filter((entry) => {
    if (entry.list !== list || (under !== null && foldName(entry.destination) !== under)) return false;
    if (alter.place) return true;
    // Only the words can be found in an entry or not.
    return JSON.stringify(alterEntry(entry, alter).entry) !== JSON.stringify(entry);
  });
}

/** Destination headings that the document itself renames: a later instruction may use either name. */
function renamedHeadings(amendments: readonly Amendment[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { action, destination, alter } of amendments)
    if (action === 'replace' && alter?.place) names.set(foldName(alter.place.destination), destination);
  return names;
}

/**
 * Finds what each amendment works on, and everything that keeps the document from being carried out whole.
 * Changes nothing. A rule is verified by its plan and applied by the same one, so that both agree.
 */
export function planAmendments(index: EntryIndex, amendments: readonly Amendment[]): Plan {
  const steps: Planned[] = [];
  const problems: Problem[] = [];
  const before = renamedHeadings(amendments);
  const met = new Map<Entry, Amendment>();
  const leaving = new Set<Entry>();

  for (const amendment of amendments) {
    if (amendment.action === 'add') continue;
    if (amendment.action === 'replace') {
      const entries = findReplaced(index, amendment);
      if (entries.length === 0) problems.push({ code: 'replaced-nothing', amendment });
      steps.push({ amendment, entries });
      continue;
    }
    const wanted = wantedOf(amendment);
    let found = findTargets(index, wanted);
    const old = before.get(foldName(wanted.destination));
    if (found.length === 0 && old !== undefined) found = findTargets(index, { ...wanted, destination: old });
    const [entry] = found;
    if (entry === undefined || found.length > 1) {
      problems.push({ code: entry === undefined ? 'target-absent' : 'target-ambiguous', amendment });
      continue;
    }
    const other = met.get(entry);
    // Several parts of one entry may be altered; all else happens to an entry once in a document.
    if (other !== undefined && !(other.action === 'alter' && amendment.action === 'alter'))
      problems.push({ code: 'target-twice', amendment });
    met.set(entry, amendment);
    if (amendment.action === 'remove' || movesTo(amendment, entry)) leaving.add(entry);
    if (amendment.action === 'alter')
      for (const detail of alterEntry(entry, amendment.alter ?? {}).missed)
        problems.push({ code: 'part-absent', amendment, detail });
    steps.push({ amendment, entries: [entry] });
  }

  const additions = amendments.filter(({ action }) => action === 'add');
  const there = additions.filter((amendment) =>
    (index.byKey.get(entryKey(amendment)) ?? []).some((entry) => !leaving.has(entry)),
  );
  // All of them there, and citing this document: the baseline held the rule already. Some only is a fault.
  const madeBefore =
    there.length > 0 &&
    there.length === additions.length &&
    there.every((amendment) => findMade(index, amendment) !== null);
  if (!madeBefore) for (const amendment of there) problems.push({ code: 'already-listed', amendment });
  // Then what it removes is gone too.
  else
    problems.splice(
      0,
      problems.length,
      ...problems.filter(({ code, amendment }) => code !== 'target-absent' || amendment.action !== 'remove'),
    );
  for (const amendment of additions) steps.push({ amendment, entries: [] });

  for (const { amendment, entries } of steps) {
    const [entry] = entries;
    const key = entry && newKey(amendment, entry);
    if (!entry || !key || key === entryKey(entry)) continue;
    const rivals = (index.byKey.get(key) ?? []).filter((rival) => rival !== entry && !leaving.has(rival));
    if (rivals.length > 0) problems.push({ code: 'name-taken', amendment });
  }
  return { steps, problems, madeBefore };
}

/** The key of the entry behind an amendment that gives it a new name or place; null for all others. */
function newKey(amendment: Amendment, entry: Entry): string | null {
  if (amendment.action === 'alter') return entryKey(alterEntry(entry, amendment.alter ?? {}).entry);
  return amendment.action === 'revise' && amendment.target ? entryKey(amendment) : null;
}

function movesTo(amendment: Amendment, entry: Entry): boolean {
  const key = newKey(amendment, entry);
  return key !== null && key !== entryKey(entry);
}
