import { numberOf, publishedOnOf, type StandInDocument, showRecord, text } from './documents.ts';
import { type Reply, replyJson } from './reply.ts';

export interface SearchContext {
  documents: readonly StandInDocument[];
  /** Slugs of agencies that exist. */
  agencies: ReadonlySet<string>;
  origin: string;
  pageViews: number;
  /** A `per_page` above it silently becomes 20. */
  mostPerPage: number;
}

const TYPE_CODES: Record<string, string> = {
  Rule: 'RULE',
  'Proposed Rule': 'PRORULE',
  Notice: 'NOTICE',
  'Presidential Document': 'PRESDOCU',
  Correction: 'CORRECT',
  'Uncategorized Document': 'UNKNOWN',
  'Sunshine Act Document': 'SUNSHINE',
};
const DEFAULT_FIELDS = [
  'title',
  'type',
  'abstract',
  'document_number',
  'html_url',
  'pdf_url',
  'public_inspection_pdf_url',
  'publication_date',
  'agencies',
  'excerpts',
];
const FIELDS = new Set([
  ...DEFAULT_FIELDS,
  'subtype',
  'action',
  'toc_doc',
  'toc_subject',
  'dates',
  'explanation',
  'citation',
  'volume',
  'start_page',
  'end_page',
  'page_length',
  'effective_on',
  'signing_date',
  'comments_close_on',
  'agency_names',
  'cfr_references',
  'docket_id',
  'docket_ids',
  'dockets',
  'regulation_id_numbers',
  'regulation_id_number_info',
  'regulations_dot_gov_info',
  'regulations_dot_gov_url',
  'comment_url',
  'significant',
  'topics',
  'correction_of',
  'corrections',
  'body_html_url',
  'full_text_xml_url',
  'raw_text_url',
  'mods_url',
  'json_url',
  'images',
  'images_metadata',
  'not_received_for_publication',
  'page_views',
  'president',
  'presidential_document_number',
  'executive_order_number',
  'executive_order_notes',
  'proclamation_number',
  'disposition_notes',
]);
const DATE_KEY = /^publication_date\]\[(is|year|gte|lte)$/u;

/** Answers a documents search as federalregister.gov does, its silences included (sources, §1.2 to §1.5, §1.9). */
export function searchDocuments(query: URLSearchParams, context: SearchContext): Reply {
  const fault = findFault(query, context.agencies);
  if (fault) return fault;
  const hits = context.documents.filter((document) => matches(document, query));
  const order = query.get('order');
  const direction = order === 'oldest' ? 1 : order === 'newest' ? -1 : 0;
  const key = (document: StandInDocument) => `${publishedOnOf(document)} ${numberOf(document)}`;
  hits.sort((a, b) => direction * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const description = `Documents ${[...query]
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
    .slice(0, 200)}`;
  if (hits.length === 0) return replyJson({ count: 0, description });

  const { page, perPage } = readPaging(query, context.mostPerPage);
  const pages = Math.min(Math.ceil(hits.length / perPage), 50);
  const fields = query.getAll('fields[]').filter(Boolean);
  const results = hits.slice((page - 1) * perPage, page * perPage).map((document) => {
    const record = showRecord(document, context.origin, context.pageViews);
    return Object.fromEntries(
      (fields.length > 0 ? fields : DEFAULT_FIELDS).map((field) => [field, record[field] ?? null]),
    );
  });
  const linkTo = (number: number) => {
    const link = new URLSearchParams(query);
    link.set('page', String(number));
    return `${context.origin}/api/v1/documents.json?${link}`;
  };
  return replyJson({
    count: hits.length,
    description,
    total_pages: pages,
    ...(page < pages ? { next_page_url: linkTo(page + 1) } : {}),
    ...(page > 1 ? { previous_page_url: linkTo(page - 1) } : {}),
    results,
  });
}

/** Whatever is out of bounds silently becomes another value (sources, §1.4). */
function readPaging(query: URLSearchParams, mostPerPage: number): { page: number; perPage: number } {
  const asked = Number(query.get('per_page') ?? 20);
  const perPage = Number.isInteger(asked) && asked >= 2 && asked <= mostPerPage ? asked : 20;
  const page = Number(query.get('page') ?? 1);
  return {
    perPage,
    page: Number.isInteger(page) && page >= 1 && page <= 50 && page * perPage <= 10_000 ? page : 1,
  };
}

/** Conditions that carry a value, by the name inside the first brackets; blank ones count as absent. */
function conditionsOf(query: URLSearchParams): [key: string, value: string][] {
  return [...query].flatMap(([name, value]) => {
    const key = /^conditions\[(.+?)\](?:\[\])?$/u.exec(name)?.[1];
    return key !== undefined && value !== '' ? [[key, value] as [string, string]] : [];
  });
}

function findFault(query: URLSearchParams, agencies: ReadonlySet<string>): Reply | null {
  const errors: Record<string, string> = {};
  for (const [key, value] of conditionsOf(query)) {
    if (key === 'agencies') {
      if (!agencies.has(value)) errors.agencies = 'invalid value';
    } else if (key === 'type') {
      if (!Object.values(TYPE_CODES).includes(value)) errors.type = 'invalid value';
    } else if (key === 'cfr][title') {
      if (!(Number(value) >= 1 && Number(value) <= 50)) errors.cfr = 'CFR title must be between 1 and 50';
    } else if (DATE_KEY.test(key)) {
      if (Number.isNaN(Date.parse(value))) errors.publication_date = 'Publication Date is not a valid .';
    } else if (key !== 'cfr][part') errors[key.replace(/\].*/u, '')] = 'is not a valid field';
  }
  if (Object.keys(errors).length > 0) return replyJson({ errors }, 400);
  const unknown = query.getAll('fields[]').find((field) => field !== '' && !FIELDS.has(field));
  return unknown === undefined
    ? null
    : replyJson({ status: 400, message: `field '${unknown}' not valid` }, 400);
}

function matches(document: StandInDocument, query: URLSearchParams): boolean {
  const conditions = conditionsOf(query);
  const valuesOf = (key: string) => conditions.filter(([name]) => name === key).map(([, value]) => value);
  const { record } = document;
  const slugs = list(record.agencies).map((agency) => text(agency.slug));
  const agencies = valuesOf('agencies');
  if (agencies.length > 0 && !agencies.some((slug) => slugs.includes(slug))) return false;
  const types = valuesOf('type');
  if (types.length > 0 && !types.includes(TYPE_CODES[text(record.type)] ?? 'UNKNOWN')) return false;

  const [title] = valuesOf('cfr][title');
  const [part] = valuesOf('cfr][part');
  if (title !== undefined) {
    const [low, high = low] = (part ?? '0-99999').split('-').map(Number);
    const affected = list(record.cfr_references).filter(
      (reference) => Number(reference.title) === Number(title),
    );
    if (
      !affected.some(
        (reference) => Number(reference.part ?? 0) >= low! && Number(reference.part ?? 0) <= high!,
      )
    )
      return false;
  }

  const date = (form: string) => valuesOf(`publication_date][${form}`)[0];
  const on = publishedOnOf(document);
  const [is, year] = [date('is'), date('year')];
  if (is !== undefined) return on === is;
  if (year !== undefined) return on.startsWith(`${year}-`);
  return on >= (date('gte') ?? '') && on <= (date('lte') ?? '9999');
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}
