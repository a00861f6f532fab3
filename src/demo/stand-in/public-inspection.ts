import { lookUpForm, text } from './documents.ts';
import { type Reply, replyJson, replyNotFound } from './reply.ts';

/** A filing that the stand-in holds. */
export interface StandInFiling {
  /** The API row; addresses a program fetches and page views are made by the stand-in. */
  record: Record<string, unknown>;
  /** Its raw text; null while it is not made yet. */
  text: Buffer | string | null;
  /** Day or instant from which it lies open; `filed_at` of its record unless told. */
  visibleFrom?: string;
  /** Day or instant from which it is gone; its publication day unless told, never for one without. */
  visibleUntil?: string;
}

export const filingNumberOf = ({ record }: StandInFiling) => text(record.document_number);

/** A day stands for its end, so that what is filed on it can be seen. */
const instantOf = (at: string) => Date.parse(at.length === 10 ? `${at}T23:59:59.999Z` : at);

function isOpen(filing: StandInFiling, today: string): boolean {
  const from = filing.visibleFrom ?? text(filing.record.filed_at);
  const until = filing.visibleUntil ?? text(filing.record.publication_date);
  const now = instantOf(today);
  // It leaves when the issue is published, early in the morning of Washington.
  const end = until === '' ? Infinity : Date.parse(until.length === 10 ? `${until}T10:00:00.000Z` : until);
  return (from === '' || Date.parse(from) <= now) && now < end;
}

/** Path of the raw text: the number without its hyphen, in threes (sources, §2.4). */
function rawTextPathOf(filing: StandInFiling): string {
  const threes =
    filingNumberOf(filing)
      .replace(/-/gu, '')
      .match(/.{1,3}/gu) ?? [];
  return `/public-inspection/raw_text/${threes.join('/')}.txt`;
}

/** The row as the API gives it; the fields that are absent are those of sources, §2.2. */
function showFiling(filing: StandInFiling, origin: string, pageViews: number): Record<string, unknown> {
  const number = filingNumberOf(filing);
  return {
    agencies: [],
    agency_letters: [],
    docket_numbers: [],
    editorial_note: null,
    filing_type: 'special',
    html_url: `https://www.federalregister.gov/public-inspection/${number}/rule`,
    last_public_inspection_issue: null,
    num_pages: 12,
    pdf_file_name: `${number}_PI.pdf`,
    pdf_file_size: 250_000,
    pdf_updated_at: filing.record.filed_at ?? null,
    pdf_url: `https://public-inspection.federalregister.gov/${number}.pdf`,
    publication_date: null,
    subject_1: null,
    subject_2: null,
    subject_3: null,
    toc_doc: null,
    toc_subject: null,
    type: 'Rule',
    ...filing.record,
    json_url: `${origin}/api/v1/public-inspection-documents/${number}.json`,
    raw_text_url: filing.record.raw_text_url ?? origin + rawTextPathOf(filing),
    page_views: { count: pageViews, last_updated: new Date().toISOString() },
  };
}

const BASE = /^\/api\/v1\/public[-_]inspection[-_]documents(?:\/([^/]+?))?(?:\.json)?$/u;

/** Answers for the public-inspection desk (sources, §2.1); null for a path that is none of its. */
export function answerPublicInspection(
  asked: URL,
  filings: readonly StandInFiling[],
  context: { today: string; origin: string; pageViews: number },
): Reply | null {
  const { today, origin, pageViews } = context;
  const show = (filing: StandInFiling) => showFiling(filing, origin, pageViews);
  if (asked.pathname.startsWith('/public-inspection/raw_text/')) {
    const found = filings.find((filing) => rawTextPathOf(filing) === asked.pathname);
    if (!found || found.text === null || !isOpen(found, today)) return replyNotFound();
    return { status: 200, type: 'text/plain; charset=utf-8', body: Buffer.from(found.text) };
  }
  const match = BASE.exec(asked.pathname);
  if (!match) return null;
  if (match[1] === 'current')
    return replyDesk(
      filings.filter((filing) => isOpen(filing, today)),
      show,
    );
  if (match[1] === undefined) {
    const on = asked.searchParams.get('conditions[available_on]');
    if (on === null) return replyJson({ errors: { conditions: 'are missing' } }, 400);
    return replyDesk(
      filings.filter((filing) => isOpen(filing, on)),
      show,
    );
  }
  const numbers = decodeURIComponent(match[1]).split(',');
  const byNumber = (number: string) =>
    filings.find(
      (filing) => lookUpForm(filingNumberOf(filing)) === lookUpForm(number) && isOpen(filing, today),
    );
  if (numbers.length === 1) {
    const found = byNumber(numbers[0]!);
    return found ? replyJson(show(found)) : replyNotFound();
  }
  const found = numbers.flatMap((number) => byNumber(number) ?? []);
  const missing = numbers.filter((number) => byNumber(number) === undefined);
  return replyJson({
    count: found.length,
    results: found.map(show),
    ...(missing.length > 0 ? { errors: { not_found: missing } } : {}),
  });
}

/** Not paged; an empty desk still has its `results`. */
function replyDesk(
  filings: readonly StandInFiling[],
  show: (filing: StandInFiling) => Record<string, unknown>,
): Reply {
  const lastOf = (kind: string) =>
    filings
      .filter(({ record }) => (record.filing_type ?? 'special') === kind)
      .map(({ record }) => text(record.filed_at))
      .sort()
      .at(-1) ?? null;
  return replyJson({
    count: filings.length,
    results: filings.map(show),
    special_filings_updated_at: lastOf('special'),
    regular_filings_updated_at: lastOf('regular'),
  });
}
