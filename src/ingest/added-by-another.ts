import { entryKey } from '../list/key.ts';
import type { Entry, Issue, Rule } from '../model.ts';
import { findChangeSet } from '../store/change-sets.ts';
import { changesOfEntries } from '../store/changes.ts';
import type { Transaction } from './outcome.ts';

/**
 * An addition that the list holds already is passed over where a baseline brought it, citing the page of this document.
 * Where another document added it, both only share their page (several short rules can): then nothing says that it is
 * the same entry.
 */
export async function addedByAnother(
  tx: Transaction,
  rule: Rule,
  entries: readonly Entry[],
): Promise<Issue[]> {
  const added = new Map(
    rule.amendments
      .filter(({ action }) => action === 'add')
      .map((amendment) => [entryKey(amendment), amendment]),
  );
  const there = entries.filter((entry) => added.has(entryKey(entry)));
  if (there.length === 0) return [];
  const past = await changesOfEntries(
    tx,
    there.map(({ entryId }) => entryId),
  );
  const numbers = new Map<string, string | undefined>();
  const issues: Issue[] = [];
  for (const entry of there) {
    const first = past.findLast(({ entryId, kind }) => entryId === entry.entryId && kind === 'added');
    if (first === undefined) continue;
    const { changeSetId } = first;
    if (!numbers.has(changeSetId))
      numbers.set(changeSetId, (await findChangeSet(tx, changeSetId))?.document?.number);
    const by = numbers.get(changeSetId);
    if (by === undefined || by === rule.document.number) continue;
    const { locator } = added.get(entryKey(entry))!;
    const message = `“${entry.name}” was added by ${by}, which begins on the same page, and is added again`;
    issues.push({
      code: 'added-by-another',
      holds: true,
      message,
      excerpt: entry.name.slice(0, 300),
      locator,
    });
  }
  return issues;
}
