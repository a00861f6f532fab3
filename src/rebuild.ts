import { compareEffect, foldChanges } from './list/history.ts';
import { entryHash, stateHash } from './list/state-hash.ts';
import type { Entry, ListName, StoredChange } from './model.ts';
import type { Parts } from './parts.ts';
import { listChangeSets, type StoredChangeSet } from './store/change-sets.ts';
import { changesAfter } from './store/changes.ts';
import { currentEntries, refoldEntries } from './store/entries.ts';
import { inTransaction, type lockLists } from './store/transaction.ts';

type Transaction = Parameters<typeof lockLists>[0];

/** A change set whose published state hash is not the one that its changes give. */
export interface Disagreement {
  changeSetId: string;
  list: ListName;
  published: string;
  rebuilt: string;
}

export interface Rebuilt {
  changeSets: number;
  changes: number;
  /** State hash of each list that has changes, as the changes alone give it. */
  hashes: Partial<Record<ListName, string>>;
  /** Change sets that published another hash. */
  disagreements: Disagreement[];
  /** Lists whose stored entries are not what the changes give. */
  strayed: ListName[];
  /** True where the stored entries were written anew. */
  written: boolean;
}

/** Changes read at a time. */
const PAGE = 5_000;

async function* allChanges(tx: Transaction): AsyncGenerator<StoredChange> {
  for (let after = 0; ; ) {
    const page = await changesAfter(tx, { after, limit: PAGE, includeBaseline: true });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.seq;
  }
}

/** The lists as they grow, change set by change set, with the hash of each entry kept at hand. */
function createReplay() {
  const history = new Map<string, StoredChange[]>();
  const lists = new Map<ListName, Map<string, { entry: Entry; hash: string }>>();

  function take(changes: readonly StoredChange[]): void {
    for (const change of changes)
      history.set(change.entryId, [...(history.get(change.entryId) ?? []), change]);
    for (const id of new Set(changes.map((change) => change.entryId))) {
      for (const list of lists.values()) list.delete(id);
      const entry = foldChanges([...history.get(id)!].sort(compareEffect)).get(id);
      if (!entry) continue;
      const list = lists.get(entry.list) ?? new Map();
      lists.set(entry.list, list.set(id, { entry, hash: entryHash(entry) }));
    }
  }
  const hashOf = (list: ListName) =>
    stateHash([...(lists.get(list)?.values() ?? [])].map(({ hash }) => hash));
  return { take, hashOf, lists };
}

/**
 * Rebuilds the lists from their changes alone and compares: each published state hash with the one that the
 * changes up to it give, and the stored entries with the sum of all. With `write`, stored entries that strayed
 * are written anew from the changes; changes are never touched.
 */
export async function rebuild(parts: Parts, { write }: { write: boolean }): Promise<Rebuilt> {
  return inTransaction(parts.db, async (tx) => {
    const sets: StoredChangeSet[] = await listChangeSets(tx);
    const byId = new Map(sets.map((set) => [set.changeSetId, set]));
    const replay = createReplay();
    const disagreements: Disagreement[] = [];
    let changes = 0;
    let pending: StoredChange[] = [];
    const finish = () => {
      const [first] = pending;
      if (!first) return;
      replay.take(pending);
      const published = byId.get(first.changeSetId)?.stateHashes ?? {};
      for (const [list, hash] of Object.entries(published) as [ListName, string][]) {
        const rebuilt = replay.hashOf(list);
        if (rebuilt !== hash)
          disagreements.push({ changeSetId: first.changeSetId, list, published: hash, rebuilt });
      }
      pending = [];
    };
    for await (const change of allChanges(tx)) {
      if (pending[0] && pending[0].changeSetId !== change.changeSetId) finish();
      pending.push(change);
      changes += 1;
    }
    finish();

    const stored = await currentEntries(tx);
    const names = new Set<ListName>([...replay.lists.keys(), ...stored.map((entry) => entry.list)]);
    const hashes: Rebuilt['hashes'] = {};
    const strayed: ListName[] = [];
    for (const list of names) {
      hashes[list] = replay.hashOf(list);
      const own = stored.filter((entry) => entry.list === list);
      if (stateHash(own.map(entryHash)) !== hashes[list]) strayed.push(list);
    }
    const written = write && strayed.length > 0;
    if (written)
      await refoldEntries(tx, [
        ...stored.map((entry) => entry.entryId),
        ...[...replay.lists.values()].flatMap((list) => [...list.keys()]),
      ]);
    return { changeSets: sets.length, changes, hashes, disagreements, strayed, written };
  });
}
