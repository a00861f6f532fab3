import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { easternDay, isDay } from '../days.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import type { Watchlist } from '../model.ts';
import { currentHits, findHit, listRuns } from '../store/screening.ts';
import { decideNotAMatch } from '../store/screening-decisions.ts';
import { findPageSalt } from '../store/watchlist-pages.ts';
import { findWatchlistById } from '../store/watchlists.ts';
import type { ApiParts } from './api/api-parts.ts';
import { HTML, refuseLink } from './form-scope.ts';
import { renderWatchlistPage, type UploadSaid, type WatchlistView } from './pages/watchlist.ts';
import { Problem } from './problem.ts';

const MOST_BYTES = 50 * 1024 * 1024;
const SHOWN_HITS = 200;
const SHOWN_RUNS = 20;
const WHO = 'page of the watchlist';

type Said = Partial<Pick<WatchlistView, 'upload' | 'refusal'>>;
type OfToken = FastifyRequest<{ Params: { token: string } }>;

/**
 * Adds the private page of each watchlist. Its address is signed, and is all that is needed: there is no session, so
 * no other site can act in anybody's name.
 */
export function addWatchlistPage(forms: FastifyInstance, parts: ApiParts, baseUrl: string): void {
  const { db, secrets, now, actions } = parts;

  const find = async ({ params }: OfToken): Promise<Watchlist | null> => {
    const watchlistId = secrets.readLink(params.token);
    const watchlist = watchlistId === null ? null : await findWatchlistById(db, watchlistId);
    if (watchlist === null) return null;
    const salt = await findPageSalt(db, watchlist.watchlistId);
    return salt !== null && secrets.checkLink('watchlist-page', params.token, salt, now()) ? watchlist : null;
  };
  const show = async (
    request: OfToken,
    reply: FastifyReply,
    { watchlistId }: Watchlist,
    said: Said = {},
    refusedWith = 422,
  ) => {
    const watchlist = (await findWatchlistById(db, watchlistId))!;
    const hits = await currentHits(db, watchlistId, now(), { limit: SHOWN_HITS + 1 });
    const view: WatchlistView = {
      watchlist,
      runs: await listRuns(db, watchlistId, { limit: SHOWN_RUNS }),
      hits: hits.slice(0, SHOWN_HITS),
      isCut: hits.length > SHOWN_HITS,
      upload: said.upload ?? null,
      refusal: said.refusal ?? null,
      path: `/watchlists/${request.params.token}`,
    };
    const refused = view.refusal !== null || view.upload?.isTaken === false;
    return reply
      .code(refused ? refusedWith : 200)
      .type(HTML)
      .send(renderWatchlistPage(view, baseUrl));
  };
  const upload = async (request: OfToken, watchlist: Watchlist): Promise<Said> => {
    let skipFaulty = false;
    let taken: UploadSaid | null = null;
    for await (const part of request.parts()) {
      // A browser sends parts in the order of the form: the box stands before the file.
      if (part.type === 'field') skipFaulty ||= part.fieldname === 'skip-faulty';
      else taken = await actions.loadWatchlist(watchlist, part.file, { who: WHO, skipFaulty });
    }
    return taken === null ? { refusal: 'The form has no file: choose one.' } : { upload: taken };
  };

  // Files are read in a scope of their own, so that no other form takes one.
  forms.register(async (scope) => {
    await scope.register(multipart, {
      limits: { files: 1, fields: 5, fieldSize: 1_000, fileSize: MOST_BYTES + 1024, headerPairs: 50 },
    });

    scope.get('/watchlists/:token', async (request: OfToken, reply) => {
      const watchlist = await find(request);
      return watchlist === null ? refuseLink(reply, baseUrl) : show(request, reply, watchlist);
    });

    scope.post(
      '/watchlists/:token/rows',
      { bodyLimit: MOST_BYTES + 64 * 1024, config: { isUpload: true } },
      async (request: OfToken, reply) => {
        const watchlist = await find(request);
        if (watchlist === null) return refuseLink(reply, baseUrl);
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
      },
    );

    scope.post('/watchlists/:token/decisions', async (request: OfToken, reply) => {
      const watchlist = await find(request);
      if (watchlist === null) return refuseLink(reply, baseUrl);
      const refusal = await decide(watchlist, request.body);
      if (refusal !== null) return show(request, reply, watchlist, { refusal });
      return reply.redirect(`/watchlists/${request.params.token}`, 303);
    });
  });

  async function decide({ watchlistId }: Watchlist, body: unknown): Promise<string | null> {
    const form = body instanceof URLSearchParams ? body : new URLSearchParams();
    const hitId = /^\d{1,15}$/u.exec(form.get('hit') ?? '')?.[0];
    const hit = hitId === undefined ? null : await findHit(db, watchlistId, Number(hitId));
    const reason = (form.get('reason') ?? '').trim();
    const expiresOn = form.get('expires') || null;
    if (hit === null) return 'There is no such hit.';
    if (reason.length < 3 || reason.length > 1_000)
      return 'A decision needs a reason of 3 to 1,000 characters.';
    if (expiresOn !== null && (!isDay(expiresOn) || expiresOn < easternDay(now())))
      return 'The last day of a decision must be today or later.';
    await decideNotAMatch(db, watchlistId, hit, { reason, who: WHO, madeAt: now(), expiresOn });
    return null;
  }
}

/** What is the file's fault is told to who uploads; what is ours is thrown on. */
function refusalOf(error: unknown): Said {
  if (error instanceof ElwatchError && !error.retry) return { refusal: `${error.message}. ${error.hint}` };
  const { code } = error as { code?: string };
  if (code === 'FST_REQ_FILE_TOO_LARGE') return { refusal: 'The file is larger than 50 MB.' };
  if (code?.startsWith('FST_')) return { refusal: `The form could not be read: ${errorLine(error)}` };
  throw error;
}
