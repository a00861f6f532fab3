import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { easternDay, isDay } from '../days.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import type { Watchlist } from '../model.ts';
import { renderEvidencePart } from '../render/evidence.ts';
import { findHit, hitsOfRun, listRuns, pageOfHits } from '../store/screening.ts';
import { decideNotAMatch, endDecision, listDecisions } from '../store/screening-decisions.ts';
import { findWatchlistById } from '../store/watchlists.ts';
import type { ApiParts } from './api/api-parts.ts';
import { HTML } from './form-scope.ts';
import type { SignedIn } from './pages/session-line.ts';
import { renderWatchlistPage, type UploadSaid, type WatchlistView } from './pages/watchlist.ts';
import { Problem } from './problem.ts';
import { ROWS_PER_PAGE, readPage } from './read-page.ts';

const MOST_BYTES = 50 * 1024 * 1024;
const SHOWN_RUNS = 20;
/** Comparisons in the evidence: one for each rule and upload of some years. */
const MOST_RUNS = 10_000;

type Said = Partial<Pick<WatchlistView, 'upload' | 'refusal'>>;
export type OfKey = FastifyRequest<{ Params: { key: string }; Querystring: Record<string, unknown> }>;

/** What was just done, by the mark that an address carries behind it. */
const DONE: Record<string, string> = {
  decided: 'Your decision is recorded, and hides the pair from now on.',
  ended: 'The decision is taken back, and its record stays.',
  compared: 'The watchlist was compared with all lists.',
};

/** How somebody comes to a watchlist: by a signed link, or signed in. */
export interface DeskAccess {
  /** Path of the page, with `:key` in it. */
  route: string;
  /** Null where there is none for who asks. */
  find(request: OfKey): Promise<Watchlist | null>;
  /** Who acts, for the record of decisions and uploads. */
  who(request: OfKey): string;
  /** Who signed in; null where the address is all that is needed. */
  session(request: OfKey): SignedIn | null;
  refuse(reply: FastifyReply): FastifyReply;
}

