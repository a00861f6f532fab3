import { foldName } from '../fold.ts';
import type { Amendment, Entry, PlacedEntry } from '../model.ts';
import { entryKey } from './key.ts';

/** Entries by lookup key, for finding what an amendment speaks of. */
export interface EntryIndex {
  entries: readonly Entry[];
  byKey: Map<string, Entry[]>;
  /** The same under each alias in place of the name. */
  byAlias: Map<string, Entry[]>;
  /** The same by how a name looks, under its destination. Made when it is first asked for: few documents need it. */
  byShape: () => Map<string, Entry[]>;
  /** By the folded name alone. Made when it is first asked for. */
  byName: () => Map<string, Entry[]>;
  size: number;
}

/** What an amendment calls its entry; `aliases` and `addresses` are those that it quotes with the name. */
export type Wanted = Pick<PlacedEntry, 'list' | 'destination' | 'name'> &
  Partial<Pick<PlacedEntry, 'aliases' | 'addresses'>>;

function push(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = map.get(key);
  if (known) known.push(entry);
  else map.set(key, [entry]);
}

/** Indexes a list for `findTargets`. */
export function indexEntries(entries: readonly Entry[]): EntryIndex {
  const index: EntryIndex = {
    ...{ entries, byKey: new Map(), byAlias: new Map(), size: entries.length },
    byShape: onDemand(entries, (entry) => shapeKey(entry)),
    byName: onDemand(entries, ({ list, name }) => `${list}|${foldName(name)}`),
  };
  for (const entry of entries) {
    push(index.byKey, entryKey(entry), entry);
    for (const alias of entry.aliases) push(index.byAlias, entryKey({ ...entry, name: alias }), entry);
  }
  return index;
}

/** A document may name hundreds of entries that are not there, and a look at each of the list for each takes seconds. */
function onDemand(entries: readonly Entry[], keyOf: (entry: Entry) => string): () => Map<string, Entry[]> {
  let made: Map<string, Entry[]> | null = null;
  return () => {
    if (made === null) {
      made = new Map();
      for (const entry of entries) push(made, keyOf(entry), entry);
    }
    return made;
  };
}

/**
 * A name as it looks: a capital I, a Turkish İ and a small l are one stroke, and capitals stay capitals, so that
 * "lthalat" looks like "İthalat" (sources, §7, trap 19) and "All" does not look like "Ali" or "ALI".
 */
function shapeOf(name: string): string {
  return [...name.replace(/[Iİ]/gu, 'l')]
    .map((letter) => (/\p{Lu}/u.test(letter) ? foldName(letter).toUpperCase() : foldName(letter)))
    .join('');
}

/** What entries under one destination have in common whose names look alike, though no letter-by-letter fold joins them. */
function shapeKey({ list, destination, name }: Wanted): string {
  return `${list}|${foldName(destination)}|${shapeOf(name)}`;
}

/** How the list calls the entry that an amendment is about, before it. */
export function wantedOf(amendment: Amendment): Wanted {
  const { list, destination, name, aliases, addresses, target, action } = amendment;
  if (target) return { list, destination: target.destination, name: target.name };
  // Only a removal quotes them to say which entry it means; a revision prints how it shall read.
  return action === 'remove' ? { list, destination, name, aliases, addresses } : { list, destination, name };
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
 * Of the entries of a name, those that have all aliases and addresses that are quoted with it; else those that
 * have any of them; else all, for the caller to refuse. A single entry that has none of them is not the one that
 * is quoted: its namesake may be gone already.
 */
function narrow(named: readonly Entry[], { aliases = [], addresses = [] }: Wanted): Entry[] {
  if (aliases.length + addresses.length === 0) return [...named];
  const has = (own: readonly string[]) => (item: string) =>
    own.some((one) => foldName(one) === foldName(item));
  const all = named.filter(
    (entry) => aliases.every(has(entry.aliases)) && addresses.every(has(entry.addresses)),
  );
  if (all.length > 0) return all;
  const any = named.filter(
    (entry) => aliases.some(has(entry.aliases)) || addresses.some(has(entry.addresses)),
  );
  return any.length > 0 || named.length === 1 ? any : [...named];
}

/** "Plant 1-1" is not "Plant 11", though both fold alike: the numbers of a name tell it from its neighbours. */
function haveSameNumbers(one: string, other: string): boolean {
  const numbers = (name: string) => (name.normalize('NFKC').match(/\d+/gu) ?? []).join(' ');
  return numbers(one) === numbers(other);
}

/**
 * The entries that an amendment can mean: those of that name under that destination, else the one that has
 * the name as an alias, else those whose name looks the same. More than one is for the caller to refuse;
 * nothing is ever guessed between two (sources, §4.5 "fail closed").
 */
export function findTargets(index: EntryIndex, wanted: Wanted): Entry[] {
  if (wanted.destination === '') {
    // A correction of words often names the entry and no heading (sources, §3.6): then the name must do.
    return [...(index.byName().get(`${wanted.list}|${foldName(wanted.name)}`) ?? [])];
  }
  const key = entryKey(wanted);
  const named = (index.byKey.get(key) ?? []).filter((entry) => haveSameNumbers(entry.name, wanted.name));
  if (named.length > 0) return narrow(named, wanted);
  // "X, a.k.a., Y": an instruction may quote more than the name.
  const bare = /^(.+?),? \(?[afd]\.?k\.?a\b/iu.exec(wanted.name.slice(0, 500))?.[1];
  if (bare) {
    const short = index.byKey.get(entryKey({ ...wanted, name: bare })) ?? [];
    if (short.length > 0) return narrow(short, wanted);
  }
  const aliased = (index.byAlias.get(key) ?? []).filter(
    (entry, at, all) => all.indexOf(entry) === at && foldName(entry.name) !== '',
  );
  return aliased.length > 0 ? aliased : narrow(index.byShape().get(shapeKey(wanted)) ?? [], wanted);
}
