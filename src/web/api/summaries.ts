import type { Kysely } from 'kysely';
import type { ChangeKind, ChangeSet } from '../../model.ts';
import { subjectOf } from '../../render/subject.ts';
import { changesOf } from '../../store/changes.ts';
import type { Schema } from '../../store/schema.ts';

/** What a change set comes to. */
export interface Summary {
  title: string;
  counts: Partial<Record<ChangeKind, number>>;
}

const MOST_KEPT = 2_000;

/** Sums change sets up, and remembers: it takes all changes, some 3,400 of a baseline, and they never change. */
export function createSummaries(db: Kysely<Schema>): (changeSet: ChangeSet) => Promise<Summary> {
  const kept = new Map<string, Summary>();
  return async (changeSet) => {
    const known = kept.get(changeSet.changeSetId);
    if (known !== undefined) return known;
    const changes = changeSet.firstSeq === null ? [] : await changesOf(db, changeSet.changeSetId);
    const counts: Summary['counts'] = {};
    for (const { kind } of changes) counts[kind] = (counts[kind] ?? 0) + 1;
    const summary = { title: subjectOf(changeSet, changes), counts };
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(changeSet.changeSetId, summary);
    return summary;
  };
}