/** Adds the page of a watchlist: upload, hits, decisions, comparisons, and the evidence as a file. */
export function addWatchlistDesk(
  forms: FastifyInstance,
  parts: ApiParts,
  baseUrl: string,
  access: DeskAccess,
): void {
  const { db, now, actions } = parts;
  const { route, find } = access;
  const pathOf = ({ params }: OfKey) => route.replace(':key', encodeURIComponent(params.key));

  /** The page of hits from which something was done, with what that was. */
  const backTo = (request: OfKey, done: string) =>
    `${pathOf(request)}?page=${readPage(request.query)}&done=${done}#said`;

  const show = async (
    request: OfKey,
    reply: FastifyReply,
    { watchlistId }: Watchlist,
    said: Said = {},
    refusedWith = 422,
  ) => {
    const watchlist = (await findWatchlistById(db, watchlistId))!;
    const pageOf = (page: number) =>
      pageOfHits(db, watchlistId, now(), { limit: ROWS_PER_PAGE, offset: (page - 1) * ROWS_PER_PAGE });
    const asked = readPage(request.query);
    let found = await pageOf(asked);
    // Decisions shorten the list: behind its end there is nothing, and the first page is always there.
    const page = asked > 1 && found.hits.length === 0 ? 1 : asked;
    if (page !== asked) found = await pageOf(page);
    const { done } = request.query;
    const decisions = await listDecisions(db, watchlistId);
    const view: WatchlistView = {
      watchlist,
      runs: await listRuns(db, watchlistId, { limit: SHOWN_RUNS }),
      ...found,
      page,
      perPage: ROWS_PER_PAGE,
      done: (typeof done === 'string' && Object.hasOwn(DONE, done) && DONE[done]) || '',
      decisions: decisions.filter(({ endedAt }) => endedAt === null),
      upload: said.upload ?? null,
      refusal: said.refusal ?? null,
      path: pathOf(request),
      session: access.session(request),
      today: easternDay(now()),
    };
    const refused = view.refusal !== null || view.upload?.isTaken === false;
    return reply
      .code(refused ? refusedWith : 200)
      .type(HTML)
      .send(renderWatchlistPage(view, baseUrl));
  };

  const upload = async (request: OfKey, watchlist: Watchlist): Promise<Said> => {
    let skipFaulty = false;
    let taken: UploadSaid | null = null;
    for await (const part of request.parts()) {
      // A browser sends parts in the order of the form: the box stands before the file.
      if (part.type === 'field') skipFaulty ||= part.fieldname === 'skip-faulty';
      else
        taken = await actions.loadWatchlist(watchlist, part.file, { who: access.who(request), skipFaulty });
    }
    return taken === null ? { refusal: 'The form has no file: choose one.' } : { upload: taken };
  };

  /** Runs a route with its watchlist, or refuses. */
  const withWatchlist =
    (act: (request: OfKey, reply: FastifyReply, watchlist: Watchlist) => Promise<FastifyReply>) =>
    async (request: OfKey, reply: FastifyReply) => {
      const watchlist = await find(request);
      return watchlist === null ? access.refuse(reply) : act(request, reply, watchlist);
    };

  // Files are read in a scope of their own, so that no other form takes one.
  forms.register(async (scope) => {
    await scope.register(multipart, {
      limits: { files: 1, fields: 5, fieldSize: 1_000, fileSize: MOST_BYTES + 1024, headerPairs: 50 },
    });

    scope.get(route, withWatchlist(show));
    // Where a form without a script leaves its answer: asked for anew, that address leads back, and posts nothing.
    for (const left of ['rows', 'decisions', 'decisions/end', 'compare'])
      scope.get(
        `${route}/${left}`,
        withWatchlist(async (request, reply) => reply.redirect(pathOf(request), 303)),
      );

    scope.post(
      `${route}/rows`,
      { bodyLimit: MOST_BYTES + 64 * 1024, config: { isUpload: true } },
      withWatchlist(async (request, reply, watchlist) => {
        if (!request.isMultipart())
          return show(request, reply, watchlist, { refusal: 'The form has no file.' });
        let giveBack: () => void;
        try {
          giveBack = forms.takeUploadPlace();
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          reply.headers(error.headers);
          return show(request, reply, watchlist, { refusal: error.detail }, 503);
        }
        try {
          return await show(request, reply, watchlist, await upload(request, watchlist).catch(refusalOf));
        } finally {
          giveBack();
        }
      }),
    );

    scope.post(
      `${route}/decisions`,
      withWatchlist(async (request, reply, watchlist) => {
        const refusal = await decide(request, watchlist);
        if (refusal !== null) return show(request, reply, watchlist, { refusal });
        return reply.redirect(backTo(request, 'decided'), 303);
      }),
    );

    scope.post(
      `${route}/decisions/end`,
      withWatchlist(async (request, reply, watchlist) => {
        const decisionId = formOf(request).get('decision') ?? '';
        if (!(await endDecision(db, watchlist.watchlistId, decisionId, now())))
          return show(request, reply, watchlist, {
            refusal: 'There is no such decision that still counts.',
          });
        return reply.redirect(backTo(request, 'ended'), 303);
      }),
    );

    scope.post(
      `${route}/compare`,
      withWatchlist(async (request, reply, watchlist) => {
        try {
          const run = await actions.screenWatchlist(watchlist);
          if (run === null) return await show(request, reply, watchlist, { refusal: 'Upload a file first.' });
          return reply.redirect(backTo(request, 'compared'), 303);
        } catch (error) {
          return show(request, reply, watchlist, refusalOf(error));
        }
      }),
    );

    scope.get(
      `${route}/evidence.csv`,
      withWatchlist(async (_request, reply, { watchlistId }) => {
        const runs = await listRuns(db, watchlistId, { limit: MOST_RUNS });
        async function* rows() {
          let isFirst = true;
          for (const run of runs) {
            yield renderEvidencePart(run, await hitsOfRun(db, run.runId, { hidden: true }), { isFirst });
            isFirst = false;
          }
        }
        return send(reply, 'text/csv; charset=utf-8', 'csv', rows());
      }),
    );

    scope.get(
      `${route}/evidence.json`,
      withWatchlist(async (_request, reply, watchlist) => {
        const { watchlistId } = watchlist;
        const runs = await listRuns(db, watchlistId, { limit: MOST_RUNS });
        const decisions = await listDecisions(db, watchlistId);
        async function* lines() {
          yield `{"watchlist":${JSON.stringify(watchlist)},\n"decisions":${JSON.stringify(decisions)},\n"runs":[`;
          let before = '\n';
          for (const run of runs) {
            const found = await hitsOfRun(db, run.runId, { hidden: true });
            yield `${before}${JSON.stringify({ ...run, found })}`;
            before = ',\n';
          }
          yield ']}\n';
        }
        return send(reply, 'application/json; charset=utf-8', 'json', lines());
      }),
    );
  });

  async function decide(request: OfKey, { watchlistId }: Watchlist): Promise<string | null> {
    const form = formOf(request);
    const hitId = /^\d{1,15}$/u.exec(form.get('hit') ?? '')?.[0];
    const hit = hitId === undefined ? null : await findHit(db, watchlistId, Number(hitId));
    const reason = (form.get('reason') ?? '').trim();
    const expiresOn = form.get('expires') || null;
    if (hit === null) return 'There is no such hit.';
    if (reason.length < 3 || reason.length > 1_000)
      return 'A decision needs a reason of 3 to 1,000 characters.';
    if (expiresOn !== null && (!isDay(expiresOn) || expiresOn < easternDay(now())))
      return 'The last day of a decision must be today or later.';
    const decided = { reason, who: access.who(request), madeAt: now(), expiresOn };
    await decideNotAMatch(db, watchlistId, hit, decided);
    return null;
  }
}

function formOf({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

function send(
  reply: FastifyReply,
  type: string,
  extension: string,
  parts: AsyncGenerator<string>,
): FastifyReply {
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="screening-evidence.${extension}"`)
    .send(Readable.from(parts, { objectMode: false, highWaterMark: 64 * 1024 }));
}

/** What is the file's fault is told to who uploads; what is ours is thrown on. */
function refusalOf(error: unknown): Said {
  if (error instanceof ElwatchError && !error.retry) return { refusal: `${error.message}. ${error.hint}` };
  const { code } = error as { code?: string };
  if (code === 'FST_REQ_FILE_TOO_LARGE') return { refusal: 'The file is larger than 50 MB.' };
  if (code?.startsWith('FST_')) return { refusal: `The form could not be read: ${errorLine(error)}` };
  throw error;
}
