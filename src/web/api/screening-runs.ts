import { z } from 'zod';
import { easternDay } from '../../days.ts';
import { currentHits, findHit, findRun, hitsOfRun, listRuns } from '../../store/screening.ts';
import { decideNotAMatch, endDecision, listDecisions } from '../../store/screening-decisions.ts';
import { Problem } from '../problem.ts';
import { callerOf, requireScope } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { id } from './schemas.ts';
import { Decision, NewDecision, Page, Run, WatchlistHit } from './watchlist-schemas.ts';
import { watchlistOf } from './watchlists.ts';

const params = z.object({ watchlistId: id });
const Hits = z.object({ hits: z.array(WatchlistHit) }).meta({ id: 'WatchlistHits' });

/** Adds what was compared of a watchlist: its runs, its hits, and the decisions about them. */
export function addScreeningRuns(server: ApiServer, context: ApiContext): void {
  const { db, now, actions } = context;
  const preValidation = requireScope('watchlists');
  const shared = { tags: ['screening'], security: [{ token: [] }] };

  server.post(
    '/watchlists/:watchlistId/screen',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Compare a watchlist with all lists now',
        params,
        response: { 201: Run },
      },
    },
    async (request, reply) => {
      const run = await actions.screenWatchlist(await watchlistOf(context, request));
      if (run === null) throw new Problem('conflict', 'The watchlist has no rows yet: upload a file first.');
      return reply.code(201).send(run);
    },
  );

  server.get(
    '/watchlists/:watchlistId/runs',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Every comparison of a watchlist, those without a hit too, the newest first',
        params,
        querystring: z.strictObject({ limit: Page.shape.limit }),
        response: { 200: z.object({ runs: z.array(Run) }).meta({ id: 'ScreeningRuns' }) },
      },
    },
    async (request) => {
      const { watchlistId } = await watchlistOf(context, request);
      return { runs: await listRuns(db, watchlistId, request.query) };
    },
  );

  server.get(
    '/watchlists/:watchlistId/runs/:runId/hits',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'The hits of one comparison, the best first',
        params: params.extend({ runId: id }),
        querystring: Page,
        response: { 200: Hits },
      },
    },
    async (request) => {
      const { watchlistId } = await watchlistOf(context, request);
      const run = await findRun(db, watchlistId, request.params.runId);
      if (run === null) throw new Problem('not-found', 'The watchlist has no such run.');
      const { hidden, ...page } = request.query;
      return { hits: await hitsOfRun(db, run.runId, { ...page, hidden: hidden === 'true' }) };
    },
  );

  server.get(
    '/watchlists/:watchlistId/hits',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'What is known of a watchlist now: each counterparty and entry once, the best first',
        params,
        querystring: Page,
        response: { 200: Hits },
      },
    },
    async (request) => {
      const { watchlistId } = await watchlistOf(context, request);
      const { hidden, ...page } = request.query;
      return { hits: await currentHits(db, watchlistId, now(), { ...page, hidden: hidden === 'true' }) };
    },
  );

  server.get(
    '/watchlists/:watchlistId/decisions',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Decisions “not a match”, those that are over too',
        params,
        response: { 200: z.object({ decisions: z.array(Decision) }).meta({ id: 'Decisions' }) },
      },
    },
    async (request) => {
      const { watchlistId } = await watchlistOf(context, request);
      return { decisions: await listDecisions(db, watchlistId) };
    },
  );

  server.post(
    '/watchlists/:watchlistId/decisions',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Say that a hit is not a match',
        description:
          'It hides the pair of counterparty and entry from now on, until it expires, is taken back, or the entry changes. One decision counts for a pair: another takes its place. The last day ends in Washington.',
        params,
        body: NewDecision,
        response: { 201: Decision },
      },
    },
    async (request, reply) => {
      const { watchlistId } = await watchlistOf(context, request);
      const { hitId, reason, expiresOn } = request.body;
      const hit = await findHit(db, watchlistId, hitId);
      if (hit === null) throw new Problem('not-found', `The watchlist has no hit ${hitId}.`);
      if (expiresOn !== null && expiresOn < easternDay(now()))
        throw new Problem('invalid-body', 'expiresOn: lies in the past');
      const who = `token ${callerOf(request, 'watchlists').tokenId}`;
      const decided = { reason, who, madeAt: now(), expiresOn };
      return reply.code(201).send(await decideNotAMatch(db, watchlistId, hit, decided));
    },
  );

  server.delete(
    '/watchlists/:watchlistId/decisions/:decisionId',
    {
      preValidation,
      schema: {
        ...shared,
        summary: 'Take a decision back, with any other about its pair; their record stays',
        params: params.extend({ decisionId: id }),
        response: { 204: z.undefined().meta({ description: 'It hides nothing any more.' }) },
      },
    },
    async (request, reply) => {
      const { watchlistId } = await watchlistOf(context, request);
      if (!(await endDecision(db, watchlistId, request.params.decisionId, now())))
        throw new Problem('not-found', 'There is no such decision that still counts.');
      return reply.code(204).send();
    },
  );
}
