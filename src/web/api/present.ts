import { entryHash } from '../../list/state-hash.ts';
import type { ChangeKind, ChangeSet, Entry, TracedChange } from '../../model.ts';
import { describeChange } from '../../render/words.ts';

/** A change as the API tells it. */
export function presentChange({ number, ...change }: TracedChange) {
  return {
    ...change,
    document: number,
    movedFrom: change.movedFrom ?? null,
    because: change.because ?? null,
    ofSeq: change.ofSeq ?? null,
    text: describeChange(change),
  };
}

/** An entry with its hash, so that a copy can be checked. */
export function presentEntry(entry: Entry) {
  return { ...entry, hash: entryHash(entry) };
}

/** @param title the change set in one line, made from its changes */
export function presentChangeSet(
  changeSet: ChangeSet,
  { title, counts, baseUrl }: { title: string; counts: Partial<Record<ChangeKind, number>>; baseUrl: string },
) {
  const { document, differences, corrects, stateHashes } = changeSet;
  return {
    ...changeSet,
    title,
    counts,
    document: document?.number ?? null,
    publishedOn: document?.publishedOn ?? null,
    differences: differences ?? [],
    corrects: corrects ?? [],
    stateHashes: stateHashes ?? {},
    url: `${baseUrl}/changes/${encodeURIComponent(changeSet.changeSetId)}`,
  };
}
