import { ElwatchError } from './errors.ts';
import { verifyRule } from './list/verify.ts';
import type { Amendment, Check, DocumentHead, Issue, Rule, Verdict } from './model.ts';
import { readHead } from './parse/head.ts';
import { markupAround } from './parse/markup-around.ts';
import { readRule } from './parse/rule.ts';
import { type AdmittedXml, admitXml } from './parse/xml.ts';
import type { Parts } from './parts.ts';

/** An issue with the markup of the source around its excerpt. */
export type ShownIssue = Issue & { markup: string | null };

/** One document as it came from upstream, and what the reader makes of it. */
export interface Recorded {
  number: string;
  head: DocumentHead;
  /** The API record without its page views, which change with every request. */
  record: Record<string, unknown>;
  /** The full text as it came; null where there is none yet. */
  xml: { bytes: Buffer; url: string } | null;
  /** Null where there is no text, or it is refused at the gate. */
  rule: Rule | null;
  verdict: Verdict | null;
  failingChecks: Check[];
  issues: ShownIssue[];
  /** Why there is no rule, in one line with its code. */
  fault: { code: string; message: string } | null;
  /** Whether it amends a list, says that it does, or its text names one of the supplements. */
  touchesLists: boolean;
}

/** What `parse --json` prints of a rule, as far as a fixture fixes it: the shape of `expected.json`. */
export function summarise(rule: Rule): unknown {
  const { verdict, checks } = verifyRule(rule, null);
  const [list] = rule.lists;
  const { number, citation, title, publishedOn, effectiveOn } = rule.document;
  return {
    document: { number, citation, title, publishedOn, effectiveOn },
    status: verdict,
    lists: rule.lists,
    amendments: rule.amendments,
    // Few documents have these; what is absent says that there are none.
    ...(rule.headings.length > 0 ? { headings: rule.headings } : {}),
    ...(rule.suspensions.length > 0 ? { suspensions: rule.suspensions } : {}),
    ...(rule.corrects.length > 0 ? { corrects: rule.corrects } : {}),
    stated: rule.stated[list ?? 'entity-list'] ?? { add: null, revise: null, remove: null },
    statedByList: rule.stated,
    checks: checks.map(({ name, list: of, status, expected, found }) => ({
      name,
      list: of,
      status,
      expected,
      found,
    })),
    issues: rule.issues.map((issue) => issue.code),
  };
}

/** Names of the supplements with the lists, as an instruction and as a heading print them. */
const NAMES_A_LIST = /supplement\s+no\.?\s*[467]\s+to\s+part\s+744/iu;

/**
 * Fetches one document and reads it, without a store. A text that is not there yet or cannot be read is a
 * `fault` of what is answered, since what came is worth keeping.
 *
 * @throws ElwatchError as the client does
 */
export async function recordDocument(
  { federalRegister }: Pick<Parts, 'federalRegister'>,
  number: string,
  publishedOn: string | null,
): Promise<Recorded> {
  const answer = await federalRegister.fetchRecord(number, publishedOn);
  const { page_views: _pageViews, ...record } = answer.record as Record<string, unknown>;
  const { head, fault: badRecord } = readHeadOrFault(record, number);
  const unread = { rule: null, verdict: null, failingChecks: [], issues: [] };
  const base = { number: head.number, head, record };
  if (head.xmlUrl === null) {
    const message = 'the full text is not published yet; record it again later';
    const fault = badRecord ?? { code: 'xml-missing', message };
    return { ...base, ...unread, xml: null, fault, touchesLists: true };
  }
  const { bytes, url } = await federalRegister.fetchFullText(head.xmlUrl);
  const xml = { bytes, url };
  let admitted: AdmittedXml;
  let rule: Rule;
  try {
    admitted = admitXml(bytes);
    rule = readRule(admitted, head);
  } catch (error) {
    const known = error instanceof ElwatchError ? error : null;
    const fault = { code: known?.code ?? 'parser-failed', message: known?.message ?? String(error) };
    return { ...base, ...unread, xml, fault: badRecord ?? fault, touchesLists: true };
  }
  if (badRecord !== null) return { ...base, ...unread, xml, fault: badRecord, touchesLists: true };
  const { verdict, checks } = verifyRule(rule, null);
  return {
    ...base,
    xml,
    rule,
    verdict,
    failingChecks: checks.filter((check) => check.status === 'fail'),
    issues: rule.issues.map((issue) => ({
      ...issue,
      markup: issue.excerpt === null ? null : markupAround(admitted.text, issue.excerpt),
    })),
    fault: null,
    touchesLists:
      rule.lists.length > 0 || Object.keys(rule.stated).length > 0 || NAMES_A_LIST.test(admitted.text),
  };
}

/** A record whose form changed is what a developer has to see, so it is kept with what can be read of it. */
function readHeadOrFault(
  record: Record<string, unknown>,
  number: string,
): { head: DocumentHead; fault: Recorded['fault'] } {
  try {
    return { head: readHead(record), fault: null };
  } catch (error) {
    if (!(error instanceof ElwatchError)) throw error;
    const { full_text_xml_url: xmlUrl } = record;
    const bare = { document_number: number, title: '[the record cannot be read]' };
    return {
      head: readHead({
        ...bare,
        full_text_xml_url: typeof xmlUrl === 'string' ? xmlUrl.slice(0, 2000) : null,
      }),
      fault: { code: error.code, message: error.message },
    };
  }
}

/** How many amendments of each kind stand under each destination, in the order of the document. */
export function countAmendments(
  amendments: readonly Amendment[],
): { action: Amendment['action']; destination: string; count: number }[] {
  const counts = new Map<string, { action: Amendment['action']; destination: string; count: number }>();
  for (const { action, destination } of amendments) {
    const key = `${action}|${destination}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { action, destination, count: 1 });
  }
  return [...counts.values()];
}
