import { type InlineText, readInline } from './inline.ts';
import type { AnyNode, Element } from './xml.ts';

/** A cell with the column that it begins in. */
export interface Cell extends InlineText {
  column: number;
  /** Columns that it covers. */
  width: number;
}

export interface Row {
  /** Counted from 1 over all rows of the table. */
  index: number;
  /** Page of the Federal Register in force there; null where unknown. */
  page: number | null;
  cells: Cell[];
}

export interface Table {
  /** Text of the leaf heads, from left to right. */
  heads: string[];
  rows: Row[];
  /** Markup that is no part of a table as we know it, described; each is an issue. */
  unread: string[];
  /** Notes below the table. */
  notes: InlineText[];
  /** Page in force at the beginning of the table. */
  page: number | null;
}

const STARS = /^(?:\*\s*)+$/u;

export function isStars(cell: InlineText): boolean {
  return cell.lines.length > 0 && cell.lines.every((line) => STARS.test(line));
}

export function isBlank(cell: InlineText): boolean {
  return cell.lines.length === 0;
}

function children(element: Element, name?: string): Element[] {
  return element.children.filter(
    (node): node is Element =>
      node.type === 'tag' && (!name || (node as Element).name.toUpperCase() === name),
  );
}

function descendants(element: Element, name: string): Element[] {
  return children(element).flatMap((child) =>
    child.name.toUpperCase() === name ? [child] : descendants(child, name),
  );
}

/** Parts of a table that hold no row. */
const TABLE_PARTS = new Set(['TTITLE', 'TDESC', 'BOXHD', 'TNOTE', 'PRTPAGE', 'STARS', 'FTNT']);

function describe(element: Element): string {
  return `${element.name}: ${readInline(element.children).lines.join(' ').slice(0, 200)}`;
}

/** Page number of a `PRTPAGE`: "14035", or null for anything that is no page of this kind. */
export function readPage(element: Element): number | null {
  const page = /^\d{1,6}$/u.exec(element.attribs.P ?? element.attribs.p ?? '');
  return page ? Number(page[0]) : null;
}

/** Level of a head, `H="1"` to `H="9"`; the first where the attribute is missing or no such number. */
function level(head: Element | undefined): number {
  const own = head?.attribs.H ?? '';
  return /^[1-9]$/u.test(own) ? Number(own) : 1;
}

/**
 * Leaf heads of a `BOXHD`: a head that is followed by one of a deeper level only spans those below it and is
 * read in front of each: "License" over "requirement".
 */
function readBoxHeads(boxhd: Element | undefined): string[] {
  if (!boxhd) return [];
  const heads = children(boxhd, 'CHED');
  const above: string[] = [];
  const leaves: string[] = [];
  for (const [index, head] of heads.entries()) {
    above.length = Math.min(above.length, level(head) - 1);
    const text = [...above, readInline(head.children).lines.join(' ')]
      .filter((part) => part !== '')
      .join(' ');
    const isLeaf = index === heads.length - 1 || level(heads[index + 1]) <= level(head);
    if (isLeaf) leaves.push(text);
    else above.push(readInline(head.children).lines.join(' '));
  }
  return leaves;
}

/** Extra columns that an `ENT` spans: `A="03"`, `A="L02"`, `A="1"` (sources, §3.4). */
function readSpan(ent: Element): number {
  return Number(/\d+/u.exec(ent.attribs.A ?? '')?.[0] ?? '0');
}

/**
 * Reads a `GPOTABLE` of the Federal Register. `EXPSTB` widens the stub by so many columns and stays in force
 * for later rows until another row sets it.
 *
 * @param page page in force before the table
 * @returns the table, and the page in force behind it
 */
