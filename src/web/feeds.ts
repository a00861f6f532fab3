import { renderAtom } from '../render/atom.ts';
import type { FeedEntry } from '../render/feed-model.ts';
import { renderJsonFeed } from '../render/json-feed.ts';
import { type Representation, represent } from './conditional.ts';
import type { WebReader } from './web-reader.ts';

type FeedFormat = 'atom' | 'json';

const TYPES = {
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
} as const;
const RENDER = { atom: renderAtom, json: renderJsonFeed } as const;
const MAX_ITEMS = 50;

/**
 * Makes feeds, rendered once for each new change set. Change sets are append-only, so the ids of the newest
 * ones say whether anything is new, and a poll that finds nothing costs one query.
 */
export function createFeeds(
  reader: WebReader,
  baseUrl: string,
): (format: FeedFormat) => Promise<Representation> {
  const cache = new Map<FeedFormat, { key: string; made: Representation }>();
  return async (format) => {
    // A baseline is where we started, not news: some 3,400 entries would drown what is.
    const sets = (await reader.latestChangeSets(MAX_ITEMS)).filter((set) => set.cause !== 'baseline');
    const key = JSON.stringify(sets.map((set) => [set.changeSetId, set.knownAt, set.outcome, set.lastSeq]));
    const cached = cache.get(format);
    if (cached?.key === key) return cached.made;
    const entries: FeedEntry[] = [];
    for (const changeSet of sets) {
      entries.push({ changeSet, changes: await reader.changesOf(changeSet.changeSetId) });
    }
    const modifiedAt = sets.reduce<string | null>(
      (last, set) => (last === null || set.knownAt > last ? set.knownAt : last),
      null,
    );
    const made = represent(TYPES[format], RENDER[format]({ entries, baseUrl }), modifiedAt);
    cache.set(format, { key, made });
    return made;
  };
}
