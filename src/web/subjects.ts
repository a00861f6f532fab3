import type { ChangeSet } from '../model.ts';
import { subjectOf } from '../render/subject.ts';
import type { WebReader } from './web-reader.ts';

const MAX_KEPT = 500;

/**
 * Remembers the one-line summary of change sets: it needs all changes, some 3,400 for a baseline, and a
 * change set never changes.
 */
export function createSubjects(
  reader: Pick<WebReader, 'changesOf'>,
): (changeSet: ChangeSet) => Promise<string> {
  const kept = new Map<string, string>();
  return async (changeSet) => {
    const known = kept.get(changeSet.changeSetId);
    if (known !== undefined) return known;
    const subject = subjectOf(changeSet, await reader.changesOf(changeSet.changeSetId));
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(changeSet.changeSetId, subject);
    return subject;
  };
}
