import type { DocumentHead, Issue, ListName, Rule } from '../model.ts';
import { seemsToAmend, seemsToCorrect } from './amending-words.ts';
import type { Destination } from './destinations.ts';
import { isFurniture } from './furniture.ts';
import {
  readDateDoubts,
  readEffectiveDay,
  readHeadFromXml,
  readInstructionDays,
  readPreamble,
} from './head.ts';
import { readInline } from './inline.ts';
import { createInstructionReader, type InstructionReader } from './instruction.ts';
import { listOfSupplement } from './mask.ts';
import { type ListTable, matchRows } from './match-rows.ts';
import { isFootnote, readRows } from './rows.ts';
import { compareStated, readStated } from './stated.ts';
import { readGpoTable, readPage } from './table.ts';
import { type AdmittedXml, type AnyNode, type Element, loadXml } from './xml.ts';

/** Elements whose own text needs no reading below an instruction. */
const WITHOUT_MEANING = new Set(
  'HD STARS SECTNO SUBJECT RESERVED AUTH PART FRDOC BILCOD DATED NAME TITLE FTNT EDNOTE EFFDNOT CITA LSTSUB'.split(
    ' ',
  ),
);

interface Reading {
  page: number | null;
  part: string | null;
  list: ListName | null;
  instruction: string;
  issues: Issue[];
  tables: ListTable[];
  destinations: Map<ListName, Destination | null>;
  lists: Set<ListName>;
  /** Page in force at each instruction: a removal has no row whose page could be told. */
  pages: Map<string, number | null>;
}

const ABOUT_LISTS = /supplement no\. ?[467] to part 744|entity list|unverified list|military end-user list/iu;

