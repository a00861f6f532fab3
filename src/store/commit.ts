import type { Kysely } from 'kysely';
import { entryHash, stateHash } from '../list/state-hash.ts';
import type { Change, ChangeSet, ListName } from '../model.ts';
import { recordStateHashes } from './change-sets.ts';
import { appendChangeSet } from './changes.ts';
import { currentEntries, refoldEntries } from './entries.ts';
import type { Schema } from './schema.ts';

/**
 * Appends what a document does to the lists, brings the current list up to it, and publishes the state hash of
 * each list it touches, as all rules known so far leave it. Call it in a transaction that holds the list lock.
 */
export async function commitChanges(
  tx: Kysely<Schema>,
  changeSet: ChangeSet,
  changes: readonly Change[],
): Promise<void> {
  await appendChangeSet(tx, changeSet, [...changes]);
  await refoldEntries(
    tx,
    changes.map((change) => change.entryId),
  );
  const lists = new Set<ListName>([...changeSet.lists, ...changes.map((change) => change.list)]);
  const hashes: Partial<Record<ListName, string>> = {};
  for (const list of lists) hashes[list] = stateHash((await currentEntries(tx, list)).map(entryHash));
  await recordStateHashes(tx, changeSet.changeSetId, hashes);
}
