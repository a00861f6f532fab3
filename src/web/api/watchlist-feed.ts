import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { removeFeedSalt, renewFeedSalt } from '../../store/watchlist-feeds.ts';
import { findWatchlist } from '../../store/watchlists.ts';
import { Problem } from '../problem.ts';
import { callerOf, requireScope } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { id } from './schemas.ts';

/** Feed readers cannot be told a new address: the link is good until somebody makes it void. */
const LIFETIME_DAYS = 36_500;

/** Adds /watchlists/:watchlistId/feed: the secret address of a watchlist's feed, made, renewed and ended. */
export function addWatchlistFeed(server: ApiServer, context: ApiContext): void {
  const { db, secrets, now, baseUrl } = context;
  const preValidation = requireScope('watchlists');
  const shared = {
    tags: ['screening'],
    security: [{ token: [] }],
    params: z.object({ watchlistId: id }),
  };
  const find = async (request: FastifyRequest) => {
    const { organisationId } = callerOf(request, 'watchlists');
    const { watchlistId } = request.params as { watchlistId: string };
    const watchlist = await findWatchlist(db, organisationId, watchlistId);
    if (watchlist?.watchlistId !== watchlistId) throw new Problem('not-found', 'There is no such watchlist.');
    return watchlist;
  };

  server.post(
    '/watchlists/:watchlistId/feed',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'A secret address for the feed of a watchlist',
        description: 'Whoever has it can read the feed. An address that was made before is void.',
        response: {
          201: z
            .object({ atom: z.string(), rss: z.string(), json: z.string() })
            .meta({ id: 'FeedAddresses' }),
        },
      },
    },
    async (request, reply) => {
      const { watchlistId } = await find(request);
      const salt = await renewFeedSalt(db, watchlistId, now());
      const token = secrets.signLink('watchlist-feed', watchlistId, salt, now(), LIFETIME_DAYS);
      const address = (format: string) => `${baseUrl}/watchlists/${token}/feed.${format}`;
      return reply.code(201).send({ atom: address('atom'), rss: address('rss'), json: address('json') });
    },
  );

  server.delete(
    '/watchlists/:watchlistId/feed',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'End the feed of a watchlist: its address is void',
        response: { 204: z.undefined().meta({ description: 'It is void.' }) },
      },
    },
    async (request, reply) => {
      const { watchlistId } = await find(request);
      if (!(await removeFeedSalt(db, watchlistId))) throw new Problem('not-found', 'It has no feed.');
      return reply.code(204).send();
    },
  );
}
