import type { ChangeSet, StoredChange, ToldHit } from '../model.ts';
import { renderAtom } from '../render/atom.ts';
import { EVERYTHING, type FeedEntry, type FeedTopic } from '../render/feed-model.ts';
import { renderJsonFeed } from '../render/json-feed.ts';
import { renderRss } from '../render/rss.ts';
import type { ChangeSetFilter } from '../store/read-change-sets.ts';
import { type Representation, represent } from './conditional.ts';
import { shareLooks } from './shared-look.ts';
import type { WebReader } from './web-reader.ts';

export const FEED_FORMATS = ['atom', 'rss', 'json'] as const;
export type FeedFormat = (typeof FEED_FORMATS)[number];

const TYPES = {
  atom: 'application/atom+xml; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
} as const;
const RENDER = { atom: renderAtom, rss: renderRss, json: renderJsonFeed } as const;
const MAX_ITEMS = 50;
/** Renderings that are kept: the feeds that are asked for often, in each format. */
const MOST_KEPT = 300;

/** A feed about a part of the changes. */
export interface FeedSelection {
  topic: FeedTopic;
  filter: ChangeSetFilter;
  /** Which changes of a change set it is about; all unless told. */
  isAbout?(change: StoredChange): boolean;
  /** What a change set hits of the watchlist that it is about. */
  hitsOf?(changeSet: ChangeSet): Promise<readonly ToldHit[]>;
}

export const EVERY_CHANGE: FeedSelection = { topic: EVERYTHING, filter: {} };

interface Kept {
  /** Of all change sets when it was made or found to be the same; null where more decides than they. */
  version: string | null;
  /** What it was made of. */
  key: string;
  made: Representation;
}

/**
 * Makes feeds, rendered once for each new change set. Change sets are append-only: as long as there are no more of
 * them, a feed is what it was, and all who ask at once share the one query that says so. When there are, a feed is
 * made anew where they are in it.
 */
export function createFeeds(
  reader: WebReader,
  baseUrl: string,
): (format: FeedFormat, selection: FeedSelection) => Promise<Representation> {
  const cache = new Map<string, Kept>();
  const readVersion = shareLooks(() => reader.changeSetsVersion());
  const keep = (slot: string, kept: Kept): Representation => {
    cache.delete(slot);
    cache.set(slot, kept);
    for (const oldest of cache.keys()) {
      if (cache.size <= MOST_KEPT) break;
      cache.delete(oldest);
    }
    return kept.made;
  };
  return async (format, selection) => {
    const slot = `${format} ${selection.topic.path}`;
    // Before the change sets are read: what comes in between is found by the next question.
    const version = selection.hitsOf === undefined ? await readVersion() : null;
    const same = cache.get(slot);
    if (same !== undefined && version !== null && same.version === version) return keep(slot, same);
    // A baseline is where we started, not news, and left out: some 3,400 entries would drown what is.
    const sets = await reader.selectChangeSets(selection.filter, MAX_ITEMS);
    const hits = new Map<string, readonly ToldHit[]>();
    if (selection.hitsOf !== undefined)
      for (const set of sets) hits.set(set.changeSetId, await selection.hitsOf(set));
    const key = JSON.stringify([
      sets.map((set) => [set.changeSetId, set.knownAt, set.outcome, set.lastSeq]),
      // A decision hides a hit, and another upload screens again.
      [...hits.values()],
    ]);
    const cached = cache.get(slot);
    if (cached?.key === key) return keep(slot, { ...cached, version });
    const entries = await gather(reader, sets, hits, selection);
    const body = RENDER[format]({ entries, baseUrl, topic: selection.topic });
    return keep(slot, { version, key, made: represent(TYPES[format], body, latest(sets)) });
  };
}

async function gather(
  reader: WebReader,
  sets: readonly ChangeSet[],
  hits: ReadonlyMap<string, readonly ToldHit[]>,
  { isAbout }: FeedSelection,
): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for (const changeSet of sets) {
    const all = await reader.changesOf(changeSet.changeSetId);
    const told = hits.get(changeSet.changeSetId);
    const seqs = told && new Set(told.map(({ changeSeq }) => changeSeq));
    const changes = all.filter((change) => (isAbout?.(change) ?? true) && (seqs?.has(change.seq) ?? true));
    entries.push({
      changeSet,
      changes,
      ...(isAbout === undefined && told === undefined ? {} : { allChangesCount: all.length }),
      ...(told === undefined ? {} : { hits: told }),
    });
  }
  return entries;
}

function latest(sets: readonly ChangeSet[]): string | null {
  return sets.reduce<string | null>(
    (last, { knownAt }) => (last === null || knownAt > last ? knownAt : last),
    null,
  );
}
