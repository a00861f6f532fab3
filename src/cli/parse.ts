import pc from 'picocolors';
import { verifyRule } from '../list/verify.ts';
import type { Check, DocumentHead, Rule } from '../model.ts';
import { readHead } from '../parse/head.ts';
import { readRule } from '../parse/rule.ts';
import { MAX_TITLE_BYTES, readSupplementBytes } from '../parse/supplement-bytes.ts';
import { admitXml } from '../parse/xml.ts';
import { describeLocator } from '../render/words.ts';
import { type Output, table } from './output.ts';
import { readInput, readJsonInput } from './read-input.ts';

const NOTHING_STATED = { add: null, revise: null, remove: null };

/** One document as `parse --json` prints it. */
function present(rule: Rule) {
  const { verdict, checks } = verifyRule(rule, null);
  const [list] = [...rule.lists, ...(Object.keys(rule.stated) as (keyof typeof rule.stated)[])];
  return {
    document: rule.document,
    status: verdict,
    lists: rule.lists,
    amendments: rule.amendments,
    stated: (list && rule.stated[list]) ?? NOTHING_STATED,
    statedByList: rule.stated,
    checks,
    issues: rule.issues,
  };
}

/** `elwatch parse`: reads and self-checks one document, or each rule of a whole issue. */
export async function runParse(path: string, options: { meta?: string }, out: Output): Promise<void> {
  const head = options.meta === undefined ? null : readHead(await readJsonInput(options.meta));
  const xml = admitXml(await readInput(path));
  const read = (xml.rules.length > 0 ? xml.rules : [null]).map((_, at) => readRule(xml, null, at));
  if (read.length > 1) return printIssue(read, head, out);
  const document = present(head === null ? read[0]! : readRule(xml, head));
  out.result(document, () => describe(document));
}

/** A whole issue of the Federal Register: its list rules; with a record, only the rule of that number. */
function printIssue(rules: Rule[], head: DocumentHead | null, out: Output): void {
  const touching = rules.filter(
    (rule) => rule.lists.length > 0 && (head === null || rule.document.number === head.number),
  );
  const documents = touching.map(present);
  const none = {
    document: {
      number: null,
      citation: null,
      title: `An issue of the Federal Register with ${rules.length} rules`,
      publishedOn: null,
      effectiveOn: null,
    },
    status: 'unverified',
    amendments: [],
    stated: NOTHING_STATED,
    checks: [] as Check[],
    issues: [],
  };
  const result = documents.length === 1 ? documents[0]! : none;
  out.result(
    { ...result, documents: documents.length === 1 ? undefined : documents, rulesRead: rules.length },
    () =>
      [
        `${rules.length} rules read; ${documents.length} of them amend a list.`,
        ...documents.map(describe),
      ].join('\n\n'),
  );
}

function describe(document: ReturnType<typeof present>): string {
  const colour = { verified: pc.green, unverified: pc.yellow, held: pc.red }[document.status];
  const mark = { pass: pc.green('pass'), fail: pc.red('fail'), skip: pc.yellow('skip') };
  return [
    `${pc.bold(document.document.number)}  ${document.document.title}`,
    `Status: ${colour(document.status)}   Published: ${document.document.publishedOn ?? 'unknown'}   Effective: ${document.document.effectiveOn ?? 'unknown'}`,
    '',
    table(
      ['does', 'destination', 'entry', 'aliases', 'where'],
      document.amendments.map((amendment) => [
        amendment.action,
        amendment.destination,
        amendment.name,
        amendment.aliases.length,
        describeLocator(amendment.locator),
      ]),
    ),
    '',
    ...document.checks.map((check) => `${mark[check.status]}  ${check.message}`),
    ...document.issues.map(
      (issue) => `${issue.holds ? pc.red('holds') : pc.yellow('note')}  ${issue.code}: ${issue.message}`,
    ),
  ].join('\n');
}

/** `elwatch snapshot`: reads a supplement's table as eCFR prints it. */
export async function runSnapshot(
  path: string,
  options: { list: 'entity-list' | 'unverified-list' | 'military-end-user-list' },
  out: Output,
): Promise<void> {
  const { list, entries, issues, reserved } = readSupplementBytes(
    await readInput(path, MAX_TITLE_BYTES),
    options.list,
  );
  out.result({ list, entries, issues, reserved }, () => {
    const counts = new Map<string, number>();
    for (const entry of entries) counts.set(entry.destination, (counts.get(entry.destination) ?? 0) + 1);
    const rows = [...counts].sort((a, b) => b[1] - a[1]).map(([destination, count]) => [destination, count]);
    return [
      table(['destination', 'entries'], rows),
      '',
      `${entries.length} entries under ${counts.size} destinations; ${issues.length} issues.`,
      ...issues.slice(0, 20).map((issue) => `${issue.code}: ${issue.message}`),
    ].join('\n');
  });
}
