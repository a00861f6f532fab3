import type { Citation } from '../model.ts';

/** What a placeholder in the citation column stands for: the document it is printed in. */
export interface Placeholder {
  volume: number | null;
  page: number | null;
  /** Day of publication. */
  on: string | null;
}

export interface ReadCitations {
  citations: Citation[];
  /** What was left of the cell when all citations were taken out; '' when all was read. */
  rest: string;
  /** True where the cell holds a placeholder that could not be resolved. */
  unresolved: boolean;
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const MONTH_NAME = `(?:${MONTHS.map((month) => `${month.slice(0, 3)}(?:${month.slice(3)})?`).join('|')}|sept)\\.?`;

/** `m/d/yy`, `mm/dd/yyyy` or "August 24, 2022". No groups of its own. */
const DATE = `(?:\\d{1,2}/\\d{1,2}/\\d{2,4}|${MONTH_NAME} \\d{1,2}, \\d{4})`;

/** What stands in the brackets of a placeholder: "INSERT FR PAGE NUMBER", "FR PAGE NUMBER". */
const HOLE = '\\s?(?:insert|(?:FR )?page)[^\\]]{0,200}';

/** A volume, a page or a placeholder for it, and (mostly) a date; or a placeholder for all of it. */
const CITATION = new RegExp(
  `(?:(\\d{2,3})\\s*(?:FR|Fed\\. ?Reg\\.)\\s*(?:(\\d{1,6})(?!\\d)|(\\[${HOLE}\\]))|(\\[(?:\\d{2,3} FR )?${HOLE}\\]))` +
    // A second hole for the day alone belongs to the first.
    `(?:\\s*preview citation details)?(?:\\s*[,.]*\\s*(?:(${DATE})|\\[\\s?(?:insert )?(?:the )?(?:date|day)[^\\]]{0,200}\\]))?`,
  'giu',
);

function day(year: number, month: number, dayOfMonth: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, dayOfMonth));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== dayOfMonth) return null;
  return at.toISOString().slice(0, 10);
}

/** A date as rules and the supplement print it ("3/28/25", "March 28, 2025"), as `YYYY-MM-DD`, or null. */
export function readPrintedDate(text: string): string | null {
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/u.exec(text.trim());
  if (slashed) {
    const year = Number(slashed[3]);
    // The list begins in 1997 (62 FR 4910), so two digits above 90 are of the last century.
    return day(
      year >= 100 ? year : year > 90 ? 1900 + year : 2000 + year,
      Number(slashed[1]),
      Number(slashed[2]),
    );
  }
  const written = /^([a-z]+)\.? (\d{1,2}), (\d{4})$/iu.exec(text.trim());
  const month = written && MONTHS.findIndex((name) => name.startsWith(written[1]!.toLowerCase().slice(0, 3)));
  return written && month !== null && month >= 0
    ? day(Number(written[3]), month + 1, Number(written[2]))
    : null;
}

/**
 * Reads a citation cell: `90 FR 14035, 3/28/25.`, several joined by ";" "," or a line break, dates missing or
 * in either form, and placeholders such as `90 FR [INSERT FR PAGE NUMBER AND 3/28/25].`, which stand for the
 * page and day of the document itself (sources, §4.6).
 */
export function readCitations(text: string, placeholder: Placeholder | null): ReadCitations {
  const citations: Citation[] = [];
  let unresolved = false;
  const rest = text
    .replace(CITATION, (_match, volume, page, pageHole, wholeHole, date) => {
      const inHole = new RegExp(DATE, 'iu').exec(pageHole ?? wholeHole ?? '')?.[0];
      const printed = date ?? inHole;
      const printedOn = printed ? readPrintedDate(printed) : null;
      if (page !== undefined) {
        citations.push({ volume: Number(volume), page: Number(page), on: printedOn });
        return '';
      }
      const of = volume ? Number(volume) : (placeholder?.volume ?? null);
      if (!placeholder || of === null || placeholder.page === null) unresolved = true;
      else citations.push({ volume: of, page: placeholder.page, on: placeholder.on ?? printedOn });
      return '';
    })
    .replace(/\band\b/giu, '')
    .replace(/[\s,;.]+/gu, ' ')
    .trim();
  return { citations, rest, unresolved };
}
