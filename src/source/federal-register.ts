import { ElwatchError } from '../errors.ts';
import { getJson, type Http, type Refusal } from '../http.ts';
import { TYPES_NOT_LAW } from '../model.ts';
import { DaySchema, type Window } from './days.ts';
import { DOCUMENT_NUMBER, normaliseNumber, padNumber } from './document-number.ts';
import { compareFound, type FoundDocument, keyOf } from './found-document.ts';
import { type Conditions, type OnMalformed, searchWindow } from './search-window.ts';
import { unexpectedAnswer } from './unexpected-answer.ts';

export type { FoundDocument } from './found-document.ts';

const RECORD_BYTES = 4 * 1024 * 1024;
const FULL_TEXT_BYTES = 32 * 1024 * 1024;

/**
 * Never `term`: its "or" is an AND (sources, §1.3). The second finds joint and OFR-authored documents, also
 * corrections (type CORRECT), so it asks for no type; what is no law is left out by name afterwards.
 */
const SEARCHES: readonly Conditions[] = [
  [
    ['conditions[agencies][]', 'industry-and-security-bureau'],
    ['conditions[type][]', 'RULE'],
  ],
  [
    ['conditions[cfr][title]', '15'],
    ['conditions[cfr][part]', '744'],
  ],
];

export interface FederalRegister {
  /**
   * Finds the rules published from … to (days, both within): those of BIS, and all that amend part 744 of title
   * 15 CFR. In the order of print, each once.
   *
   * @throws ElwatchError `unexpected-answer`, `paging-reset`, `window-too-large`, or as `getJson` does
   */
  searchRules(window: Window, onMalformed?: OnMalformed): Promise<FoundDocument[]>;
  /**
   * Fetches the record of a document; without a day, that which the API finds first (numbers were reused
   * before 2016). `bytes` is the answer as it came, `record` its JSON (an object).
   *
   * @throws ElwatchError `http-404` only where the API itself says that it has no such record;
   *   `unexpected-answer` where it answers with another document; or as `getJson` does
   */
  fetchRecord(
    number: string,
    publishedOn: string | null,
  ): Promise<{ bytes: Buffer; record: unknown; contentType: string }>;
  /**
   * Fetches the full text at the address that a record gave, at most 32 MB, at the pace for XML.
   *
   * @throws ElwatchError as `Http.get` does; `host-not-allowed` for an address outside the sites
   */
  fetchFullText(xmlUrl: string): Promise<{ bytes: Buffer; contentType: string; url: string }>;
}

/** Opens the client of federalregister.gov, API v1. `baseUrl` is the site, without a slash at its end. */
export function createFederalRegister({ http, baseUrl }: { http: Http; baseUrl: string }): FederalRegister {
  return {
    searchRules: async (window, onMalformed) => {
      for (const day of [window.from, window.to]) assertDay(day);
      const found = new Map<string, FoundDocument>();
      if (window.from > window.to) return [];
      for (const conditions of SEARCHES)
        for (const document of await searchWindow(http, baseUrl, conditions, window, onMalformed))
          if (!TYPES_NOT_LAW.includes(document.type) && !found.has(keyOf(document)))
            found.set(keyOf(document), document);
      return [...found.values()].sort(compareFound);
    },

    fetchRecord: async (number, publishedOn) => {
      if (publishedOn !== null) assertDay(publishedOn);
      const name = normaliseNumber(number);
      if (!DOCUMENT_NUMBER.test(name)) throw badArgument(`"${number.slice(0, 60)}" is no document number`);
      const query = publishedOn === null ? '' : `?publication_date=${publishedOn}`;
      const url = `${baseUrl}/api/v1/documents/${name}.json${query}`;
      const { value, answer } = await getJson(http, url, {
        maxBytes: RECORD_BYTES,
        timeoutMs: 60_000,
        headers: { 'cache-control': 'no-cache' },
      }).catch((error: unknown) => Promise.reject(doubtNotFound(error, name)));
      const record = (value ?? {}) as { document_number?: unknown; publication_date?: unknown };
      const given = String(record.document_number).slice(0, 60);
      if (padNumber(given) !== padNumber(name))
        throw unexpectedAnswer(`asked for the document ${name}, got ${given}`);
      if (publishedOn !== null && (record.publication_date ?? publishedOn) !== publishedOn)
        throw unexpectedAnswer(
          `asked for the document ${name} of ${publishedOn}, got that of ${String(record.publication_date).slice(0, 20)}`,
        );
      return { bytes: answer.bytes, record, contentType: answer.contentType };
    },

    fetchFullText: async (xmlUrl) => {
      const { bytes, contentType, url } = await http.get(xmlUrl, {
        accept: 'xml',
        maxBytes: FULL_TEXT_BYTES,
        timeoutMs: 120_000,
      });
      return { bytes, contentType, url };
    },
  };
}

/** A 404 makes a document "gone", so a page from a proxy or a wrong base address must not pass for one. */
function doubtNotFound(error: unknown, number: string): unknown {
  if (!(error instanceof ElwatchError) || error.code !== 'http-404') return error;
  const { message } = error.cause as Refusal;
  return message === null
    ? unexpectedAnswer(`the document ${number} got a 404 that is not the API's own`, error)
    : error;
}

function assertDay(day: string): void {
  if (!DaySchema.safeParse(day).success) throw badArgument(`"${day.slice(0, 60)}" is no day YYYY-MM-DD`);
}

function badArgument(message: string): ElwatchError {
  return new ElwatchError('bad-argument', message, { retry: false, hint: 'correct it and call again' });
}
