import type { Amendment, DocumentHead, Issue, ListName, Rule } from '../model.ts';
import { type Body, readBody } from './body.ts';
import { isCorrection, readCorrects } from './corrects.ts';
import { readEffectiveDay } from './dates.ts';
import { applyEffectDays } from './effect.ts';
import { type Preamble, readHeadFromXml, readPreamble } from './head.ts';
import { readLine } from './inline.ts';
import { matchRows } from './match-rows.ts';
import { paddedNumber } from './reference.ts';
import { ordersOfReprints } from './reprints.ts';
import { compareStated, readStated } from './stated.ts';
import { isTitledSuspension, type Passage, type ReadSuspensions, readSuspensions } from './suspension.ts';
import { readNamedLists } from './target.ts';
import { type AdmittedXml, type Element, loadXml } from './xml.ts';

/** Paragraphs of the body that can say what a correction corrects; what stands behind them only repeats it. */
const OPENING_PARAGRAPHS = 12;

function holding(code: string, message: string, excerpt: string | null = null): Issue {
  return { code, holds: true, message, excerpt, locator: null };
}

function readOpening(root: Element): string[] {
  const found: string[] = [];
  const walk = (element: Element): void => {
    for (const child of element.children) {
      if (found.length === OPENING_PARAGRAPHS) return;
      if (child.type !== 'tag' || child.name === 'PREAMB') continue;
      if (child.name === 'P') found.push(readLine(child.children));
      else walk(child);
    }
  };
  walk(root);
  return found;
}

/** What the document says of the counts: the abstract, and the SUMMARY in its place; they may not differ. */
function readStatements(head: DocumentHead, summary: string | null) {
  const fromAbstract = readStated(head.abstract, head.title);
  // Mostly the abstract is the SUMMARY, word for word.
  const fromSummary = summary === head.abstract ? fromAbstract : readStated(summary, head.title);
  return {
    stated: Object.keys(fromAbstract).length > 0 ? fromAbstract : fromSummary,
    differences: compareStated(fromAbstract, fromSummary),
  };
}

/** Whether a document comes from the agency that keeps the lists, or amends the part that holds them. */
function isOurs({ codes, agency }: Preamble): boolean {
  return /\b744\b/u.test(codes ?? '') || /industry and security/iu.test(agency ?? '');
}

/** What the document says of earlier rules that it puts off (sources, §4.1). */
function readPutOff(
  head: DocumentHead,
  preamble: Preamble,
  { dates, ours }: { dates: string | null; ours: boolean },
  body: Body,
) {
  const told = (source: Passage['source'], text: string | null): Passage[] =>
    text === null ? [] : [{ text, source, instruction: '', page: head.startPage }];
  const titled = [head.title, preamble.action ?? ''].some(isTitledSuspension);
  // In an ordinary rule the SUMMARY can tell of a stay only as background.
  const isOrder = titled || body.passages.length > 0 || body.instructions.orders.length === 0;
  const found: ReadSuspensions = readSuspensions(
    [
      ...body.passages,
      ...told('dates', dates),
      ...(isOrder ? told('summary', preamble.summary ?? head.abstract) : []),
    ],
    { effectiveOn: head.effectiveOn, ours },
  );
  if (ours && titled && found.suspensions.length === 0 && found.issues.length === 0)
    found.issues.push(
      holding(
        'suspension-unclear',
        'its title says that a rule is put off, and no sentence was read that says which and until when',
        head.title,
      ),
    );
  return found;
}

function missingAmendments(
  lists: readonly ListName[],
  body: Body,
  amendments: readonly Amendment[],
  issues: readonly Issue[],
): Issue[] {
  const { headings, issues: own } = body.instructions;
  if (issues.some((found) => found.holds) || own.some((issue) => issue.code === 'footnote-text')) return [];
  return lists
    .filter((list) => ![...amendments, ...headings].some((change) => change.list === list))
    .map((list) =>
      holding('no-amendments', `an instruction amends the ${list}, and no amendment was found in it`),
    );
}

/**
 * Reads one rule: its amendments in order, what it states about itself, the earlier rules that it corrects or
 * puts off, and everything that could not be accounted for. Pure; changes nothing.
 *
 * @param xml admitted text of the document; where it holds a whole issue, `at` says which of its rules
 * @param record head from the API record, or null where only the full text is at hand
 */
export function readRule(xml: AdmittedXml, record: DocumentHead | null, at = 0): Rule {
  const span = xml.rules[at];
  const $ = loadXml(span ? xml.text.slice(span.start, span.end) : xml.text);
  const root = $.root().children()[0] as Element;
  const preamble = readPreamble($);
  const own = readHeadFromXml($, preamble);
  const dates = preamble.dates ?? record?.dates ?? null;
  const head: DocumentHead = record
    ? {
        ...record,
        startPage: record.startPage ?? own.startPage,
        effectiveOn: readEffectiveDay(dates) ?? record.effectiveOn,
      }
    : own;

  const opening = readOpening(root);
  const corrects = { head, action: preamble.action, summary: preamble.summary, dates, opening };
  const ours = isOurs(preamble);
  const named = readNamedLists([head.title, head.abstract, preamble.summary, ...opening].join(' '));
  const correction =
    isCorrection(corrects) && (ours || named.length > 0)
      ? { list: named.length === 1 ? named[0]! : null }
      : null;
  const body = readBody(root, { head, ours: ours || named.length > 0, correction });
  const putOff = readPutOff(head, preamble, { dates, ours }, body);

  const { headings, orders } = body.instructions;
  const reprinted = ordersOfReprints(body.reprints, body.tables);
  const matched = matchRows([...orders, ...reprinted.orders], body.tables);
  const amendments = [...matched.amendments, ...body.corrections];
  for (const { list } of amendments) body.lists.add(list);
  for (const { locator } of [...amendments, ...headings])
    if (locator.row === null) locator.page ??= body.pages.get(locator.instruction) ?? null;

  const issues = [
    ...body.issues,
    ...reprinted.issues,
    ...matched.issues,
    ...putOff.issues,
    ...applyEffectDays(amendments, {
      dates,
      recordedOn: (record ?? head).effectiveOn,
      prefixes: body.instructions.days,
      labels: new Set([...body.instructions.labels, ...body.pages.keys()]),
      read: putOff.read,
    }),
  ];
  if (record && own.number !== 'unknown' && paddedNumber(own.number) !== paddedNumber(record.number))
    issues.push(
      holding('number-differs', `the full text calls itself ${own.number}, the record ${record.number}`),
    );
  const lists = [...body.lists];
  const { stated, differences } = readStatements(head, preamble.summary);
  for (const difference of differences)
    issues.push({
      ...holding('stated-differs', `the abstract and the SUMMARY differ: ${difference}`),
      holds: lists.length > 0,
    });
  issues.push(...missingAmendments(lists, body, amendments, issues));
  return {
    document: head,
    lists,
    amendments,
    headings,
    suspensions: putOff.suspensions,
    corrects: readCorrects(corrects),
    stated,
    issues,
  };
}
