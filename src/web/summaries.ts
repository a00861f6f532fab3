import type { Kysely } from 'kysely';
import type { ChangeKind, ChangeSet } from '../model.ts';
import { countryName } from '../render/country-name.ts';
import { subjectOf } from '../render/subject.ts';
import { changesOf } from '../store/changes.ts';
import type { Schema } from '../store/schema.ts';

/** What a change set comes to. */
export interface Summary {
  title: string;
  counts: Partial<Record<ChangeKind, number>>;
  /** Additions under each destination, most first; of what adds nothing, all changes. */
  destinations: { name: string; count: number }[];
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
    const places = new Map<string, number>();
    for (const { kind } of changes) counts[kind] = (counts[kind] ?? 0) + 1;
    for (const { kind, country, destination } of changes) {
      if (counts.added && kind !== 'added') continue;
      const place = countryName(country, destination);
      places.set(place, (places.get(place) ?? 0) + 1);
    }
    const destinations = [...places]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en'));
    const summary = { title: subjectOf(changeSet, changes), counts, destinations };
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(changeSet.changeSetId, summary);
    return summary;
  };
}