export function readGpoTable(table: Element, page: number | null): { table: Table; page: number | null } {
  const heads = readBoxHeads(children(table, 'BOXHD')[0]);
  const result: Table = { heads, rows: [], notes: [], unread: [], page };
  for (const head of descendants(table, 'CHED'))
    if (head.attribs.H !== undefined && String(level(head)) !== head.attribs.H)
      result.unread.push(`a head of the level “${head.attribs.H.slice(0, 20)}”`);
  let stub = 0;
  let current = page;
  for (const child of children(table)) {
    const name = child.name.toUpperCase();
    if (name === 'PRTPAGE') current = readPage(child) ?? current;
    if (name === 'TNOTE') result.notes.push(readInline(child.children));
    if (name !== 'ROW') {
      if (!TABLE_PARTS.has(name)) result.unread.push(describe(child));
      continue;
    }
    const parts = children(child);
    for (const part of parts)
      if (!['ENT', 'PRTPAGE'].includes(part.name.toUpperCase())) result.unread.push(describe(part));
    for (const image of [...descendants(child, 'GPH'), ...descendants(child, 'MATH')])
      result.unread.push(describe(image));
    // A page that begins in front of the row is the row's; one that begins within it is that of the next.
    for (const part of parts) {
      if (part.name.toUpperCase() !== 'PRTPAGE') break;
      current = readPage(part) ?? current;
    }
    const own = current;
    for (const mark of descendants(child, 'PRTPAGE')) current = readPage(mark) ?? current;
    if (child.attribs.EXPSTB !== undefined) stub = Number(/\d+/u.exec(child.attribs.EXPSTB)?.[0] ?? '0');
    let column = 0;
    const cells: Cell[] = [];
    for (const ent of children(child, 'ENT')) {
      const whole = ent.attribs.I === '28';
      const extra = whole
        ? Math.max(0, heads.length - 1 - column)
        : readSpan(ent) + (column === 0 ? stub : 0);
      const cell = { ...readInline(ent.children), column, width: 1 + extra };
      // Text over several columns leaves open which of them it fills; stars and headings do not.
      if (extra > 0 && column > 0 && !whole && !isBlank(cell) && !isStars(cell))
        result.unread.push(`a cell over ${1 + extra} columns: ${cell.lines.join(' ').slice(0, 200)}`);
      cells.push(cell);
      column += 1 + extra;
    }
    result.rows.push({ index: result.rows.length + 1, page: own, cells });
  }
  return { table: result, page: current };
}

/** How many rows or columns a cell of an HTML-like table covers. */
function spanOf(cell: Element, name: 'colspan' | 'rowspan'): number {
  return Math.max(
    1,
    Math.min(
      name === 'colspan' ? 50 : 5000,
      Number(cell.attribs[name] ?? cell.attribs[name.toUpperCase()] ?? '1') || 1,
    ),
  );
}

/**
 * Reads an HTML-like table as eCFR prints it: `TABLE > THEAD, TBODY > TR > TH, TD`. A cell that covers rows
 * is shown in the first of them; the columns of the rows below stay where they are.
 */
export function readHtmlTable(table: Element): Table {
  const result: Table = { heads: [], rows: [], notes: [], unread: [], page: null };
  // Rows that a cell above still covers, by column.
  const covered: number[] = [];
  for (const tr of descendants(table, 'TR')) {
    const heads = children(tr, 'TH');
    const data = children(tr, 'TD');
    const inHead = tr.parent?.type === 'tag' && (tr.parent as Element).name.toUpperCase() === 'THEAD';
    if (
      result.heads.length === 0 &&
      result.rows.length === 0 &&
      (inHead || (heads.length > 0 && data.length === 0))
    ) {
      result.heads = [...heads, ...data].map((head) => readInline(head.children).lines.join(' '));
      continue;
    }
    let column = 0;
    const cells: Cell[] = [];
    const skipCovered = () => {
      for (; (covered[column] ?? 0) > 0; column += 1) covered[column]! -= 1;
    };
    for (const cell of children(tr).filter(({ name }) => /^t[hd]$/iu.test(name))) {
      skipCovered();
      const width = spanOf(cell, 'colspan');
      cells.push({ ...readInline(cell.children as AnyNode[]), column, width });
      for (let over = column; over < column + width; over += 1) covered[over] = spanOf(cell, 'rowspan') - 1;
      column += width;
    }
    for (; column < covered.length; column += 1) if (covered[column]! > 0) covered[column]! -= 1;
    result.rows.push({ index: result.rows.length + 1, page: null, cells });
  }
  return result;
}
