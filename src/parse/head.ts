import { z } from 'zod';
import { ElwatchError } from '../errors.ts';
import type { DocumentHead } from '../model.ts';
import { readEffectiveDay } from './dates.ts';
import { readLine } from './inline.ts';
import { readPage } from './table.ts';
import type { CheerioAPI, Element } from './xml.ts';

const day = z.iso.date();
const text = (most: number) => z.string().max(most);

/** The fields of an API record that the product reads (federalregister.gov API v1, sources §1.6). */
const Record_ = z.object({
  document_number: text(40).regex(/^[\w–—-]+$/u),
  title: text(2000).nullish(),
  type: text(100).nullish(),
  abstract: text(50_000).nullish(),
  dates: text(20_000).nullish(),
  citation: text(60).nullish(),
  volume: z.number().int().positive().nullish(),
  start_page: z.number().int().positive().nullish(),
  end_page: z.number().int().positive().nullish(),
  publication_date: day.nullish(),
  effective_on: day.nullish(),
  html_url: text(2000).nullish(),
  full_text_xml_url: text(2000).nullish(),
  pdf_url: text(2000).nullish(),
  correction_of: text(2000).nullish(),
});

/** A document number in its one form: plain hyphens (sources, §1.8). */
export function normalNumber(number: string): string {
  return number.trim().replace(/[–—‑]/gu, '-');
}

/** The number in the words by which a document names itself: "[FR Doc. 2025–05426 Filed 3-25-25; 4:15 pm]". */
export function readDocumentNumber(text: string): string | null {
  const number = /FR\s*Doc\.?\s*([A-Za-z0-9]+(?:\s?[‐-―−-]\s?[A-Za-z0-9]+)*)/iu.exec(text)?.[1];
  return number === undefined ? null : number.replace(/\s?[‐-―−-]\s?/gu, '-');
}

function clean(value: string | null | undefined): string | null {
  const folded = value?.replace(/\s+/gu, ' ').trim();
  return folded ? folded : null;
}

/**
 * Reads the head of a document from its API record.
 *
 * @throws ElwatchError `bad-record` that names each field at fault
 */
export function readHead(record: unknown): DocumentHead {
  const parsed = Record_.safeParse(record);
  if (!parsed.success)
    throw new ElwatchError(
      'bad-record',
      `the metadata record cannot be read: ${parsed.error.issues
        .map((fault) => `${fault.path.join('.')} ${fault.message}`)
        .join('; ')
        .slice(0, 400)}`,
      {
        retry: false,
        hint: 'compare it with the API of federalregister.gov; a field may have changed its form',
      },
    );
  const of = parsed.data;
  return {
    number: normalNumber(of.document_number),
    title: clean(of.title) ?? '[No title available]',
    type: of.type ?? 'Rule',
    abstract: clean(of.abstract),
    dates: clean(of.dates),
    citation: clean(of.citation) ?? (of.volume && of.start_page ? `${of.volume} FR ${of.start_page}` : null),
    volume: of.volume ?? null,
    startPage: of.start_page ?? null,
    endPage: of.end_page ?? null,
    publishedOn: of.publication_date ?? null,
    effectiveOn: of.effective_on ?? null,
    htmlUrl: of.html_url ?? null,
    xmlUrl: of.full_text_xml_url ?? null,
    pdfUrl: of.pdf_url ?? null,
    correctionOf: of.correction_of ?? null,
  };
}

/** What the preamble says of its document. */
export interface Preamble {
  summary: string | null;
  dates: string | null;
  /** "Final rule; correction." */
  action: string | null;
  /** "15 CFR Parts 736 and 744" */
  codes: string | null;
  agency: string | null;
}

/** The preamble as the document itself prints it; SUMMARY and DATES are for comparison with its record. */
export function readPreamble($: CheerioAPI): Preamble {
  const parts = $('PREAMB').first().children();
  const linesOf = (nodes: ReturnType<typeof parts.filter>) =>
    clean(
      nodes
        .toArray()
        .map((node) => readLine((node as Element).children))
        .join(' '),
    );
  const paragraphs = (selector: string) => linesOf(parts.filter(selector).first().find('P'));
  return {
    summary: paragraphs('SUM'),
    dates: paragraphs('EFFDATE, DATES'),
    action: paragraphs('ACT'),
    codes: linesOf(parts.filter('CFR')),
    agency: linesOf(parts.filter('AGENCY, SUBAGY')),
  };
}

/** The head as far as the full text alone tells it; what only the record knows stays null. */
export function readHeadFromXml($: CheerioAPI, { summary, dates }: Preamble): DocumentHead {
  const line = (selector: string) => {
    const node = $(selector).first()[0] as Element | undefined;
    return node ? clean(readLine(node.children)) : null;
  };
  const number = readDocumentNumber(line('FRDOC') ?? '');
  const first = $('PRTPAGE').first()[0] as Element | undefined;
  return {
    number: number ?? 'unknown',
    title: line('SUBJECT') ?? '[No title available]',
    type: 'Rule',
    abstract: summary,
    dates,
    citation: null,
    volume: null,
    startPage: first ? readPage(first) : null,
    endPage: null,
    publishedOn: null,
    effectiveOn: readEffectiveDay(dates),
    htmlUrl: null,
    xmlUrl: null,
    pdfUrl: null,
    correctionOf: null,
  };
}
