import { z } from 'zod';
import { DaySchema } from './days.ts';
import { DOCUMENT_NUMBER, normaliseNumber, padNumber } from './document-number.ts';
import { unexpectedAnswer } from './unexpected-answer.ts';

/** A document that the search found. `number` has plain hyphens; `record` is the result but for its page views. */
export interface FoundDocument {
  number: string;
  publishedOn: string;
  title: string;
  /** "Rule", as the API labels it. */
  type: string;
  /** Null until the full text is imported (it can come late). Not to be trusted: it names its own host. */
  xmlUrl: string | null;
  effectiveOn: string | null;
  startPage: number | null;
  record: unknown;
}

/** Asked for by name: the default fields hold neither dates nor the address of the full text (sources, §1.5). */
export const FOUND_FIELDS = [
  'document_number',
  'publication_date',
  'title',
  'type',
  'abstract',
  'action',
  'dates',
  'effective_on',
  'citation',
  'volume',
  'start_page',
  'end_page',
  'agencies',
  'cfr_references',
  'docket_ids',
  'regulation_id_numbers',
  'correction_of',
  'corrections',
  'html_url',
  'full_text_xml_url',
  'pdf_url',
  'json_url',
];

const Result = z.object({
  document_number: z.string().max(40).transform(normaliseNumber).pipe(z.string().regex(DOCUMENT_NUMBER)),
  publication_date: DaySchema,
  title: z
    .string()
    .max(5000)
    .nullish()
    .transform((title) => title ?? '[No title available]'),
  type: z.string().max(100),
  full_text_xml_url: z.url().max(2000).nullish(),
  effective_on: DaySchema.nullish(),
  start_page: z.number().int().nonnegative().nullish(),
});

/**
 * Reads one result of a documents search.
 *
 * @throws ElwatchError `unexpected-answer` that names the document and each field at fault
 */
export function readFoundDocument(result: unknown): FoundDocument {
  const parsed = Result.safeParse(result);
  if (!parsed.success) {
    const { document_number: number } = (result ?? {}) as { document_number?: unknown };
    const name = typeof number === 'string' ? number.slice(0, 40) : 'without a number';
    const faults = parsed.error.issues.map((fault) => `${fault.path.join('.')} ${fault.message}`).join('; ');
    throw unexpectedAnswer(`the document ${name} in a search answer cannot be read: ${faults.slice(0, 400)}`);
  }
  const of = parsed.data;
  return {
    number: of.document_number,
    publishedOn: of.publication_date,
    title: of.title,
    type: of.type,
    xmlUrl: of.full_text_xml_url ?? null,
    effectiveOn: of.effective_on ?? null,
    startPage: of.start_page ?? null,
    record: withoutPageViews(result as object),
  };
}

/** What tells documents apart: numbers were used again before 2016 (sources, §1.8). */
export function keyOf(document: FoundDocument): string {
  return `${document.publishedOn} ${padNumber(document.number)}`;
}

/** The order of print, which is the order in which rules amend. A document without a page comes last of its day. */
export function compareFound(a: FoundDocument, b: FoundDocument): number {
  const order = (x: string | number, y: string | number) => (x < y ? -1 : x > y ? 1 : 0);
  return (
    order(a.publishedOn, b.publishedOn) ||
    order(a.startPage ?? Number.MAX_SAFE_INTEGER, b.startPage ?? Number.MAX_SAFE_INTEGER) ||
    order(padNumber(a.number), padNumber(b.number))
  );
}

/** Page views change with every request and would make each look a new version (sources, §1.6). */
function withoutPageViews(record: object): object {
  const { page_views: _pageViews, ...kept } = record as Record<string, unknown>;
  return kept;
}
