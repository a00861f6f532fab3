import type { Amendment, DocumentHead, Issue, ListName } from '../model.ts';
import { ordersForList, seemsToAmend, seemsToCorrect } from './amending-words.ts';
import { type CorrectionReader, createCorrectionReader } from './correction.ts';
import type { Destination } from './destinations.ts';
import { isFurniture } from './furniture.ts';
import { readInline } from './inline.ts';
import { createInstructionReader, type InstructionReader } from './instruction.ts';
import { listOfSupplement } from './mask.ts';
import type { ListTable } from './match-rows.ts';
import { isFootnote, readRows } from './rows.ts';
import { type Passage, seemsToSuspend } from './suspension.ts';
import { readGpoTable, readPage } from './table.ts';
import type { AnyNode, Element } from './xml.ts';

/** Elements whose own text needs no reading below an instruction. */
const WITHOUT_MEANING = new Set(
  'HD STARS SECTNO SUBJECT RESERVED AUTH PART FRDOC BILCOD DATED NAME TITLE FTNT EDNOTE EFFDNOT CITA LSTSUB'.split(
    ' ',
  ),
);

const ABOUT_LISTS = /supplement no\. ?[467] to part 744|entity list|unverified list|military end-user list/iu;

/** What the table of every supplement has (supplements no. 4, 6 and 7 to 15 CFR part 744). */
const LIST_HEADS = [/country|destination/iu, /entit|listed person/iu];

/** A paragraph with a number or a sentence of its own. */
const STARTS_ANEW = /^\s*(?:\(?\w{1,5}[.)]\s|(?:the|in|amend|supplement|under|effective|section|by)\b)/iu;

/** An entry that is printed anew below a correction which does not say its destination. */
export interface Reprint {
  list: ListName;
  destination: Destination | null;
  names: string[];
  instruction: string;
}

/** What the body of a document holds, in the order of print. */
export interface Body {
  instructions: InstructionReader;
  tables: ListTable[];
  reprints: Reprint[];
  /** Wrong words of an entry that a correction replaces. */
  corrections: Amendment[];
  /** Lists that instructions speak of, or whose correction could not be read. */
  lists: Set<ListName>;
  /** Page in force at each instruction: a removal has no row whose page could be told. */
  pages: Map<string, number | null>;
  /** Instructions that may put off an earlier rule. */
  passages: Passage[];
  issues: Issue[];
}

export interface BodyContext {
  head: DocumentHead;
  /** Whether the document comes from the agency that keeps the lists, or speaks of them or of their part. */
  ours: boolean;
  /** Set for a correction that can be about a list: its orders can stand in plain paragraphs. */
  correction: {
    /** The one list that it can be about, where that can be told. */
    list: ListName | null;
  } | null;
}

function isElement(node: AnyNode): node is Element {
  return node.type === 'tag';
}

