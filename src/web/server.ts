import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { errorLine } from '../errors.ts';
import { isDatabaseAway } from '../store/database-away.ts';
import { findUnready } from '../store/readiness.ts';
import { addAcknowledge } from './acknowledge.ts';
import { answerError, DATABASE_AWAY } from './answer-error.ts';
import type { ApiParts } from './api/api-parts.ts';
import { addApi } from './api.ts';
import { addAssets } from './assets.ts';
import { createClientErrors } from './client-errors.ts';
import { represent, sendConditional } from './conditional.ts';
import { addFeeds } from './feed-routes.ts';
import { addFormScope } from './form-scope.ts';
import { createListSnapshots } from './list-snapshots.ts';
import type { OperatorActions } from './operator/operator-parts.ts';
import { addOperator } from './operator.ts';
import { addOwnSubscriptions } from './own-subscriptions.ts';
import { renderPlainPage } from './pages/plain.ts';
import { renderProblemPage } from './pages/problem.ts';
import { addPreferences } from './preferences.ts';
import { sendProblem } from './problem.ts';
import { addScreening } from './screening.ts';
import { addSecurityHeaders, SECURITY_HEADERS } from './security-headers.ts';
import { addSessions } from './session.ts';
import { addSignIn } from './sign-in.ts';
import { addSignUp } from './sign-up.ts';
import { addSilenceGuard } from './silence-guard.ts';
import { endSilentConnections } from './silent-connections.ts';
import { addSite } from './site.ts';
import { createSummaries } from './summaries.ts';
import { addUnsubscribe } from './unsubscribe.ts';
import { addUploadLimits, REQUEST_MS, UPLOAD_MS } from './upload-limits.ts';
import { addWatchlistPage } from './watchlist-page.ts';
import type { WebReader } from './web-reader.ts';

export interface WebServerOptions {
  reader: WebReader;
  /** Public address; links are made from it and never from the Host header. */
  baseUrl: string;
  /** Null for pages and feeds alone. */
  api?: ApiParts | null;
  /** What the pages of whoever runs the service set going; null for none of them. */
  operator?: OperatorActions | null;
  /** How often scheduled jobs run, in milliseconds; the first page tells it. */
  everyMs?: Readonly<Record<string, number>>;
  /** Proxies that are believed when they say whom they ask for, as addresses and ranges; none unless told. */
  trustProxy?: string | null;
  /** Whether the database is a server of its own, which may fall silent without a word. */
  mayFallSilent?: boolean;
  log?: FastifyBaseLogger;
}

/** Requests a minute of one address to pages for who signed in, of which one may ask for several. */
const SIGNED_IN_PER_MINUTE = 300;
const HTML = 'text/html; charset=utf-8';

