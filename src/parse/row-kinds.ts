import type { Issue, ListName } from '../model.ts';
import { findBlockHead } from './alias-block.ts';
import { ADDRESS_LEAD, BULLET } from './cell-text.ts';
import { namesPlace } from './destinations.ts';
import type { Row, Table } from './table.ts';

export type Column = 'destination' | 'entity' | 'requirement' | 'policy' | 'citation';

const HEADS: [RegExp, Column][] = [
  [/^(?:country|destination)\b/iu, 'destination'],
  [/^licen[sc]e requirements?/iu, 'requirement'],
  [/^licen[sc]e review polic(?:y|ies)/iu, 'policy'],
  [/^federal register citation/iu, 'citation'],
  [/^(?:listed )?(?:entity|entities|persons?)\b|^name\b/iu, 'entity'],
];

/** Supplement no. 4 has five columns, no. 6 and no. 7 have three (sources, §4.2). */
export const EXPECTED: Record<ListName, Column[]> = {
  'entity-list': ['destination', 'entity', 'requirement', 'policy', 'citation'],
  'unverified-list': ['destination', 'entity', 'citation'],
  'military-end-user-list': ['destination', 'entity', 'citation'],
};

/** "AUSTRIA [Reserved]" in one cell, with a dash or colon between in places. */
export const RESERVED = /^(.{2,80}?)[\s:,—–-]{0,4}\[reserved\.?\]\.?$/iu;
/** "[Reserved]" alone: in the entity cell, or in the cell of a heading that stands above. */
export const ONLY_RESERVED = /^(?:\[reserved\.?\]|reserved)\.?$/iu;
/** The trail of amendments below eCFR's table: "[63 FR 64325, Nov. 20, 1998, as amended at …". */
export const HISTORY = /^\[\d{2,3} FR \d{1,6}\b/u;

/** The columns that the heads name, null for an unknown one. */
export function readColumns(heads: readonly string[]): (Column | null)[] {
  return heads.map((head) => HEADS.find(([pattern]) => pattern.test(head))?.[1] ?? null);
}

/** The table with its heads taken from a first row that holds nothing else; some print them as plain cells. */
export function withHeads(table: Table): Table {
  const first: Row | undefined = table.rows[0];
  if (table.heads.length > 0 || first === undefined || first.cells.length < 3) return table;
  const heads = first.cells.map((cell) => cell.lines.join(' '));
  return readColumns(heads).includes(null) ? table : { ...table, heads, rows: table.rows.slice(1) };
}

/** True where the table has columns of a supplement; one column alone ("Country") may be any table's. */
export function isSupplementTable(table: Table, list: ListName): boolean {
  if (table.heads.length > 0) return readColumns(table.heads).filter((column) => column !== null).length > 1;
  return table.rows.some(({ cells }) => cells.length >= EXPECTED[list].length);
}

/**
 * True where the entity cell of the row above is not finished and `lines` may go on with it. A text without a
 * final stop is finished all the same where it ends in the name of a place, as addresses do.
 */
export function goesOn(above: readonly string[], lines: readonly string[]): boolean {
  const last = above.at(-1) ?? '';
  const first = lines[0] ?? '';
  if (/^(?:and|or)\s/iu.test(first)) return true;
  if (BULLET.test(first) && above.slice(0, 2).some((line) => findBlockHead(line) !== null)) return true;
  const end = last
    .slice(last.lastIndexOf(',') + 1)
    .replace(/[\d\s]+$/u, '')
    .trim();
  if (!last.endsWith('.') && !namesPlace(end)) return true;
  // Only aliases so far: the address is still to come.
  return above.length > 1 && BULLET.test(last) && ADDRESS_LEAD.test(first.slice(0, 40));
}

/** An issue of a table or of one of its rows. */
export function rowIssue(
  code: string,
  message: string,
  excerpt: string,
  row: Row | null,
  instruction: string,
  holds = true,
): Issue {
  return {
    code,
    holds,
    message,
    excerpt: excerpt.slice(0, 300),
    locator: { instruction, row: row?.index ?? null, page: row?.page ?? null },
  };
}
