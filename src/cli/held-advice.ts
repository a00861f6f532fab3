import type { Issue } from '../model.ts';
import type { StoredDocument } from '../store/documents.ts';

/** The words that tell most; a failed check has none, its issue no place in the text. */
export function longestExcerpt(issues: readonly Issue[]): string | null {
  // An instruction that was not understood comes before the rows that it left unclaimed.
  for (const inInstruction of [true, false]) {
    const found = issues.flatMap(({ excerpt, locator }) =>
      locator !== null && (locator.instruction !== '') === inInstruction && excerpt !== null ? [excerpt] : [],
    );
    const [longest] = found.sort((a, b) => b.length - a.length);
    if (longest !== undefined) return longest;
  }
  return null;
}

/** Codes of what no decision can mend: there is no text, or it cannot be read. */
const WITHOUT_TEXT =
  /^(?:xml-missing|http-|timeout|network-error|body-|html-for-xml|not-well-formed|bad-|doctype|too-deep|wrong-content|blocked|unexpected|document-gone)/u;
const ON_THE_LIST =
  /^(?:target-|already-listed|name-taken|part-absent|replaced-nothing|targets-exist|additions-are-new)/u;

/** The one command that helps most often, by what holds the document. */
export function suggest(document: StoredDocument, issues: readonly Issue[], isShown = false): string {
  const { number } = document;
  const codes = issues.filter((issue) => issue.holds).map((issue) => issue.code);
  if (document.status !== 'held') return `nothing: the document is ${document.status}`;
  const look = `elwatch held ${isShown ? 'replace' : 'show'} ${number}`;
  if (codes.includes('override-unmatched'))
    return `elwatch held undo ${number}  (the source changed; then replace again)`;
  if (codes.some((code) => WITHOUT_TEXT.test(code)))
    return `elwatch ingest ${number}  (asks for the text again)`;
  if (codes.some((code) => ON_THE_LIST.test(code)))
    return `${look}  (a rule before it may be missing: elwatch backfill)`;
  if (codes.every((code) => code === 'count-mismatch' || code.startsWith('stated-')) && codes.length > 0)
    return `elwatch held accept ${number} --reason "…"  (where the document counts itself wrongly)`;
  return isShown
    ? `${look} --find "…" --by "…" --reason "…"  (or elwatch held accept or ignore)`
    : `${look}  (then elwatch held replace, accept or ignore)`;
}
