import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LIST_NAMES, type ListName, type ToldHit } from '../model.ts';
import { countryName } from '../render/country-name.ts';
import { LIST_TITLES } from '../render/words.ts';
import { hitsOfChangeSet } from '../store/screening.ts';
import { findFeedSalt } from '../store/watchlist-feeds.ts';
import { findWatchlistById } from '../store/watchlists.ts';
import { isDestination } from '../subscription-request.ts';
import type { ApiParts } from './api/api-parts.ts';
import { sendConditional } from './conditional.ts';
import { createFeeds, EVERY_CHANGE, FEED_FORMATS, type FeedSelection } from './feeds.ts';
import { Problem, sendProblem } from './problem.ts';
import type { WebReader } from './web-reader.ts';

interface FeedServerParts {
  reader: WebReader;
  baseUrl: string;
  /** Null leaves the feeds of watchlists out. */
  api: Pick<ApiParts, 'db' | 'secrets' | 'now'> | null;
}

/** Throws Problem `not-found`, which says what there is instead. */
type Find = (key: string) => FeedSelection | Promise<FeedSelection>;

/** Adds the feeds: of all changes, and of each list, destination, document and watchlist, each in three formats. */
export function addFeeds(server: FastifyInstance, { reader, baseUrl, api }: FeedServerParts): void {
  const render = createFeeds(reader, baseUrl);
  const add = (path: string, find: Find, cacheControl?: string) => {
    for (const format of FEED_FORMATS)
      server.get(
        `${path}/feed.${format}`,
        async (request: FastifyRequest<{ Params: { key?: string } }>, reply: FastifyReply) => {
          try {
            const selection = await find(request.params.key ?? '');
            return sendConditional(request, reply, await render(format, selection), cacheControl);
          } catch (error) {
            // Programs read feeds, so they are told as programs are.
            if (error instanceof Problem) return sendProblem(request, reply, error);
            throw error;
          }
        },
      );
  };
  add('', () => EVERY_CHANGE);
  add('/lists/:key', ofList);
  add('/destinations/:key', ofDestination);
  add('/documents/:key', ofDocument(reader));
  // No shared cache may keep what only the holder of a secret address may read.
  if (api !== null) add('/watchlists/:key', ofWatchlist(api), 'private, no-cache');
}

function ofList(key: string): FeedSelection {
  if (!LIST_NAMES.includes(key as ListName))
    throw unknown(`There is no list of this name. The lists are: ${LIST_NAMES.join(', ')}.`);
  const list = key as ListName;
  return {
    topic: { key: `lists/${list}`, path: `/lists/${list}`, title: LIST_TITLES[list] },
    filter: { list },
    isAbout: (change) => change.list === list,
  };
}

/** By the codes that a subscription takes: ISO 3166-1, and of 3166-2 the regions with headings of their own. */
function ofDestination(key: string): FeedSelection {
  const country = key.toUpperCase();
  if (!isDestination(country))
    throw unknown('There is no destination of this code. It is a country code of ISO 3166-1, as CN.');
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

/** A document that we have: its feed is empty until there is news about it. */
function ofDocument(reader: WebReader): Find {
  return async (key) => {
    if (!/^[\w-]{1,40}$/u.test(key) || !(await reader.hasDocument(key)))
      throw unknown('We have no document of this number. It is one of the Federal Register, as 2025-05426.');
    return {
      topic: { key: `documents/${key}`, path: `/documents/${key}`, title: `Document ${key}` },
      filter: { document: key },
    };
  };
}

function unknown(detail: string): Problem {
  return new Problem('not-found', detail);
}

function ofWatchlist({ db, secrets, now }: Pick<ApiParts, 'db' | 'secrets' | 'now'>): Find {
  return async (token) => {
    const watchlistId = secrets.readLink(token);
    const salt = watchlistId === null ? null : await findFeedSalt(db, watchlistId);
    const isGood = salt !== null && secrets.checkLink('watchlist-feed', token, salt, now());
    const watchlist = watchlistId === null || !isGood ? null : await findWatchlistById(db, watchlistId);
    if (watchlistId === null || watchlist === null)
      throw unknown('There is no feed at this address, or no longer.');
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