/** Builds the web server with all its routes; it does not listen yet. */
export function createWebServer(options: WebServerOptions): FastifyInstance {
  const {
    reader,
    baseUrl: givenUrl,
    api = null,
    operator = null,
    everyMs = {},
    trustProxy = null,
    mayFallSilent = false,
    log,
  } = options;
  const baseUrl = givenUrl.replace(/\/+$/u, '');
  const clientErrors = createClientErrors();
  const server: FastifyInstance = Fastify({
    // Its own request log would write unsubscribe tokens, which are part of the path.
    ...(log === undefined
      ? {}
      : { loggerInstance: log, logController: new LogController({ disableRequestLogging: true }) }),
    bodyLimit: 16 * 1024,
    // An address that cannot be decoded, or has a part longer than any of ours, is refused before any hook runs.
    frameworkErrors(error, request, reply) {
      reply.headers(SECURITY_HEADERS);
      const status = error.statusCode ?? 400;
      if (request.url.startsWith('/api/'))
        return sendProblem(
          request,
          reply,
          status === 414
            ? { code: 'not-found', detail: 'No id is that long.' }
            : { code: 'bad-request', detail: 'The path cannot be decoded.' },
        );
      return sendRefusal(error, request, reply, { status, baseUrl });
    },
    clientErrorHandler: clientErrors.answer,
    trustProxy: trustProxy ?? false,
    // The longest for any body; each route has its own in `addUploadLimits`.
    requestTimeout: UPLOAD_MS + REQUEST_MS,
    http: { headersTimeout: REQUEST_MS },
  });
  addSecurityHeaders(server);
  clientErrors.follow(server);
  endSilentConnections(server);
  addUploadLimits(server);
  if (mayFallSilent)
    addSilenceGuard(server, reader.ping, (request, reply) =>
      request.url.startsWith('/api/') || request.url === '/readyz'
        ? sendProblem(request, reply, DATABASE_AWAY)
        : sendRefusal(new Error('silence'), request, reply, { status: 503, baseUrl }),
    );
  // Mail programs post a form (RFC 8058) whose content says nothing; a route that reads a body has a scope of its own.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));

  addFeeds(server, { reader, baseUrl, api });
  server.get<{ Params: { code: string } }>('/problems/:code', async (request, reply) => {
    const html = renderProblemPage(request.params.code, baseUrl);
    return html === null
      ? reply.callNotFound()
      : sendConditional(request, reply, represent(HTML, html, null));
  });
  addAssets(server);
  if (api !== null) {
    const shared = { snapshotOf: createListSnapshots(api.db), summaryOf: createSummaries(api.db) };
    addApi(server, { ...api, baseUrl, ...shared });
    addSite(server, { ...api, baseUrl, ...shared, everyMs });
    addFormScope(server, (scope) => {
      addSignUp(scope, api, baseUrl);
      addPreferences(scope, api, baseUrl);
      addAcknowledge(scope, api, baseUrl);
      addWatchlistPage(scope, api, baseUrl);
    });
    // Pages for who signed in.
    addFormScope(
      server,
      async (scope) => {
        await addSessions(scope, api, baseUrl);
        addSignIn(scope, api, baseUrl);
        addScreening(scope, api, baseUrl);
        addOwnSubscriptions(scope, api, baseUrl);
        if (operator !== null) addOperator(scope, { db: api.db, now: api.now, baseUrl, everyMs, operator });
      },
      { perMinute: SIGNED_IN_PER_MINUTE },
    );
  }
  addUnsubscribe(server, reader, baseUrl);

  server.get('/livez', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  server.get('/readyz', async (request, reply) => {
    try {
      await reader.ping();
      const faults = api === null ? [] : await findUnready(api.db, api.now());
      // The guard of silence was quicker.
      if (reply.sent) return reply;
      if (faults.length > 0)
        return sendProblem(request, reply, { code: 'not-ready', detail: faults.join(' ') });
      return reply.header('cache-control', 'no-store').send({ status: 'ok' });
    } catch (error) {
      server.log.error({ error: errorLine(error) }, 'not ready');
      if (reply.sent) return reply;
      return sendProblem(request, reply, { code: 'not-ready', detail: 'The database does not answer.' });
    }
  });

  addErrorAnswers(server, baseUrl);
  return server;
}

function addErrorAnswers(server: FastifyInstance, baseUrl: string): void {
  server.setNotFoundHandler((request, reply) => {
    const detail = 'There is nothing here. /openapi.json describes every path of the API.';
    if (request.url.startsWith('/api/')) return sendProblem(request, reply, { code: 'not-found', detail });
    const page = renderPlainPage('Not found', 'There is no such page, or no longer.', baseUrl);
    return reply.code(404).type(HTML).send(page);
  });

  server.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (request.url === '/readyz') return answerError(error, request, reply);
    const status =
      error.statusCode !== undefined && error.statusCode < 500
        ? error.statusCode
        : isDatabaseAway(error)
          ? 503
          : 500;
    if (status >= 500) request.log.error({ error: errorLine(error) }, 'request failed');
    return sendRefusal(error, request, reply, { status, baseUrl });
  });
}

/** What a page is called that refuses, and what helps; else the words of the error do. */
const REFUSALS: Record<number, { title: string; next?: string }> = {
  400: { title: 'The address of this page cannot be read' },
  413: {
    title: 'What you sent is too large',
    next: 'Nothing was taken. Send less of it; the API takes larger files than forms do.',
  },
  414: { title: 'There is no address as long as this', next: 'Look whether it was copied whole.' },
  415: {
    title: 'What you sent is of a kind that is not read here',
    next: 'Nothing was taken. Send the form of the page as your browser does.',
  },
  429: { title: 'Too many requests' },
  500: {
    title: 'Something went wrong',
    next: 'The fault is on our side and has been logged. Try again later.',
  },
  503: {
    title: 'Not now',
    next: 'The database does not answer, or takes no writes now. Nothing was changed. Try again in a minute.',
  },
};

function sendRefusal(
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  { status, baseUrl }: { status: number; baseUrl: string },
): FastifyReply {
  const { title, next } = REFUSALS[status] ?? { title: 'The request is not valid' };
  // What went wrong inside is for the log; it may name hosts or hold data.
  const text = next ?? error.message;
  // The page without what its address asked of it, where that is what was wrong.
  const path = request.url.split('?')[0]!;
  const isOfPage = request.method === 'GET' && status < 500 && request.url.includes('?');
  const link = isOfPage ? { href: path, label: 'This page as it begins' } : undefined;
  return reply
    .code(status)
    .type(HTML)
    .send(renderPlainPage(title, text, baseUrl, null, link));
}