/** Text that stands in the element itself, not in one below it. */
function ownText(element: Element): string {
  return element.children
    .map((node) => (node.type === 'text' ? node.data : ''))
    .join(' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** A paragraph with a number or a sentence of its own. */
const STARTS_ANEW = /^\s*(?:\(?\w{1,5}[.)]\s|(?:the|in|amend|supplement|under|effective|section|by)\b)/iu;

function nextElement(element: Element): Element | null {
  let next: AnyNode | null = element.next;
  while (next && !isElement(next)) next = next.next;
  return next;
}

function isElement(node: AnyNode): node is Element {
  return node.type === 'tag';
}

/** The document's instructions and tables in the order of print, with the page and part in force. */
function readBody(root: Element, head: DocumentHead): { reading: Reading; reader: InstructionReader } {
  const reader = createInstructionReader();
  const reading: Reading = {
    page: head.startPage,
    part: null,
    list: null,
    instruction: '',
    issues: [],
    tables: [],
    destinations: new Map(),
    lists: new Set(),
    pages: new Map(),
  };
  const aboutLists = ABOUT_LISTS.test(`${head.title} ${head.abstract ?? ''}`);
  const issue = (code: string, holds: boolean, message: string, excerpt: string) =>
    reading.issues.push({
      code,
      holds,
      message,
      excerpt: excerpt.slice(0, 300),
      locator: { instruction: reading.instruction, row: null, page: reading.page },
    });

  function readTable(element: Element): void {
    const before = reading.page;
    const { table, page } = readGpoTable(element, reading.page);
    reading.page = page;
    const list = reading.list;
    if (list === null) return;
    const read = readRows(table, list, reading.instruction, reading.destinations.get(list) ?? null);
    reading.issues.push(...read.issues);
    for (const part of table.unread) issue('unread-markup', true, 'a part of a table was not read', part);
    for (const note of table.notes) {
      const text = note.lines.join(' ');
      if (!isFootnote(text)) issue('unread-note', false, 'a note below a table was not read', text);
    }
    reading.destinations.set(list, read.destination);
    // All rows of a rule cite the page on which its first table begins (sources, §4.6).
    const first = reading.tables.find((other) => other.list === list);
    reading.tables.push({
      list,
      rows: read.rows,
      placeholder: first?.placeholder ?? {
        volume: head.volume,
        page: before ?? head.startPage,
        on: head.publishedOn,
      },
    });
  }

  /** Paragraphs that were read as the end of the one before them. */
  const continued = new Set<Element>();
  let heading: string | null = null;

  /** The text of an instruction; one that was broken off goes on in the next paragraph without a number. */
  function readInstruction(element: Element): string {
    let text = readInline(element.children).lines.join(' ');
    for (let next = nextElement(element); next?.name.toUpperCase() === 'AMDPAR'; next = nextElement(next)) {
      const more = readInline(next.children).lines.join(' ');
      if (/(?:[.:;]|;\s*(?:and|or))[”"]?$/u.test(text) || STARTS_ANEW.test(more)) break;
      text += ` ${more}`;
      continued.add(next);
    }
    return text;
  }

  function walk(element: Element): void {
    const name = element.name.toUpperCase();
    if (name === 'PRTPAGE') reading.page = readPage(element) ?? reading.page;
    else if (name === 'AMDPAR') {
      if (continued.has(element)) return;
      reading.list = reader.read(readInstruction(element), reading.part);
      reading.instruction = reader.label();
      reading.pages.set(reading.instruction, reading.page);
      if (reading.list) reading.lists.add(reading.list);
      for (const order of [...reader.orders, ...reader.headings]) reading.lists.add(order.list);
      for (const child of element.children) if (isElement(child)) walkPages(child);
    } else if (name === 'GPOTABLE') readTable(element);
    else if (name === 'GPH' || name === 'MATH') {
      if (reading.list)
        issue('table-as-image', true, 'a part of the amendment is an image and cannot be read', name);
    } else if ((name === 'P' || name === 'FP') && reading.list) {
      const text = readInline(element.children).lines.join(' ');
      if (isFurniture(text) || text === '') return;
      if (seemsToAmend(text))
        issue('amendment-in-paragraph', true, 'a paragraph outside the instructions seems to amend', text);
      else issue('unread-paragraph', false, 'a paragraph below an instruction was not read', text);
    } else if (name === 'P' && aboutLists) {
      const text = readInline(element.children).lines.join(' ');
      if (seemsToCorrect(text))
        issue('amendment-in-paragraph', true, 'a paragraph outside the instructions corrects the text', text);
    } else if (name === 'SIG') {
      reading.list = null;
    } else if (name === 'HD' && reading.list) {
      // The table below "Supplement No. 7 to Part 744" is that list's, whatever the last instruction was about.
      const heading = /^supplement no\.? ?([467]) to part 744\b/iu.exec(
        readInline(element.children).lines.join(' ').trim(),
      );
      const list = heading && listOfSupplement(heading[1]!);
      if (list && reading.lists.has(list)) reading.list = list;
    } else {
      // A heading is nearer to the truth than the attribute, which can be wrong (sources, §3.1). The list stays
      // in force: a table can stand in the REGTEXT behind that of its instruction.
      if (name === 'REGTEXT') reading.part = heading ?? element.attribs.PART ?? reading.part;
      if (name === 'PART') {
        const part = /\bPART\s+(\d+)/iu.exec(readInline(element.children).lines.join(' '));
        if (part) {
          heading = part[1]!;
          reading.part = heading;
        }
      }
      const text = WITHOUT_MEANING.has(name) ? '' : ownText(element);
      if (reading.list && text !== '')
        issue('unread-markup', true, `the text of an element ${name} was not read`, text);
      if (name === 'PREAMB') walkPages(element);
      else for (const child of element.children) if (isElement(child)) walk(child);
    }
  }

  function walkPages(element: Element): void {
    if (element.name.toUpperCase() === 'PRTPAGE') reading.page = readPage(element) ?? reading.page;
    for (const child of element.children) if (isElement(child)) walkPages(child);
  }

  walk(root);
  reader.finish();
  reading.issues.push(...reader.issues);
  return { reading, reader };
}

function dateIssues(
  head: DocumentHead,
  dates: string | null,
  lists: ReadonlySet<ListName>,
  { orders, days }: InstructionReader,
): Issue[] {
  const issues: Issue[] = [];
  const note = (code: string, holds: boolean, message: string) =>
    issues.push({ code, holds, message, excerpt: dates?.slice(0, 300) ?? null, locator: null });
  const printed = readEffectiveDay(dates);
  if (printed !== null && head.effectiveOn !== null && printed !== head.effectiveOn)
    note(
      'effective-date-differs',
      false,
      `DATES says ${printed}, the record says ${head.effectiveOn}; the document itself is followed`,
    );
  const own = readInstructionDays(dates);
  const effectiveOn = printed ?? head.effectiveOn;
  const dated = days.filter((day) => day.on !== effectiveOn).map((day) => day.label.split('.')[0]!);
  const touched = [...new Set(orders.map((order) => order.instruction.split('.')[0]!))].filter(
    (number) => own.has(number) || dated.includes(number),
  );
  if (lists.size > 0 && touched.length > 0)
    note(
      'instruction-dates',
      true,
      `instruction ${touched.join(', ')} takes effect on a day of its own, which is not read yet`,
    );
  if (lists.size > 0) for (const doubt of readDateDoubts(dates)) note('date-unread', true, doubt);
  return issues;
}

/**
 * Reads one rule: its amendments in order, what it states about itself, and everything that could not be
 * accounted for. Pure; changes nothing.
 *
 * @param xml admitted text of the document; where it holds a whole issue, `at` says which of its rules
 * @param record head from the API record, or null where only the full text is at hand
 */
export function readRule(xml: AdmittedXml, record: DocumentHead | null, at = 0): Rule {
  const span = xml.rules[at];
  const $ = loadXml(span ? xml.text.slice(span.start, span.end) : xml.text);
  const root = $.root().children()[0] as Element;
  const own = readHeadFromXml($);
  const preamble = readPreamble($);
  const dates = preamble.dates ?? record?.dates ?? null;
  const head: DocumentHead = record
    ? {
        ...record,
        startPage: record.startPage ?? own.startPage,
        effectiveOn: readEffectiveDay(dates) ?? record.effectiveOn,
      }
    : own;

  const { reading, reader } = readBody(root, head);
  const matched = matchRows(reader.orders, reading.tables);
  for (const { locator } of [...matched.amendments, ...reader.headings])
    if (locator.row === null) locator.page = reading.pages.get(locator.instruction) ?? null;
  const issues = [
    ...reading.issues,
    ...matched.issues,
    ...dateIssues(record ?? head, dates, reading.lists, reader),
  ];
  if (record && own.number !== 'unknown' && padded(own.number) !== padded(record.number))
    issues.push({
      code: 'number-differs',
      holds: true,
      message: `the full text calls itself ${own.number}, the record ${record.number}`,
      excerpt: null,
      locator: null,
    });

  const lists = [...reading.lists];
  const fromAbstract = readStated(head.abstract, head.title);
  // Mostly the abstract is the SUMMARY, word for word.
  const fromSummary =
    preamble.summary === head.abstract ? fromAbstract : readStated(preamble.summary, head.title);
  const stated = Object.keys(fromAbstract).length > 0 ? fromAbstract : fromSummary;
  for (const difference of compareStated(fromAbstract, fromSummary))
    issues.push({
      code: 'stated-differs',
      holds: lists.length > 0,
      message: `the abstract and the SUMMARY differ: ${difference}`,
      excerpt: null,
      locator: null,
    });
  for (const list of lists)
    if (
      ![...matched.amendments, ...reader.headings].some((change) => change.list === list) &&
      !reader.issues.some((issue) => issue.code === 'footnote-text') &&
      !issues.some((found) => found.holds)
    )
      issues.push({
        code: 'no-amendments',
        holds: true,
        message: `an instruction amends the ${list}, and no amendment was found in it`,
        excerpt: null,
        locator: null,
      });
  return {
    document: head,
    lists,
    amendments: matched.amendments,
    headings: reader.headings,
    suspensions: [],
    corrects: [],
    stated,
    issues,
  };
}

/** "2012-7333" and "2012-07333" are one document (sources, §2.5). */
function padded(number: string): string {
  return number.replace(/-(\d{1,4})$/u, (_, tail: string) => `-${tail.padStart(5, '0')}`);
}
