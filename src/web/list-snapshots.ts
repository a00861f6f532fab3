import type { Kysely } from 'kysely';
import { foldName } from '../fold.ts';
import { entryHash, stateHash } from '../list/state-hash.ts';
import type { Entry, ListName } from '../model.ts';
import { entriesAsOf } from '../store/entries.ts';
import type { Schema } from '../store/schema.ts';

/** A list at a point in time. It never changes: what is known by a sequence number stays known. */
export interface ListSnapshot {
  list: ListName;
  entries: readonly Entry[];
  stateHash: string;
  /** Names, aliases and addresses of each entry, folded, one a line; made at the first search. */
  folded(): readonly string[];
}

export interface SnapshotAt {
  /** In effect by the end of this day; null for all that is ordered. */
  on: string | null;
  /** Known by this instant; null for all. */
  knownAt: string | null;
  /** Last change that counts. */
  seq: number;
}

/** Three lists at two points: who reads a list page by page, and the others. */
const MOST_KEPT = 6;

/** Makes lists at points in time, and keeps the last few: a list that is read in pages is computed once. */
export function createListSnapshots(
  db: Kysely<Schema>,
): (list: ListName, at: SnapshotAt) => Promise<ListSnapshot> {
  const kept = new Map<string, Promise<ListSnapshot>>();
  return (list, at) => {
    const key = JSON.stringify([list, at.on, at.knownAt, at.seq]);
    const making = kept.get(key) ?? makeSnapshot(db, list, at);
    // What was read last is kept longest; a failure is not kept.
    kept.delete(key);
    kept.set(key, making);
    making.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
    return making;
  };
}

async function makeSnapshot(
  db: Kysely<Schema>,
  list: ListName,
  { on, knownAt, seq }: SnapshotAt,
): Promise<ListSnapshot> {
  const entries = await entriesAsOf(db, list, {
    ...(on === null ? {} : { on }),
    ...(knownAt === null ? {} : { knownAt }),
    beforeSeq: seq + 1,
  });
  let folded: string[] | null = null;
  return {
    list,
    entries,
    stateHash: stateHash(entries.map(entryHash)),
    folded() {
      folded ??= entries.map(foldEntry);
      return folded;
    },
  };
}

/** The name, the aliases and the addresses of an entry, folded, one a line. */
export function foldEntry({ name, aliases, addresses }: Entry): string {
  return [name, ...aliases, ...addresses].map(foldName).join('\n');
}
