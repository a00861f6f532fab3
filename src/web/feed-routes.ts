import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LIST_NAMES, type ListName, type ToldHit } from '../model.ts';
import { countryName } from '../render/country-name.ts';
import { LIST_TITLES } from '../render/words.ts';
import { hitsOfChangeSet } from '../store/screening.ts';
import { findFeedSalt } from '../store/watchlist-feeds.ts';
import { findWatchlistById } from '../store/watchlists.ts';
import type { ApiParts } from './api/api-parts.ts';
import { sendConditional } from './conditional.ts';
import { createFeeds, EVERY_CHANGE, FEED_FORMATS, type FeedSelection } from './feeds.ts';
import type { WebReader } from './web-reader.ts';

interface FeedServerParts {
  reader: WebReader;
  baseUrl: string;
  /** Null leaves the feeds of watchlists out. */
  api: Pick<ApiParts, 'db' | 'secrets' | 'now'> | null;
}

type Find = (key: string) => FeedSelection | null | Promise<FeedSelection | null>;

/** Adds the feeds: of all changes, and of each list, destination, document and watchlist, each in three formats. */
export function addFeeds(server: FastifyInstance, { reader, baseUrl, api }: FeedServerParts): void {
  const render = createFeeds(reader, baseUrl);
  const add = (path: string, find: Find, cacheControl?: string) => {
    for (const format of FEED_FORMATS)
      server.get(
        `${path}/feed.${format}`,
        async (request: FastifyRequest<{ Params: { key?: string } }>, reply: FastifyReply) => {
          const selection = await find(request.params.key ?? '');
          if (selection === null) return reply.callNotFound();
          return sendConditional(request, reply, await render(format, selection), cacheControl);
        },
      );
  };
  add('', () => EVERY_CHANGE);
  add('/lists/:key', ofList);
  add('/destinations/:key', ofDestination);
  add('/documents/:key', ofDocument);
  // No shared cache may keep what only the holder of a secret address may read.
  if (api !== null) add('/watchlists/:key', ofWatchlist(api), 'private, no-cache');
}

function ofList(key: string): FeedSelection | null {
  if (!LIST_NAMES.includes(key as ListName)) return null;
  const list = key as ListName;
  return {
    topic: { key: `lists/${list}`, path: `/lists/${list}`, title: LIST_TITLES[list] },
    filter: { list },
    isAbout: (change) => change.list === list,
  };
}

/** By the codes that /api/v1 takes: ISO 3166-1, and of 3166-2 the regions with headings of their own. */
function ofDestination(key: string): FeedSelection | null {
  const country = key.toUpperCase();
  if (!/^[A-Z]{2}(?:-[0-9A-Z]{1,3})?$/u.test(country)) return null;
  return {
    topic: {
      key: `destinations/${country}`,
      path: `/destinations/${country}`,
      title: countryName(country),
    },
    filter: { country },
    isAbout: (change) => change.country === country,
  };
}

/** A number of any document: its feed is empty until there is news about it. */
function ofDocument(key: string): FeedSelection | null {
  if (!/^[\w-]{1,40}$/u.test(key)) return null;
  return {
    topic: { key: `documents/${key}`, path: `/documents/${key}`, title: `Document ${key}` },
    filter: { document: key },
  };
}

function ofWatchlist({ db, secrets, now }: Pick<ApiParts, 'db' | 'secrets' | 'now'>): Find {
  return async (token) => {
    const watchlistId = secrets.readLink(token);
    const salt = watchlistId === null ? null : await findFeedSalt(db, watchlistId);
    if (watchlistId === null || salt === null) return null;
    if (!secrets.checkLink('watchlist-feed', token, salt, now())) return null;
    const watchlist = await findWatchlistById(db, watchlistId);
    if (watchlist === null) return null;
    return {
      topic: {
        key: `watchlists/${watchlistId}`,
        path: `/watchlists/${token}`,
        title: `Watchlist ${watchlist.name}`,
      },
      filter: { watchlistId },
      hitsOf: ({ changeSetId }): Promise<ToldHit[]> =>
        hitsOfChangeSet(db, changeSetId, watchlist.organisationId, [watchlistId]),
    };
  };
}
