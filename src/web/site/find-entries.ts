import { easternDay } from '../../days.ts';
import { ElwatchError, errorLine } from '../../errors.ts';
import { foldName } from '../../fold.ts';
import { type Entry, LIST_NAMES, type ListName } from '../../model.ts';
import type { FoundEntry } from '../../render/table-columns.ts';
import { latestSeq } from '../../store/changes.ts';
import { earliestDay, findEntries, pendingStarts } from '../../store/entries.ts';
import { foldEntry } from '../list-snapshots.ts';
import { type Needle, readNeedle, searchEntries } from './search-list.ts';
import type { SiteParts } from './site-parts.ts';

/** What the address of the list asks for. */
export interface ListQuery {
  list?: ListName | undefined;
  destination?: string | undefined;
  q?: string | undefined;
  /** Words of the license requirement or the license review policy. */
  terms?: string | undefined;
  footnote?: number | undefined;
  on?: string | undefined;
}

export interface FoundEntries {
  /** The day that is shown; in Washington. */
  on: string;
  isToday: boolean;
  isFuture: boolean;
  /** Lists that are known on that day. */
  lists: ListName[];
  /** Lists that are not, with the first day on which they are; null for those that were never loaded. */
  unknown: { list: ListName; since: string | null }[];
  /** Entries of those lists before any filter. */
  total: number;
  found: FoundEntry[];
  /** How many of those that are found hold what was searched for; the others behind them are similar. */
  exact: number;
  needle: Needle | null;
  /** Why similar names could not be looked for, for the log; null where nothing failed. */
  fault: string | null;
  /** Follows from what is known: equal where the lists are equal. */
  version: string;
}

/** With fewer hits than this, names that are similar are looked for too. */
const FEW = 10;
/** A shorter text is similar to everything. */
const LEAST_LENGTH = 3;
const MOST_SIMILAR = 20;
/** What is typed into a search box is often a part of a name, which scores lower than a whole one. */
const SIMILAR_FROM = 0.6;

/**
 * The entries that meet the filters of the list on a day. Today's list has those too that are ordered and not in
 * effect yet, since whoever looks wants to know of them; they say so.
 */
export async function findOnList(parts: SiteParts, query: ListQuery): Promise<FoundEntries> {
  const { db, snapshotOf } = parts;
  const today = easternDay(parts.now());
  const on = query.on ?? today;
  const isFuture = on > today;
  const seq = await latestSeq(db);
  const lists: ListName[] = [];
  const unknown: FoundEntries['unknown'] = [];
  for (const list of query.list === undefined ? LIST_NAMES : [query.list]) {
    const since = await earliestDay(db, list);
    if (since === null || on < since) unknown.push({ list, since });
    else if (!isFuture) lists.push(list);
  }

  const entries: Entry[] = [];
  const folded: (() => readonly string[])[] = [];
  const starts = new Map<string, string>();
  const hashes: string[] = [];
  for (const list of lists) {
    const snapshot = await snapshotOf(list, { on, knownAt: null, seq });
    hashes.push(snapshot.stateHash);
    const pending = on === today ? await notInEffectYet(db, list, on, snapshot.entries) : [];
    for (const { entry, startsOn } of pending) starts.set(entry.entryId, startsOn);
    entries.push(...pending.map(({ entry }) => entry), ...snapshot.entries);
    folded.push(() => [...pending.map(({ entry }) => foldEntry(entry)), ...snapshot.folded()]);
  }

  const needle = query.q === undefined ? null : readNeedle(query.q, parts.actions.readLatin);
  // Marks alone fold to nothing, and would find everything.
  const places =
    query.q === undefined
      ? entries.keys()
      : needle === null
        ? []
        : searchEntries(
            entries,
            folded.flatMap((of) => of()),
            needle,
          );
  const meets = meetsFilters(query);
  const found: FoundEntry[] = [];
  for (const at of places) {
    const entry = entries[at]!;
    if (meets(entry)) found.push({ entry, startsOn: starts.get(entry.entryId) ?? null, similar: null });
  }
  const exact = found.length;
  let fault: string | null = null;
  if (needle !== null && exact < FEW && isLongEnough(needle) && entries.length > 0) {
    const shown = new Map(entries.map((entry) => [entry.entryId, entry]));
    for (const { entry } of found) shown.delete(entry.entryId);
    const similar = await similarTo(parts, needle).catch((error: unknown) => {
      // What holds the words is found all the same.
      fault = errorLine(error);
      return [];
    });
    for (const { entryId, reasons } of similar) {
      const entry = shown.get(entryId);
      if (entry === undefined || !meets(entry)) continue;
      found.push({ entry, startsOn: starts.get(entryId) ?? null, similar: reasons });
      if (found.length - exact >= MOST_SIMILAR) break;
    }
  }
  const version = JSON.stringify([on, hashes, [...starts]]);
  return {
    ...{ on, isToday: on === today, isFuture, lists, unknown },
    ...{ total: entries.length, found, exact, needle, fault, version },
  };
}

/** Entries that are ordered and not in effect on a day. One that is there already, and comes again, is not new. */
async function notInEffectYet(
  db: SiteParts['db'],
  list: ListName,
  on: string,
  entries: readonly Entry[],
): Promise<{ entry: Entry; startsOn: string }[]> {
  const starts = await pendingStarts(db, list, on);
  if (starts.size === 0) return [];
  for (const { entryId } of entries) starts.delete(entryId);
  const pending = await findEntries(db, [...starts.keys()]);
  return pending.map((entry) => ({ entry, startsOn: starts.get(entry.entryId)! }));
}

function meetsFilters({ destination, terms, footnote }: ListQuery): (entry: Entry) => boolean {
  const wanted = terms === undefined ? '' : foldName(terms);
  // A few dozen texts stand in thousands of entries.
  const known = new Map<string, boolean>();
  const says = (text: string) => {
    let isSaid = known.get(text);
    if (isSaid === undefined) {
      isSaid = foldName(text).includes(wanted);
      known.set(text, isSaid);
    }
    return isSaid;
  };
  return (entry) =>
    (destination === undefined || entry.country === destination) &&
    (footnote === undefined || entry.footnotes.includes(footnote)) &&
    (wanted === '' || says(entry.licenseRequirement) || says(entry.licenseReviewPolicy));
}

/** Two characters are a name where they are read as more letters: 华为 is "huawei". */
function isLongEnough({ spellings }: Needle): boolean {
  return spellings.some(({ phrase }) => phrase.length >= LEAST_LENGTH);
}

/** What the matcher of screening takes for the same, the best first; it knows the lists as they are ordered now. */
async function similarTo(
  { actions }: SiteParts,
  { text }: Needle,
): Promise<{ entryId: string; reasons: string[] }[]> {
  const query = { id: 'search', name: text, aliases: [], addresses: [text], country: null };
  try {
    const { hits } = await actions.screen([query], SIMILAR_FROM);
    return hits.map(({ entry, reasons }) => ({ entryId: entry.entryId, reasons: forSearch(reasons) }));
  } catch (error) {
    // A past list may be all that is known.
    if (error instanceof ElwatchError && error.code === 'no-list') return [];
    throw error;
  }
}

/** What is typed into a search box is no counterparty, and needs no legal form. */
function forSearch(reasons: readonly string[]): string[] {
  return reasons
    .filter((reason, at) => at === 0 || !reason.startsWith('without legal form'))
    .map((reason) => reason.replace(/\b(in|where) theirs\b/u, '$1 your search'));
}
