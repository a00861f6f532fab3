import type { DocumentHead, DocumentReference } from '../model.ts';
import { splitDates } from './dates.ts';
import { findReferences, mergeReferences, numberCorrectedBy, numberInUrl } from './reference.ts';

/** What a document says of itself, for the question whether it corrects another one. */
export interface CorrectsSource {
  head: DocumentHead;
  action: string | null;
  summary: string | null;
  dates: string | null;
  /** First paragraphs of its body. */
  opening: readonly string[];
}

/** A correction by its title or ACTION: "…; Correction", "Final rule; correcting amendment". */
const TITLED = /(?:^|[;:—–(])\s*(?:technical |second |further )?correct(?:ions?|ing amendments?)\b/iu;
/** The second is that of the "CFR Corrections" of the Office of the Federal Register (sources, §3.1). */
const OPENING =
  /\bmakes? the following corrections?\b|\bcorrect an? (?:editorial|technical)\b.{0,40}\berrors? that appeared in\b/iu;

/** Whether a document is a correction of another one: by the register's word, or by its own. */
export function isCorrection({ head, action, opening }: Omit<CorrectsSource, 'summary' | 'dates'>): boolean {
  return (
    head.type === 'Correction' ||
    head.correctionOf !== null ||
    numberCorrectedBy(head.number) !== null ||
    TITLED.test(head.title) ||
    TITLED.test(action ?? '') ||
    opening.some((text) => OPENING.test(text))
  );
}

/** That this document corrects something, said of the present. */
const CORRECTS =
  /\b(?:corrects|correcting|to correct|(?:is|are) (?:hereby )?corrected|(?:makes?|making|following|these|this|issu\w+|publish\w+|contains?) (?:the following |a |an |these |technical )*corrections?|corrections? (?:of|to)\b)/iu;
/** "as corrected at 90 FR 1", "corrected by": told of the past, as is what only surrounds it. */
const PAST =
  /\b(?:as|was|were|previously|been|subsequently) (?:\w+ )?(?:corrected|amended|revised|delayed|stayed)\b[^;]{0,80}$/iu;

/**
 * The documents that this one corrects: by its record, its number, or its own words ("In FR Doc. 2022-03029,
 * published at 87 FR 6022 …"). A document that merely cites others corrects none of them.
 */
export function readCorrects(source: CorrectsSource): DocumentReference[] {
  const { head, summary, dates, opening } = source;
  const byRecord = numberInUrl(head.correctionOf) ?? numberCorrectedBy(head.number);
  const found: DocumentReference[] = byRecord ? [{ number: byRecord, citation: null }] : [];
  const correction = isCorrection(source);
  const texts = [head.title, head.abstract, summary, dates, ...(correction ? opening : [])];
  for (const text of texts)
    for (const sentence of splitDates((text ?? '').replace(/\s+/gu, ' ').slice(0, 20_000))) {
      if (!CORRECTS.test(sentence)) continue;
      for (const reference of findReferences(sentence)) {
        if (PAST.test(sentence.slice(Math.max(0, reference.start - 120), reference.start))) continue;
        found.push({ number: reference.number, citation: reference.citation });
      }
    }
  const merged = mergeReferences(found);
  // The record names one document; a lone citation in the same text is the place of that very one.
  const [first, second] = merged;
  if (byRecord && first && second && merged.length === 2 && second.number === null && first.citation === null)
    return [{ number: first.number, citation: second.citation }];
  return merged.filter(({ number }) => number === null || number !== head.number);
}
