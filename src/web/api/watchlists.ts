import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Watchlist as StoredWatchlist } from '../../model.ts';
import { removePageSalt, renewPageSalt } from '../../store/watchlist-pages.ts';
import {
  addWatchlist,
  editWatchlist,
  findWatchlist,
  listWatchlists,
  removeWatchlist,
} from '../../store/watchlists.ts';
import { Problem } from '../problem.ts';
import { callerOf, requireScope } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { flag, id } from './schemas.ts';
import { NewWatchlist, Upload, Watchlist, WatchlistEdit } from './watchlist-schemas.ts';

const params = z.object({ watchlistId: id });
/** Files of a million rows; `watchlist/limits.ts` says the same in words of its own. */
const MOST_BYTES = 50 * 1024 * 1024;
const PAGE_DAYS = 30;

/** The watchlist of a path. That of another organisation is as unknown as one that never was. */
export async function watchlistOf({ db }: ApiContext, request: FastifyRequest): Promise<StoredWatchlist> {
  const { organisationId } = callerOf(request, 'watchlists');
  const { watchlistId } = request.params as z.output<typeof params>;
  const watchlist = await findWatchlist(db, organisationId, watchlistId);
  if (watchlist?.watchlistId !== watchlistId) throw new Problem('not-found', 'There is no such watchlist.');
  return watchlist;
}

/** Adds /watchlists: counterparties of one organisation, loaded as files and as a whole. */
export function addWatchlists(server: ApiServer, context: ApiContext): void {
  const { db, now, secrets, baseUrl } = context;
  const preValidation = requireScope('watchlists');
  const shared = { tags: ['screening'], security: [{ token: [] }] };

  server.get(
    '/watchlists',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'All watchlists of the organisation',
        response: { 200: z.object({ watchlists: z.array(Watchlist) }).meta({ id: 'Watchlists' }) },
      },
    },
    async (request) => {
      const { organisationId } = callerOf(request, 'watchlists');
      return { watchlists: await listWatchlists(db, { organisationId }) };
    },
  );

  server.post(
    '/watchlists',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Add an empty watchlist',
        body: NewWatchlist,
        response: { 201: Watchlist },
      },
    },
    async (request, reply) => {
      const { organisationId } = callerOf(request, 'watchlists');
      const added = await addWatchlist(db, { organisationId, ...request.body, createdAt: now() });
      return reply.code(201).send(added);
    },
  );

  server.get(
    '/watchlists/:watchlistId',
    { preValidation, schema: { ...shared, summary: 'One watchlist', params, response: { 200: Watchlist } } },
    (request) => watchlistOf(context, request),
  );

  server.patch(
    '/watchlists/:watchlistId',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Another name or threshold',
        params,
        body: WatchlistEdit,
        response: { 200: Watchlist },
      },
    },
    async (request) => {
      const { name, threshold } = request.body;
      return editWatchlist(db, await watchlistOf(context, request), {
        ...(name === undefined ? {} : { name }),
        ...(threshold === undefined ? {} : { threshold }),
      });
    },
  );

  server.delete(
    '/watchlists/:watchlistId',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Delete a watchlist with all that was kept about it',
        params,
        response: {
          204: z.undefined().meta({ description: 'It is gone, with its rows, runs and decisions.' }),
        },
      },
    },
    async (request, reply) => {
      await removeWatchlist(db, await watchlistOf(context, request));
      return reply.code(204).send();
    },
  );

  server.post(
    '/watchlists/:watchlistId/page',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'A secret address of a page for this watchlist, good for 30 days',
        description:
          'Whoever has it can upload files, see hits and decide on them. An address that was made before is void.',
        params,
        response: { 201: z.object({ url: z.string() }).meta({ id: 'WatchlistPage' }) },
      },
    },
    async (request, reply) => {
      const { watchlistId } = await watchlistOf(context, request);
      const salt = await renewPageSalt(db, watchlistId, now());
      const token = secrets.signLink('watchlist-page', watchlistId, salt, now(), PAGE_DAYS);
      return reply.code(201).send({ url: `${baseUrl}/watchlists/${token}` });
    },
  );

  server.delete(
    '/watchlists/:watchlistId/page',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Make the secret address of the page void',
        params,
        response: { 204: z.undefined().meta({ description: 'It is void.' }) },
      },
    },
    async (request, reply) => {
      const { watchlistId } = await watchlistOf(context, request);
      if (!(await removePageSalt(db, watchlistId)))
        throw new Problem('not-found', 'Its page has no address.');
      return reply.code(204).send();
    },
  );

  addUpload(server, context);
}

/** The upload takes the bytes of a file as they come, so it has a scope in which nothing parses them. */
function addUpload(server: ApiServer, context: ApiContext): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    (scope as ApiServer).put(
      '/watchlists/:watchlistId/rows',
      {
        preValidation: requireScope('watchlists'),
        bodyLimit: MOST_BYTES + 1024,
        config: { isUpload: true },
        schema: {
          tags: ['screening'],
          security: [{ token: [] }],
          summary: 'Put a file of counterparties in the place of those of a watchlist',
          description:
            'The body is the file: CSV, XLSX or JSON (an array of objects, or one object a line), at most 50 MB. It has ten minutes to arrive; two are taken in at a time. All rows are taken or none; `skip-faulty=true` takes those without a fault. Then the watchlist is compared with all lists.',
          params,
          querystring: z.strictObject({ 'skip-faulty': flag }),
          consumes: [
            'text/csv',
            'application/json',
            'application/x-ndjson',
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          ],
          response: { 200: Upload, 422: Upload },
        },
      },
      async (request, reply) => {
        const watchlist = await watchlistOf(context, request);
        if (request.body === undefined)
          throw new Problem('bad-request', 'The request has no body: send the file with its Content-Type.');
        const giveBack = server.takeUploadPlace();
        try {
          const upload = await context.actions.loadWatchlist(
            watchlist,
            request.body as AsyncIterable<Uint8Array>,
            {
              who: `token ${callerOf(request, 'watchlists').tokenId}`,
              skipFaulty: request.query['skip-faulty'] === 'true',
            },
          );
          return reply.code(upload.isTaken ? 200 : 422).send(upload);
        } finally {
          giveBack();
        }
      },
    );
  });
}
