import { z } from 'zod';
import { ElwatchError } from '../errors.ts';
import { getJson, type Http } from '../http.ts';
import type { ListName } from '../model.ts';
import { DaySchema } from './days.ts';
import { unexpectedAnswer } from './unexpected-answer.ts';

const SUPPLEMENT_BYTES = 32 * 1024 * 1024;
/** Part 744 of title 15 is asked for; history begins here (sources, §5.1). */
const FIRST_DAY = '2017-01-01';
const SUPPLEMENTS: Record<ListName, number> = {
  'entity-list': 4,
  'unverified-list': 6,
  'military-end-user-list': 7,
};

const Titles = z.object({
  titles: z.array(
    z.object({
      number: z.number(),
      up_to_date_as_of: DaySchema.nullish(),
      processing_in_progress: z.boolean().nullish(),
    }),
  ),
});

export interface Ecfr {
  /**
   * Tells the newest day that title 15 can be asked for (usually one or two business days back).
   *
   * @throws ElwatchError `ecfr-processing` while the title is being updated, `unexpected-answer`, or as `getJson`
   */
  upToDateAsOf(): Promise<string>;
  /**
   * Fetches the supplement to part 744 that holds a list, as it stood on a day. The XML is that of the appendix
   * or of the whole part, and holds the `DIV9` of that supplement.
   *
   * @throws ElwatchError `ecfr-date-too-early`, `ecfr-date-too-late` (names the newest day), `unexpected-answer`,
   *   or as `Http.get` does
   */
  fetchSupplement(list: ListName, on: string): Promise<{ bytes: Buffer; on: string; url: string }>;
}

/** Opens the client of ecfr.gov, versioner API v1. `baseUrl` is the site, without a slash at its end. */
export function createEcfr({ http, baseUrl }: { http: Http; baseUrl: string }): Ecfr {
  const api = `${baseUrl}/api/versioner/v1`;
  // eCFR answers 406 to what does not look like a browser; this looks like one and says what it is.
  const headers = {
    'user-agent': `Mozilla/5.0 (compatible; ${http.userAgent.replace(/ \((.*)\)$/u, '; $1')})`,
  };

  async function upToDateAsOf(): Promise<string> {
    const { value } = await getJson(http, `${api}/titles.json`, {
      maxBytes: 1024 * 1024,
      timeoutMs: 60_000,
      headers,
    });
    const parsed = Titles.safeParse(value);
    if (!parsed.success) throw unexpectedAnswer('the list of eCFR titles cannot be read');
    const title = parsed.data.titles.find(({ number }) => number === 15);
    if (!title?.up_to_date_as_of) throw unexpectedAnswer('the list of eCFR titles has no day for title 15');
    if (title.processing_in_progress)
      throw new ElwatchError('ecfr-processing', 'eCFR is updating title 15', {
        retry: true,
        hint: 'ask again in a quarter of an hour: half-updated, it would show differences that are none',
        retryAfterSeconds: 900,
      });
    return title.up_to_date_as_of;
  }

  async function getPart(on: string, supplement: string | null): Promise<{ bytes: Buffer; url: string }> {
    const query = new URLSearchParams({
      part: '744',
      ...(supplement === null ? {} : { appendix: supplement }),
    });
    const url = `${api}/full/${on}/title-15.xml?${query}`;
    return http.get(url, { accept: 'xml', maxBytes: SUPPLEMENT_BYTES, timeoutMs: 180_000, headers });
  }

  return {
    upToDateAsOf,
    fetchSupplement: async (list, on) => {
      assertInHistory(on);
      const supplement = `Supplement No. ${SUPPLEMENTS[list]} to Part 744`;
      const found = await getPart(on, supplement).catch(async (error: unknown) => {
        if (!isCode(error, 'http-404')) return isCode(error, 'http-400') ? null : Promise.reject(error);
        const newest = await upToDateAsOf();
        if (on > newest) throw tooLate(on, newest);
        return null;
      });
      if (found && hasSupplement(found.bytes, supplement)) return { bytes: found.bytes, on, url: found.url };
      // Clients disagree on which of the two requests holds the supplements (sources, §5.1).
      const part = await getPart(on, null);
      if (!hasSupplement(part.bytes, supplement))
        throw unexpectedAnswer(`eCFR of ${on} answers without the ${supplement}`);
      return { bytes: part.bytes, on, url: part.url };
    },
  };
}

function hasSupplement(bytes: Buffer, supplement: string): boolean {
  const name = supplement.replace(/\./gu, '\\.').replace(/ /gu, '\\s+');
  // Bounded: on a text of nothing but "<DIV9 " an open-ended search would take hours.
  return new RegExp(`<DIV9\\b[^<>]{0,400}\\sN\\s*=\\s*["']${name}["']`, 'iu').test(bytes.toString('utf8'));
}

function assertInHistory(on: string): void {
  if (!DaySchema.safeParse(on).success)
    throw new ElwatchError('bad-argument', `"${on.slice(0, 60)}" is no day YYYY-MM-DD`, {
      retry: false,
      hint: 'correct it and call again',
    });
  if (on < FIRST_DAY)
    throw new ElwatchError(
      'ecfr-date-too-early',
      `eCFR has no text of ${on}: its history begins on ${FIRST_DAY}`,
      {
        retry: false,
        hint: `ask for a day from ${FIRST_DAY} on`,
      },
    );
}

function tooLate(on: string, newest: string): ElwatchError {
  return new ElwatchError(
    'ecfr-date-too-late',
    `eCFR has no text of ${on} yet; its newest day is ${newest}`,
    {
      retry: true,
      hint: `ask for ${newest} or an earlier day, or again in some days`,
    },
  );
}

const isCode = (error: unknown, code: string) => error instanceof ElwatchError && error.code === code;
