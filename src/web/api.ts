import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { answerError } from './answer-error.ts';
import type { ApiParts } from './api/api-parts.ts';
import { addCaller } from './api/caller.ts';
import { addChangeSets } from './api/change-sets.ts';
import { addChanges } from './api/changes.ts';
import type { ApiContext, ApiServer } from './api/context.ts';
import { addDayRoutes } from './api/days.ts';
import { addDocuments } from './api/documents.ts';
import { addEntries } from './api/entries.ts';
import { addIdempotency } from './api/idempotency.ts';
import { addOpenapi } from './api/openapi.ts';
import { addScreen } from './api/screen.ts';
import { addScreeningRuns } from './api/screening-runs.ts';
import { addStream } from './api/stream.ts';
import { addSubscriptions } from './api/subscriptions.ts';
import { addTokens } from './api/tokens.ts';
import { addValidators } from './api/validators.ts';
import { addWatchlistFeed } from './api/watchlist-feed.ts';
import { addWatchlists } from './api/watchlists.ts';
import { Problem, sendProblem } from './problem.ts';

const PREFIX = '/api/v1';

/** Each adds the routes below one path of the API. */
const ROUTES: ((server: ApiServer, context: ApiContext) => void)[] = [
  addChanges,
  addChangeSets,
  addDayRoutes,
  addDocuments,
  addEntries,
  addStream,
  addScreen,
  addWatchlists,
  addScreeningRuns,
  addWatchlistFeed,
  addSubscriptions,
  addTokens,
];

/** Adds the JSON API below /api/v1 and its description at /openapi.json, in a scope of their own. */
export function addApi(server: FastifyInstance, context: ApiContext): void {
  server.register(async (scope) => {
    scope.setValidatorCompiler(validatorCompiler);
    scope.setSerializerCompiler(serializerCompiler);
    scope.setErrorHandler(answerError);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);
    addCaller(scope, context);
    await addRateLimit(scope, context);
    addIdempotency(scope, context);
    addValidators(scope);
    await addOpenapi(scope, context);
    await scope.register(
      async (api) => {
        for (const add of ROUTES) add(api as ApiServer, context);
        // Within the limit too, or names of paths could be guessed without one.
        api.setNotFoundHandler({ preHandler: scope.rateLimit() }, (request, reply) =>
          sendProblem(request, reply, {
            code: 'not-found',
            detail: 'There is no such path. /openapi.json describes all of them.',
          }),
        );
      },
      { prefix: PREFIX },
    );
  });
}

/** By token, which has a limit of its own, else by address; what a token is guessed with counts for the address. */
async function addRateLimit(scope: FastifyInstance, { perMinute }: ApiParts): Promise<void> {
  await scope.register(rateLimit, {
    timeWindow: 60_000,
    max: ({ caller }) => (caller === null || caller === 'refused' ? perMinute : caller.perMinute),
    keyGenerator: ({ caller, ip }) =>
      caller === null || caller === 'refused' ? `ip ${ip}` : `token ${caller.tokenId}`,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { max, ttl }) =>
      new Problem('too-many-requests', `More than ${max} requests in a minute.`, {
        'retry-after': String(Math.ceil(ttl / 1000)),
      }),
  });
}

/** A body that is empty counts as none, which the schema of the route then judges. */
function parseJson(
  _request: unknown,
  body: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  let parsed: unknown;
  try {
    parsed = String(body).trim() === '' ? undefined : JSON.parse(String(body));
  } catch {
    done(new Problem('bad-request', 'The body is no JSON.'));
    return;
  }
  done(null, parsed);
}
