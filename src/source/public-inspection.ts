import { z } from 'zod';
import { ElwatchError } from '../errors.ts';
import { getJson, type Http, type Refusal } from '../http.ts';
import { DaySchema } from './days.ts';
import { DOCUMENT_NUMBER, normaliseNumber, padNumber } from './document-number.ts';
import type { OnMalformed } from './search-window.ts';
import { unexpectedAnswer } from './unexpected-answer.ts';

/** A document that lies open for public inspection before it is published. */
export interface Filing {
  /** Plain hyphens, padded: a published document may carry the same number without its zeros (sources, §2.5). */
  number: string;
  title: string;
  /** "Rule", as the API labels it. */
  type: string;
  agencies: { name: string; slug: string | null }[];
  /** ISO 8601 in UTC. */
  filedAt: string | null;
  filingType: 'special' | 'regular' | null;
  /** Day on which it is to be published; null for one that was withdrawn ("revoked"). */
  publishedOn: string | null;
  letters: { title: string; url: string }[];
  editorialNote: string | null;
  htmlUrl: string | null;
  /** Null where the record shows the placeholder `missing.pdf`. */
  pdfUrl: string | null;
  /** ISO 8601 in UTC. */
  pdfUpdatedAt: string | null;
  textUrl: string;
  /** The row but for its page views, which change with every request. */
  record: unknown;
}

/** All that lies open now. */
export interface Desk {
  filings: Filing[];
  specialUpdatedAt: string | null;
  regularUpdatedAt: string | null;
}

export interface PublicInspection {
  /**
   * Fetches all filings that lie open now. The list is whole, or an error is thrown.
   *
   * @throws ElwatchError `unexpected-answer`, or as `getJson` does
   */
  fetchCurrent(onMalformed?: OnMalformed): Promise<Desk>;
  /**
   * Fetches one filing.
   *
   * @throws ElwatchError `http-404` only where the API itself says so; `unexpected-answer`; or as `getJson` does
   */
  fetchFiling(number: string): Promise<Filing>;
  /**
   * Fetches the raw text of a filing (made from its PDF), at most 5 MB.
   *
   * @throws ElwatchError as `Http.get` does; `host-not-allowed` for an address outside the sites
   */
  fetchText(filing: Pick<Filing, 'textUrl'>): Promise<{ bytes: Buffer; url: string }>;
}

const DESK_BYTES = 32 * 1024 * 1024;
const TEXT_BYTES = 5 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const url = z.url({ protocol: /^https?$/u }).max(2000);
const line = (most: number) =>
  z
    .string()
    .max(most)
    .transform((text) => text.replace(/\s+/gu, ' ').trim());

const Desk_ = z.object({
  count: z.number().int().nonnegative(),
  results: z.array(z.unknown()),
  special_filings_updated_at: Instant.nullish(),
  regular_filings_updated_at: Instant.nullish(),
});

/** Fields of a filing (sources, §2.2). */
const Row = z.object({
  document_number: z.string().max(40).transform(normaliseNumber).pipe(z.string().regex(DOCUMENT_NUMBER)),
  title: line(5000).nullish(),
  type: z.string().max(100),
  agencies: z
    .array(
      z.object({
        name: z.string().max(500).nullish(),
        raw_name: z.string().max(500).nullish(),
        slug: z.string().max(200).nullish(),
      }),
    )
    .max(100),
  filed_at: Instant.nullish(),
  filing_type: z.enum(['special', 'regular']).nullish(),
  publication_date: DaySchema.nullable(),
  agency_letters: z
    .array(z.object({ title: line(2000).nullish(), url: url.nullish() }))
    .max(100)
    .nullish(),
  editorial_note: line(20_000).nullish(),
  html_url: url.nullish(),
  pdf_url: z.string().max(2000).nullish(),
  pdf_updated_at: Instant.nullish(),
  raw_text_url: z.string().max(2000).nullish(),
});

