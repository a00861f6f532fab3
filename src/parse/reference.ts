import type { DocumentReference } from '../model.ts';
import { normalNumber } from './head.ts';

/** A reference to another document, with its place in the text. */
export interface FoundReference extends DocumentReference {
  start: number;
  end: number;
}

const CITED =
  /\b(\d{2,3}) (?:FR|F\.R\.|Fed\. ?Reg\.|Federal Register) (?:at )?(\d{1,3},\d{3}|\d{1,6})(?![\w/])/giu;
/** "FR Doc. 2022-03029", "rule document 2025-05426", "document number E8-19102". */
const NUMBERED =
  /\b(?:FR Doc(?:ument)?\.?|(?:rule )?documents?|rule|Doc\.)(?: (?:nos?\.|numbers?))? ((?:[A-Z]\d-)?(?:\d{4}|\d{2}|[A-Z]\d)[–—‑-]\d{1,6})\b/giu;

/**
 * A document number as it is compared: plain hyphens, the running number with five digits ("2012-7333" and
 * "2012-07333" are one document, sources §2.5; "E8-19102" and "97-2503" keep theirs).
 */
export function paddedNumber(number: string): string {
  return normalNumber(number).replace(
    /((?:^|-)\d{4}-)(\d{1,4})$/u,
    (_, year: string, tail: string) => year + tail.padStart(5, '0'),
  );
}

/** The documents that a text refers to, in order; a number with its citation close behind is one reference. */
export function findReferences(text: string): FoundReference[] {
  const found: FoundReference[] = [];
  for (const match of text.matchAll(NUMBERED))
    found.push({
      number: paddedNumber(match[1]!),
      citation: null,
      start: match.index,
      end: match.index + match[0].length,
    });
  for (const match of text.matchAll(CITED)) {
    const citation = `${Number(match[1])} FR ${Number(match[2]!.replace(',', ''))}`;
    const end = match.index + match[0].length;
    const near = found.find(
      (one) =>
        one.citation === null &&
        ((one.end <= match.index && /^[^;“”]{0,90}$/u.test(text.slice(one.end, match.index))) ||
          (end <= one.start && /^[\s,(]*$/u.test(text.slice(end, one.start)))),
    );
    if (near) Object.assign(near, { citation, end: Math.max(near.end, end) });
    else found.push({ number: null, citation, start: match.index, end });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Number in an API URL as `correction_of` holds it: ".../documents/2025-05426.json?publication_date=2025-03-28". */
export function numberInUrl(url: string | null): string | null {
  const path = url?.split(/[?#]/u)[0]?.replace(/\/+$/u, '').slice(-200);
  const number = /(?:^|\/)((?:[CR]\d-)?(?:\d{4}|\d{2}|[A-Z]\d)[–—‑-]\d{1,6})(?:\.json)?$/u.exec(
    path ?? '',
  )?.[1];
  return number ? paddedNumber(number) : null;
}

/** "C1-2025-05426" corrects "2025-05426" (sources, §1.8). */
export function numberCorrectedBy(number: string): string | null {
  const match = /^[CR]\d-(.+)$/u.exec(number);
  return match ? paddedNumber(match[1]!) : null;
}

/** References without doubles: what has the same number or the same citation is one document. */
export function mergeReferences(references: readonly DocumentReference[]): DocumentReference[] {
  const merged: DocumentReference[] = [];
  for (const { number, citation } of references) {
    const same = merged.find(
      (one) => (number !== null && one.number === number) || (citation !== null && one.citation === citation),
    );
    if (!same) merged.push({ number, citation });
    else {
      same.number ??= number;
      same.citation ??= citation;
    }
  }
  return merged;
}
