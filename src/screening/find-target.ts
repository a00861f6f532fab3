import { entryHash, stateHash } from '../list/state-hash.ts';
import type {
  ChangeKind,
  Citation,
  Entry,
  EntryText,
  ListName,
  PlacedEntry,
  ScreeningRun,
  StoredChange,
} from '../model.ts';
import type { Subject } from '../screen/subject.ts';

/** An entry as it is compared, and what a hit says of it. */
export interface Target {
  subject: Subject;
  entryId: string;
  entryHash: string;
  entryName: string;
  list: ListName;
  destination: string;
  country: string | null;
  citation: Citation | null;
  changeSeq: number | null;
  changeKind: ChangeKind | null;
  /** Texts that a revision took off the entry: it is compared by them too, since what they blocked may be free. */
  gone: ReadonlySet<string>;
}

/** The entries of lists as they are now. */
export function targetsOfEntries(entries: readonly Entry[]): Target[] {
  return entries.map((entry) => ({
    subject: subjectOf(entry.entryId, entry.country, [entry]),
    ...factsOf(entry.entryId, entry),
    changeSeq: null,
    changeKind: null,
    gone: new Set(),
  }));
}

/** The entries that changes are about: as they are after them, and of a removed one as it was. */
export function targetsOfChanges(changes: readonly StoredChange[]): Target[] {
  return changes.flatMap((change) => {
    const { seq, entryId, list, destination, country, before, after, kind } = change;
    const text = after ?? before;
    if (text === null) return [];
    const texts = before === null || before === text ? [text] : [text, before];
    const kept = new Set(textsOf(text));
    return {
      subject: subjectOf(String(seq), country, texts),
      ...factsOf(entryId, { ...text, list, destination, country }),
      changeSeq: seq,
      changeKind: kind,
      gone: new Set(texts.flatMap(textsOf).filter((one) => !kept.has(one))),
    };
  });
}

/** State hash of each list that has entries. */
export function stateHashesOf(targets: readonly Target[]): ScreeningRun['stateHashes'] {
  const hashes = new Map<ListName, string[]>();
  for (const { list, entryHash: hash } of targets) {
    const known = hashes.get(list);
    if (known) known.push(hash);
    else hashes.set(list, [hash]);
  }
  return Object.fromEntries([...hashes].map(([list, of]) => [list, stateHash(of)]));
}

function subjectOf(id: string, country: string | null, texts: readonly EntryText[]): Subject {
  const all = <T>(items: readonly T[]) => [...new Set(items)];
  return {
    id,
    names: all(texts.flatMap((text) => [text.name, ...text.aliases])),
    addresses: all(texts.flatMap((text) => text.addresses)),
    country,
  };
}

function factsOf(entryId: string, entry: PlacedEntry) {
  const { list, destination, country, name, citations } = entry;
  const citation = citations.at(-1) ?? null;
  return { entryId, entryHash: entryHash(entry), entryName: name, list, destination, country, citation };
}

function textsOf({ name, aliases, addresses }: EntryText): string[] {
  return [name, ...aliases, ...addresses];
}
