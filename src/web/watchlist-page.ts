import type { FastifyInstance } from 'fastify';
import { findPageSalt } from '../store/watchlist-pages.ts';
import { findWatchlistById } from '../store/watchlists.ts';
import type { ApiParts } from './api/api-parts.ts';
import { refuseLink } from './form-scope.ts';
import { addWatchlistDesk } from './watchlist-desk.ts';

/**
 * Adds the private page of each watchlist. Its address is signed, and is all that is needed: there is no session, so
 * no other site can act in anybody's name.
 */
export function addWatchlistPage(forms: FastifyInstance, parts: ApiParts, baseUrl: string): void {
  const { db, secrets, now } = parts;
  addWatchlistDesk(forms, parts, baseUrl, {
    route: '/watchlists/:key',
    async find({ params }) {
      const watchlistId = secrets.readLink(params.key);
      const watchlist = watchlistId === null ? null : await findWatchlistById(db, watchlistId);
      if (watchlist === null) return null;
      const salt = await findPageSalt(db, watchlist.watchlistId);
      return salt !== null && secrets.checkLink('watchlist-page', params.key, salt, now()) ? watchlist : null;
    },
    who: () => 'page of the watchlist',
    session: () => null,
    refuse: (reply) => refuseLink(reply, baseUrl),
  });
}