/** Opens the client of the public-inspection desk of federalregister.gov, API v1 (sources, §2). */
export function createPublicInspection({ http, baseUrl }: { http: Http; baseUrl: string }): PublicInspection {
  const api = `${baseUrl}/api/v1/public-inspection-documents`;
  // Answers may be kept for a day on their way (max-age=86400; sources, §1.9).
  const fresh = { maxBytes: DESK_BYTES, timeoutMs: TIMEOUT_MS, headers: { 'cache-control': 'no-cache' } };
  return {
    fetchCurrent: async (onMalformed) => {
      const { value } = await getJson(http, `${api}/current.json`, fresh);
      const parsed = Desk_.safeParse(value);
      if (!parsed.success)
        throw unexpectedAnswer(
          'the public-inspection desk answers without a count, or results that are no list',
        );
      const { count, results } = parsed.data;
      // It is not paged: a count that differs means that a part is missing.
      if (count !== results.length)
        throw unexpectedAnswer(
          `the public-inspection desk counts ${count} filings and brings ${results.length}`,
        );
      const filings = new Map<string, Filing>();
      for (const row of results)
        try {
          const filing = readRow(row, baseUrl);
          if (!filings.has(filing.number)) filings.set(filing.number, filing);
        } catch (error) {
          if (!onMalformed || !(error instanceof ElwatchError)) throw error;
          onMalformed(error);
        }
      return {
        filings: [...filings.values()],
        specialUpdatedAt: parsed.data.special_filings_updated_at ?? null,
        regularUpdatedAt: parsed.data.regular_filings_updated_at ?? null,
      };
    },

    fetchFiling: async (number) => {
      const name = normaliseNumber(number);
      if (!DOCUMENT_NUMBER.test(name))
        throw new ElwatchError('bad-argument', `"${number.slice(0, 60)}" is no document number`, {
          retry: false,
          hint: 'correct it and call again',
        });
      const { value } = await getJson(http, `${api}/${name}.json`, fresh).catch((error: unknown) =>
        Promise.reject(doubtNotFound(error, name)),
      );
      const filing = readRow(value, baseUrl);
      if (filing.number !== padNumber(name))
        throw unexpectedAnswer(`asked for the filing ${name}, got ${filing.number}`);
      return filing;
    },

    fetchText: async ({ textUrl }) => {
      const { bytes, url: from } = await http.get(textUrl, {
        accept: 'text',
        maxBytes: TEXT_BYTES,
        timeoutMs: TIMEOUT_MS,
        headers: { 'cache-control': 'no-cache' },
      });
      return { bytes, url: from };
    },
  };
}

/** Where the raw text lies: the number without its hyphen, in threes (sources, §2.4). */
export function rawTextPath(number: string): string {
  const threes = number.replace(/-/gu, '').match(/.{1,3}/gu) ?? [];
  return `/public-inspection/raw_text/${threes.join('/')}.txt`;
}

function readRow(row: unknown, baseUrl: string): Filing {
  const parsed = Row.safeParse(row);
  if (!parsed.success) {
    const { document_number: number } = (row ?? {}) as { document_number?: unknown };
    const name = typeof number === 'string' ? number.slice(0, 40) : 'without a number';
    const faults = parsed.error.issues.map((fault) => `${fault.path.join('.')} ${fault.message}`).join('; ');
    throw unexpectedAnswer(`the filing ${name} on public inspection cannot be read: ${faults.slice(0, 400)}`);
  }
  const of = parsed.data;
  const { page_views: _pageViews, ...record } = row as Record<string, unknown>;
  const pdfUrl = of.pdf_url ?? null;
  return {
    number: padNumber(of.document_number),
    title: of.title || '[No title available]',
    type: of.type,
    agencies: of.agencies.map((agency) => ({
      name: agency.name ?? agency.raw_name ?? '',
      slug: agency.slug ?? null,
    })),
    filedAt: of.filed_at ?? null,
    filingType: of.filing_type ?? null,
    publishedOn: of.publication_date,
    letters: (of.agency_letters ?? []).map((letter) => ({
      title: letter.title || 'Letter of the agency',
      url: letter.url ?? '',
    })),
    editorialNote: of.editorial_note || null,
    htmlUrl: of.html_url ?? null,
    pdfUrl: pdfUrl === null || /\bmissing\.pdf$/iu.test(pdfUrl) ? null : pdfUrl,
    pdfUpdatedAt: of.pdf_updated_at ?? null,
    textUrl: of.raw_text_url || baseUrl + rawTextPath(of.document_number),
    record,
  };
}

/** A page from a proxy must not pass for the API's own "no such filing". */
function doubtNotFound(error: unknown, number: string): unknown {
  if (!(error instanceof ElwatchError) || error.code !== 'http-404') return error;
  return (error.cause as Refusal).message === null
    ? unexpectedAnswer(`the filing ${number} got a 404 that is not the API's own`, error)
    : error;
}
