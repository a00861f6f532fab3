import { z } from 'zod';
import { ElwatchError } from '../errors.ts';
import { getJson, type Http } from '../http.ts';
import { halveWindow, type Window } from './days.ts';
import { FOUND_FIELDS, type FoundDocument, keyOf, readFoundDocument } from './found-document.ts';
import { unexpectedAnswer } from './unexpected-answer.ts';

/** Legal are 2 to 2000; older servers and documents say 1000 (sources, §1.4). */
const PER_PAGE = 1000;
/** From here on a count or a page is not to be trusted: slice by date. */
const TRUSTED_COUNT = 1000;
const REACHABLE_PAGES = 50;
const REACHABLE_DOCUMENTS = 10_000;
const SEARCH_BYTES = 32 * 1024 * 1024;

const Answer = z.object({
  count: z.number().int().nonnegative(),
  results: z.array(z.unknown()).optional(),
});

/** Told of each result that cannot be read; without it such a result fails the search. */
export type OnMalformed = (fault: ElwatchError) => void;

/** Conditions of a documents search but for the dates, as `[['conditions[type][]', 'RULE']]`. */
export type Conditions = readonly (readonly [key: string, value: string])[];

/**
 * Finds all documents of a window of publication days, both ends within: federalregister.gov API v1, documents
 * search. A large window is halved by date; a single day is paged. The list is whole, or an error is thrown.
 *
 * @throws ElwatchError `unexpected-answer`, `paging-reset`, `window-too-large`, or as `getJson` does
 */
export async function searchWindow(
  http: Http,
  baseUrl: string,
  conditions: Conditions,
  window: Window,
  onMalformed?: OnMalformed,
): Promise<FoundDocument[]> {
  const first = await searchPage(http, baseUrl, conditions, window, 1, onMalformed);
  if (first.count === 0) return [];
  const halves =
    first.count >= TRUSTED_COUNT || !isReachable(first) ? halveWindow(window.from, window.to) : null;
  if (halves === null) return collectPages(http, baseUrl, conditions, window, first, onMalformed);
  const found: FoundDocument[] = [];
  for (const half of halves)
    found.push(...(await searchWindow(http, baseUrl, conditions, half, onMalformed)));
  return found;
}

interface Page {
  count: number;
  /** Results that came, those that cannot be read included. */
  rows: number;
  documents: FoundDocument[];
}

/** The server may silently give pages of 20, so what came on the first page says how long a page is. */
const pagesOf = ({ count, rows }: Page) => Math.ceil(count / Math.max(rows, 1));

function isReachable(first: Page): boolean {
  return pagesOf(first) <= REACHABLE_PAGES && first.count < REACHABLE_DOCUMENTS;
}

async function collectPages(
  http: Http,
  baseUrl: string,
  conditions: Conditions,
  window: Window,
  first: Page,
  onMalformed?: OnMalformed,
): Promise<FoundDocument[]> {
  if (!isReachable(first))
    throw new ElwatchError(
      'window-too-large',
      `${first.count} documents on ${window.from}, in pages of ${first.rows}, are more than the search can reach`,
      {
        retry: false,
        hint: 'the search was not narrowed as asked; compare its address with the documentation',
      },
    );
  const documents = new Map(first.documents.map((document) => [keyOf(document), document]));
  let { rows } = first;
  for (let number = 2; number <= pagesOf(first); number++) {
    const page = await searchPage(http, baseUrl, conditions, window, number, onMalformed);
    // A page out of reach is silently page 1 again; a changed count means that rows moved between pages.
    if (page.count !== first.count)
      throw pagingReset(window, `the count went from ${first.count} to ${page.count} at page ${number}`);
    const repeated = page.documents.find((document) => documents.has(keyOf(document)));
    if (repeated) throw pagingReset(window, `page ${number} brings ${repeated.number} again`);
    for (const document of page.documents) documents.set(keyOf(document), document);
    rows += page.rows;
  }
  // More than promised is harmless: a count is an estimate (sources, §1.4), and nothing is missing.
  if (rows < first.count)
    throw pagingReset(window, `${first.count} documents were promised and ${rows} came`);
  return [...documents.values()];
}

function pagingReset(window: Window, message: string): ElwatchError {
  return new ElwatchError(
    'paging-reset',
    `the search from ${window.from} to ${window.to} lost its place: ${message}`,
    {
      retry: true,
      hint: 'try again later; documents may have been imported meanwhile',
    },
  );
}

/** One page. Zero hits have a count and no results (sources, §1.5); anything else without results is an error. */
async function searchPage(
  http: Http,
  baseUrl: string,
  conditions: Conditions,
  window: Window,
  number: number,
  onMalformed?: OnMalformed,
): Promise<Page> {
  const query = new URLSearchParams([
    ...conditions.map(([key, value]): [string, string] => [key, value]),
    ['conditions[publication_date][gte]', window.from],
    ['conditions[publication_date][lte]', window.to],
    ['order', 'oldest'],
    ['per_page', String(PER_PAGE)],
    ['page', String(number)],
    ...FOUND_FIELDS.map((field): [string, string] => ['fields[]', field]),
  ]);
  // Answers may be kept for a day on their way (max-age=86400; sources, §1.9).
  const { value } = await getJson(http, `${baseUrl}/api/v1/documents.json?${query}`, {
    maxBytes: SEARCH_BYTES,
    timeoutMs: 60_000,
    headers: { 'cache-control': 'no-cache' },
  });
  const parsed = Answer.safeParse(value);
  if (!parsed.success) throw unexpectedAnswer('a search answer has no count, or results that are no list');
  const { count, results } = parsed.data;
  if (count > 0 && (results === undefined || (results.length === 0 && number === 1)))
    throw unexpectedAnswer(`a search answer counts ${count} documents and brings none`);
  const documents = (results ?? []).flatMap((value) => {
    try {
      return [readFoundDocument(value)];
    } catch (error) {
      if (!onMalformed || !(error instanceof ElwatchError)) throw error;
      onMalformed(error);
      return [];
    }
  });
  const outside = documents.find(({ publishedOn }) => publishedOn < window.from || publishedOn > window.to);
  if (outside)
    throw unexpectedAnswer(
      `the document ${outside.number} of ${outside.publishedOn} is outside ${window.from} to ${window.to}`,
    );
  if (count === 0 && documents.length > 0)
    throw unexpectedAnswer(`a search answer counts 0 documents and brings ${documents.length}`);
  return { count, rows: results?.length ?? 0, documents };
}