/** Text that stands in the element itself, not in one below it. */
function ownText(element: Element): string {
  return element.children
    .map((node) => (node.type === 'text' ? node.data : ''))
    .join(' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

function textOf(element: Element): string {
  return readInline(element.children).lines.join(' ');
}

function holdsTable(element: Element): boolean {
  return element.children.some((child) => isElement(child) && child.name.toUpperCase() === 'GPOTABLE');
}

function nextElement(element: Element): Element | null {
  let next: AnyNode | null = element.next;
  while (next && !isElement(next)) next = next.next;
  return next;
}

/** Reads the document's instructions and tables in the order of print, with the page and part in force. */
export function readBody(root: Element, { head, ours, correction }: BodyContext): Body {
  const instructions = createInstructionReader({ ours });
  const corrections: CorrectionReader | null = correction && createCorrectionReader(correction.list);
  const body: Body = {
    instructions,
    tables: [],
    reprints: [],
    corrections: corrections?.amendments ?? [],
    lists: new Set(),
    pages: new Map(),
    passages: [],
    issues: [],
  };
  const destinations = new Map<ListName, Destination | null>();
  const aboutLists = ABOUT_LISTS.test(`${head.title} ${head.abstract ?? ''}`);
  let page = head.startPage;
  let part: string | null = null;
  let list: ListName | null = null;
  let instruction = '';
  /** Paragraphs that were read as the end of the one before them. */
  const continued = new Set<Element>();
  let heading: string | null = null;
  /** From the first order on; what a preamble tells of the orders is none. */
  let ordering = false;

  const issue = (code: string, holds: boolean, message: string, excerpt: string) =>
    body.issues.push({
      code,
      holds,
      message,
      excerpt: excerpt.slice(0, 300),
      locator: { instruction, row: null, page },
    });

  function readTable(element: Element): void {
    const before = page;
    const read = readGpoTable(element, page);
    page = read.page;
    if (list === null) {
      if (ordering && LIST_HEADS.every((head) => read.table.heads.some((shown) => head.test(shown))))
        issue(
          'table-unclaimed',
          true,
          'a table of entries stands where no instruction speaks of a list',
          read.table.rows[0]?.cells.map(({ lines }) => lines.join(' ')).join(' | ') ?? '',
        );
      return;
    }
    const rows = readRows(read.table, list, instruction, destinations.get(list) ?? null);
    body.issues.push(...rows.issues);
    for (const piece of read.table.unread)
      issue('unread-markup', true, 'a part of a table was not read', piece);
    for (const note of read.table.notes) {
      const text = note.lines.join(' ');
      if (seemsToAmend(text))
        issue('amendment-in-paragraph', true, 'a note below a table seems to amend', text);
      else if (!isFootnote(text)) issue('unread-note', false, 'a note below a table was not read', text);
    }
    destinations.set(list, rows.destination);
    // All rows of a rule cite the page on which its first table begins (sources, §4.6).
    const first = body.tables.find((other) => other.list === list);
    body.tables.push({
      list,
      rows: rows.rows,
      placeholder: first?.placeholder ?? {
        volume: head.volume,
        page: before ?? head.startPage,
        on: head.publishedOn,
      },
    });
  }

  /** The text of an instruction; one that was broken off goes on in the next paragraph without a number. */
  function joinParagraphs(element: Element): string {
    let text = textOf(element);
    for (let next = nextElement(element); next?.name.toUpperCase() === 'AMDPAR'; next = nextElement(next)) {
      const more = textOf(next);
      if (/(?:[.:;]|;\s*(?:and|or))[”"]?$/u.test(text) || STARTS_ANEW.test(more)) break;
      text += ` ${more}`;
      continued.add(next);
    }
    return text;
  }

  function enterInstruction(label: string, about: ListName | null): void {
    list = about;
    instruction = label;
    body.pages.set(label, page);
    if (list) body.lists.add(list);
    for (const order of [...instructions.orders, ...instructions.headings]) body.lists.add(order.list);
  }

  function readInstruction(element: Element): void {
    if (continued.has(element)) return;
    const text = joinParagraphs(element);
    if (seemsToSuspend(text)) {
      instructions.pass(text);
      enterInstruction(instructions.label(), null);
      body.passages.push({ text, source: 'order', instruction, page });
    } else {
      const about = instructions.read(text, part);
      enterInstruction(instructions.label(), about);
    }
    for (const child of element.children) if (isElement(child)) walkPages(child);
  }

  /** A paragraph of a correction; answers whether it was one (sources, §3.6). */
  function readCorrection(text: string): boolean {
    if (corrections === null) return false;
    const found = corrections.read(text, page);
    if (found.kind === 'outside') return false;
    const label = corrections.label();
    if (found.kind === 'instruction')
      enterInstruction(label, instructions.readApart(label, found.text, '744'));
    else if (found.kind === 'elsewhere') enterInstruction(label, null);
    else if (found.kind === 'unread') {
      if (correction?.list) body.lists.add(correction.list);
      issue('correction-unread', true, 'a paragraph of a correction was not understood', text);
    } else enterInstruction(label, found.list ?? list);
    if (found.kind === 'reprint') {
      const { destination, names } = found;
      body.reprints.push({ list: found.list, destination, names, instruction: label });
    }
    return true;
  }

  /** An order for a list that stands where none is expected: it was read by nobody, so it holds. */
  function holdOrder(text: string): void {
    const ordered = ordersForList(text);
    if (ordered === null) return;
    const named = listOfSupplement(ordered);
    if (named) body.lists.add(named);
    issue('order-unread', true, 'an order for a list stands outside the instructions', text);
  }

  function readParagraph(element: Element): void {
    const text = textOf(element);
    if (text === '' || readCorrection(text)) return;
    if (list === null) {
      if (ordering) holdOrder(text);
      if (aboutLists && seemsToCorrect(text))
        issue('amendment-in-paragraph', true, 'a paragraph outside the instructions corrects the text', text);
    } else if (isFurniture(text)) return;
    else if (seemsToAmend(text))
      issue('amendment-in-paragraph', true, 'a paragraph outside the instructions seems to amend', text);
    else issue('unread-paragraph', false, 'a paragraph below an instruction was not read', text);
  }

  function walk(element: Element): void {
    const name = element.name.toUpperCase();
    if (name === 'PRTPAGE') page = readPage(element) ?? page;
    else if (name === 'AMDPAR') {
      ordering = true;
      readInstruction(element);
    } else if (name === 'GPOTABLE') readTable(element);
    else if (name === 'GPH' || name === 'MATH') {
      if (list) issue('table-as-image', true, 'a part of the amendment is an image and cannot be read', name);
    } else if ((name === 'P' || name === 'FP') && !holdsTable(element)) {
      readParagraph(element);
      for (const child of element.children) if (isElement(child)) walkPages(child);
    } else if (name === 'SIG') list = null;
    else if (name === 'HD' && list) {
      // The table below "Supplement No. 7 to Part 744" is that list's, whatever the last instruction was about.
      const named = /^supplement no\.? ?([467]) to part 744\b/iu.exec(textOf(element).trim());
      const own = named && listOfSupplement(named[1]!);
      if (own && body.lists.has(own)) list = own;
    } else {
      // A heading is nearer to the truth than the attribute, which can be wrong (sources, §3.1). The list stays
      // in force: a table can stand in the REGTEXT behind that of its instruction.
      if (name === 'REGTEXT') {
        ordering = true;
        part = heading ?? element.attribs.PART ?? part;
      }
      if (name === 'PART') {
        const named = /\bPART\s+(\d+)/iu.exec(textOf(element));
        if (named) {
          heading = named[1]!;
          part = heading;
        }
      }
      const text = WITHOUT_MEANING.has(name) ? '' : ownText(element);
      // Its own text alone: with all that lies below, deep markup would be read once for each level.
      if (ordering && list === null && text !== '') holdOrder(text);
      if (list && text !== '')
        issue('unread-markup', true, `the text of an element ${name} was not read`, text);
      if (name === 'PREAMB') walkPages(element);
      else for (const child of element.children) if (isElement(child)) walk(child);
    }
  }

  function walkPages(element: Element): void {
    if (element.name.toUpperCase() === 'PRTPAGE') page = readPage(element) ?? page;
    for (const child of element.children) if (isElement(child)) walkPages(child);
  }

  walk(root);
  instructions.finish();
  body.issues.push(...instructions.issues);
  return body;
}
