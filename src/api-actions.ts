import { ElwatchError, errorLine } from './errors.ts';
import { loadWatchlist } from './load-watchlist.ts';
import type { Entry, Watchlist } from './model.ts';
import type { Parts } from './parts.ts';
import { previewAlert } from './preview.ts';
import { entrySubject } from './screen/entry-subject.ts';
import { DEFAULT_THRESHOLD, MATCHER_VERSION } from './screen/screen.ts';
import { searchReadings } from './screen/search-readings.ts';
import { openScreener, type Screener } from './screening/open-screener.ts';
import { screenUpload, screenWatchlist } from './screening.ts';
import { askToConfirm, signUp } from './sign-up.ts';
import { createSourceTexts } from './source-texts.ts';
import { latestSeq } from './store/changes.ts';
import { currentEntries } from './store/entries.ts';
import { changeSettings } from './subscribe/change-settings.ts';
import { replay } from './subscribe/replay.ts';
import { rotateSecret } from './subscribe/rotate-secret.ts';
import { subscribe } from './subscribe.ts';
import { sendTest } from './test-send.ts';
import { spoolUpload } from './watchlist/spool.ts';
import type { ApiActions, ScreenReader, WatchlistUpload } from './web/api/api-parts.ts';

/** What the API sets going, over the live parts. */
export function createApiActions(parts: Parts): ApiActions {
  return {
    signUp: (email, settings) => signUp(parts, email, settings),
    previewAlert: (settings) => previewAlert(parts, settings),
    async subscribe(request, organisationId, vouchedBy) {
      const subscribed = await subscribe(parts, request, organisationId, vouchedBy);
      if (subscribed.subscription.status === 'unconfirmed')
        await askToConfirm(parts, subscribed.subscription);
      return subscribed;
    },
    askToConfirm: (subscription) => askToConfirm(parts, subscription),
    editSubscription: (subscription, settings) => changeSettings(parts, subscription, settings),
    sendTest: (subscription) => sendTest(parts, subscription),
    rotateSecret: (subscriptionId) => rotateSecret(parts, subscriptionId),
    replay: (subscriptionId, after) => replay(parts, subscriptionId, after),
    screen: createScreenReader(parts),
    readLatin: searchReadings,
    sourceTexts: createSourceTexts(parts),
    loadWatchlist: (watchlist, bytes, options) => upload(parts, watchlist, bytes, options),
    screenWatchlist: (watchlist) => screenWatchlist(parts, watchlist, 'demand'),
  };
}

/** Spools, loads and compares; the job compares what could not be compared now. */
async function upload(
  parts: Parts,
  watchlist: Watchlist,
  bytes: AsyncIterable<Uint8Array>,
  options: { who: string; skipFaulty: boolean },
): Promise<WatchlistUpload> {
  const file = await spoolUpload(bytes);
  try {
    const loaded = await loadWatchlist(parts, watchlist, file, options);
    if (!loaded.isTaken) return { ...loaded.reading, isTaken: false, watchlist, run: null };
    const run = await screenUpload(parts, watchlist.watchlistId).catch((error: unknown) => {
      parts.log.warn({ watchlist: watchlist.watchlistId, error: errorLine(error) }, 'not compared yet');
      return null;
    });
    return { ...loaded.reading, isTaken: true, watchlist: loaded.watchlist, run };
  } finally {
    await file.remove();
  }
}

/** Lists that are prepared to be compared, as they were after one change. */
interface Prepared {
  lastSeq: number;
  entries: ReadonlyMap<string, Entry>;
  screener: Screener;
}

/** Prepares the lists at the first question after each rule, and keeps them so. */
function createScreenReader({ db }: Parts): ScreenReader {
  let preparing: Promise<Prepared> | null = null;
  const prepare = async (lastSeq: number): Promise<Prepared> => {
    const entries = await currentEntries(db);
    if (entries.length === 0)
      throw new ElwatchError('no-list', 'no list is loaded that could be compared', {
        retry: true,
        hint: 'Start the service, which loads it, or run elwatch baseline.',
      });
    // A request has a thousand names at most, which are compared in turns: no thread is worth its memory.
    const screener = openScreener(entries.map(entrySubject), { names: 0 });
    return { lastSeq, entries: new Map(entries.map((entry) => [entry.entryId, entry])), screener };
  };
  return async (queries, asked) => {
    const lastSeq = await latestSeq(db);
    let prepared = preparing === null ? null : await preparing;
    if (prepared === null || prepared.lastSeq !== lastSeq) {
      preparing = prepare(lastSeq);
      preparing.catch(() => {
        preparing = null;
      });
      prepared = await preparing;
    }
    const { entries, screener } = prepared;
    const threshold = asked ?? DEFAULT_THRESHOLD;
    const hits = await screener.screen(
      queries.map(({ id, name, aliases, addresses, country }) => ({
        ...{ id, addresses, country },
        names: [name, ...aliases].filter((text) => text !== ''),
      })),
      threshold,
    );
    return {
      ...{ matcherVersion: MATCHER_VERSION, threshold, lastSeq: prepared.lastSeq },
      hits: hits.map(({ subjectId, ...hit }) => ({ ...hit, entry: entries.get(subjectId)! })),
    };
  };
}
