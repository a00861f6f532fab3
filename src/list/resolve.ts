import { foldName } from '../fold.ts';
import type { Amendment, Entry } from '../model.ts';
import { entryKey } from './key.ts';

/** Entries by lookup key, for finding what an amendment speaks of. */
export interface EntryIndex {
  byKey: Map<string, Entry[]>;
  /** The same under each alias in place of the name. */
  byAlias: Map<string, Entry[]>;
  size: number;
}

function push(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = map.get(key);
  if (known) known.push(entry);
  else map.set(key, [entry]);
}

/** Indexes a list for `findTargets`. */
export function indexEntries(entries: readonly Entry[]): EntryIndex {
  const index: EntryIndex = { byKey: new Map(), byAlias: new Map(), size: entries.length };
  for (const entry of entries) {
    push(index.byKey, entryKey(entry), entry);
    for (const alias of entry.aliases) push(index.byAlias, entryKey({ ...entry, name: alias }), entry);
  }
  return index;
}

/**
 * The entry of the list that this very addition made, where a baseline from eCFR held the rule before us: it
 * has the name and the citation of the amendment. The day would not do: two rules can share it.
 */
export function findMade(index: EntryIndex, amendment: Amendment): Entry | null {
  const cites = (entry: Entry) =>
    entry.citations.some((own) =>
      amendment.citations.some((cited) => own.volume === cited.volume && own.page === cited.page),
    );
  return (index.byKey.get(entryKey(amendment)) ?? []).find(cites) ?? null;
}

/**
 * The entries that an amendment can mean: those of that name under that destination, else the one that has
 * the name as an alias. More than one is for the caller to refuse; nothing is ever guessed between two
 * (sources, §4.5 "fail closed").
 */
export function findTargets(
  index: EntryIndex,
  amendment: Pick<Amendment, 'list' | 'destination' | 'name'>,
): Entry[] {
  const key = entryKey(amendment);
  const named = index.byKey.get(key) ?? [];
  if (named.length > 0) return named;
  // "X, a.k.a., Y": an instruction may quote more than the name.
  const bare = /^(.+?),? \(?[afd]\.?k\.?a\b/iu.exec(amendment.name.slice(0, 500))?.[1];
  if (bare) {
    const short = index.byKey.get(entryKey({ ...amendment, name: bare })) ?? [];
    if (short.length > 0) return short;
  }
  const aliased = index.byAlias.get(key) ?? [];
  return aliased.filter((entry, at) => aliased.indexOf(entry) === at && foldName(entry.name) !== '');
}
