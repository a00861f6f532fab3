import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ElwatchError } from '../errors.ts';
import { addWatchlist, findWatchlist, listWatchlists } from '../store/watchlists.ts';
import type { ApiParts, ScreenQuery } from './api/api-parts.ts';
import { type Form, HTML } from './form-scope.ts';
import { renderPlainPage } from './pages/plain.ts';
import { renderScreeningPage, type ScreeningView } from './pages/screening.ts';
import { requireSession, sessionOf } from './session.ts';
import { addWatchlistDesk } from './watchlist-desk.ts';

type Posted = FastifyRequest<{ Body: Form | undefined }>;

/** Names that one form compares. */
const MOST_NAMES = 50;
const MOST_LENGTH = 300;

/**
 * Adds the page on which names are compared with the lists, by anybody and without being kept, and the watchlists of
 * the organisation of who signed in.
 */
export function addScreening(scope: FastifyInstance, parts: ApiParts, baseUrl: string): void {
  const { db, now, actions } = parts;

  const view = async (request: FastifyRequest, more: Partial<ScreeningView> = {}): Promise<string> => {
    const { session } = request;
    const mayRead =
      session !== null && (session.scopes.includes('watchlists') || session.scopes.includes('admin'));
    return renderScreeningPage(
      {
        session,
        watchlists: mayRead ? await listWatchlists(db, { organisationId: session.organisationId }) : null,
        names: '',
        asked: [],
        result: null,
        fault: '',
        ...more,
      },
      baseUrl,
    );
  };

  scope.get('/screening', async (request, reply) => reply.type(HTML).send(await view(request)));

  scope.post('/screening', async (request: Posted, reply) => {
    reply.type(HTML);
    const names = request.body?.get('names') ?? '';
    const asked = names
      .split(/\r?\n/u)
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const fault =
      asked.length === 0
        ? 'Enter at least one name, one a line.'
        : asked.length > MOST_NAMES
          ? `These are ${asked.length} names, and a form compares ${MOST_NAMES} at most. Upload a watchlist for more.`
          : asked.some((name) => name.length > MOST_LENGTH)
            ? `A name has more than ${MOST_LENGTH} characters.`
            : '';
    if (fault !== '') return reply.code(422).send(await view(request, { names, fault }));
    try {
      const queries = asked.map(
        (name, at): ScreenQuery => ({ id: String(at), name, aliases: [], addresses: [], country: null }),
      );
      return reply.send(await view(request, { names, asked, result: await actions.screen(queries, null) }));
    } catch (error) {
      if (!(error instanceof ElwatchError) || error.code !== 'no-list') throw error;
      const text = 'No list is loaded yet that could be compared. Try again in some minutes.';
      return reply.code(503).send(await view(request, { names, fault: text }));
    }
  });

  scope.post<{ Body: Form | undefined }>(
    '/screening/watchlists',
    { onRequest: requireSession('watchlists', baseUrl) },
    async (request, reply) => {
      const name = (request.body?.get('name') ?? '').trim();
      if (name === '' || name.length > 80 || /\p{Cc}/u.test(name))
        return reply
          .code(422)
          .type(HTML)
          .send(await view(request, { fault: 'A watchlist needs a name of 1 to 80 characters.' }));
      try {
        const { organisationId } = sessionOf(request);
        const added = await addWatchlist(db, { organisationId, name, threshold: null, createdAt: now() });
        return reply.redirect(`/screening/${added.watchlistId}`, 303);
      } catch (error) {
        if (!(error instanceof ElwatchError) || error.code !== 'watchlist-exists') throw error;
        return reply
          .code(422)
          .type(HTML)
          .send(await view(request, { fault: `There is a watchlist “${name}” already.` }));
      }
    },
  );

  scope.register(async (desks) => {
    desks.addHook('onRequest', requireSession('watchlists', baseUrl));
    addWatchlistDesk(desks, parts, baseUrl, {
      route: '/screening/:key',
      async find(request) {
        const found = await findWatchlist(db, sessionOf(request).organisationId, request.params.key);
        // By its id alone: a name can look like a path.
        return found?.watchlistId === request.params.key ? found : null;
      },
      who(request) {
        const { name, tokenId } = sessionOf(request);
        return `${name} (token ${tokenId})`;
      },
      session: sessionOf,
      refuse: (reply) =>
        reply
          .code(404)
          .type(HTML)
          .send(
            renderPlainPage(
              'No such watchlist',
              'Your organisation has no such watchlist, or no longer.',
              baseUrl,
            ),
          ),
    });
  });
}
