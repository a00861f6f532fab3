import type { Entry, ListName } from '../model.ts';
import { currentEntries, entriesAsOf, hasLaterChanges, pendingStarts } from '../store/entries.ts';
import type { Transaction } from './outcome.ts';

/** The lists as a document finds them. */
export interface ListBefore {
  entries: Entry[];
  /** First day of an entry that is ordered and not in effect yet; null for all others. */
  startsOn(entryId: string): string | null;
}

/**
 * The lists on the day on which a document takes effect, and with them the entries that are still to come: a
 * correction can speak of a rule that has no effect yet. Mostly nothing is scheduled, and it is the list of now.
 *
 * @param beforeSeq leaves out the changes from this number on, for reading a document anew
 */
export async function listBefore(
  tx: Transaction,
  lists: readonly ListName[],
  on: string,
  beforeSeq?: number,
): Promise<ListBefore> {
  const entries: Entry[] = [];
  const starts = new Map<string, string>();
  for (const list of lists) {
    const past = beforeSeq !== undefined;
    const now = past ? await entriesAsOf(tx, list, { beforeSeq }) : await currentEntries(tx, list);
    if (!(await hasLaterChanges(tx, list, on))) {
      entries.push(...now);
      continue;
    }
    const then = await entriesAsOf(tx, list, { on, ...(past ? { beforeSeq } : {}) });
    const there = new Set(then.map((entry) => entry.entryId));
    const coming = await pendingStarts(tx, list, on);
    const ahead = now.filter((entry) => !there.has(entry.entryId) && coming.has(entry.entryId));
    for (const { entryId } of ahead) starts.set(entryId, coming.get(entryId)!);
    entries.push(...then, ...ahead);
  }
  return { entries, startsOn: (entryId) => starts.get(entryId) ?? null };
}
