import type { Citation } from '../model.ts';
import { readCitations } from './citation.ts';
import { readLine } from './inline.ts';
import type { Element } from './xml.ts';

/**
 * A notice of eCFR that an amendment is published and not yet in the text: "Link to an amendment published at
 * 89 FR 6024, Jan. 31, 2024." (sources, §5.3).
 */
export interface Pending {
  /** The notice as printed. */
  text: string;
  /** The document that it names, or null where it names none. */
  citation: Citation | null;
}

const NOTICE =
  /^(?:link to an?\b.{0,80}\bpublished at\b|link to (?:amendment|correction|delay|stay)|effective date note\b)/iu;

/** True for the text of such a notice. */
export function isPendingNotice(text: string): boolean {
  return NOTICE.test(text.slice(0, 200));
}

export function readPending(text: string): Pending {
  return { text, citation: readCitations(text.slice(0, 2000), null).citations[0] ?? null };
}

/** The text of an element although it is one that no sentence reads: its children's. */
function textOf(element: Element): string {
  return readLine(element.children);
}

/** The notices among `XREF` and `EFFDNOT` elements, each once, in the order of print. */
export function readPendingNotices(elements: readonly Element[]): Pending[] {
  const found = new Map<string, Pending>();
  for (const element of elements) {
    const text = textOf(element);
    const note = element.name.toUpperCase() === 'EFFDNOT';
    if (text !== '' && (note || isPendingNotice(text))) found.set(text, readPending(text));
  }
  return [...found.values()];
}
