import type { Issue, ListName } from '../model.ts';
import { beginsSubEntry } from './addresses.ts';
import { type Destination, findDestination } from './destinations.ts';
import type { InlineText } from './inline.ts';
import { isPendingNotice } from './pending.ts';
import {
  type Column,
  EXPECTED,
  goesOn,
  HISTORY,
  ONLY_RESERVED,
  RESERVED,
  readColumns,
  rowIssue,
  withHeads,
} from './row-kinds.ts';
import { type Cell, isBlank, isStars, type Table } from './table.ts';

/** A row of a supplement's table that holds an entry, before its cells are read for meaning. */
export interface EntryRow {
  destination: Destination;
  /** Lines of the entity cell. */
  lines: string[];
  requirement: InlineText;
  policy: InlineText;
  citation: InlineText;
  /** Footnote references in the entity cell. */
  footnotes: number[];
  index: number;
  page: number | null;
}

export interface ReadRows {
  rows: EntryRow[];
  issues: Issue[];
  /** Destinations that are printed with [Reserved] in place of entries. */
  reserved: Destination[];
  /** Footnotes that the table defines: number → text. */
  footnotes: Map<number, string>;
  /** Rows that give notice of an amendment still to come: "Link to an amendment published at 89 FR 6024". */
  notices: string[];
  /** Destination in force behind the last row. */
  destination: Destination | null;
}

const NOTHING: InlineText = { lines: [], footnotes: [] };
const FOOTNOTE = /^(\d)?\s*(?:for (?:this|these|the|purposes)|note|see)\b/iu;

/** True for the text of a footnote of the table: "For this entity, …". */
export function isFootnote(text: string): boolean {
  return FOOTNOTE.test(text);
}

function textOf(cell: InlineText): string {
  return cell.lines.join(' ');
}

/**
 * Finds the entries among the rows of a supplement's table: headings of destinations (alone in their row, or
 * in front of an entry), entries, rows of stars, and rows that a column break split in two. A row that is
 * none of these is an issue, never skipped.
 *
 * @param from destination in force before the table (a table that was split in print goes on under it)
 */
export function readRows(
  printed: Table,
  list: ListName,
  instruction: string,
  from: Destination | null = null,
): ReadRows {
  const result: ReadRows = {
    rows: [],
    issues: [],
    reserved: [],
    footnotes: new Map(),
    notices: [],
    destination: from,
  };
  const table = withHeads(printed);
  const columns = readColumns(table.heads);
  const unknown = table.heads.filter((_, index) => columns[index] === null);
  for (const head of unknown)
    result.issues.push(
      rowIssue(
        'unknown-column',
        `the table has a column “${head}”, which no supplement has`,
        head,
        null,
        instruction,
      ),
    );
  const order = table.heads.length === 0 ? EXPECTED[list] : columns;
  const missing = EXPECTED[list].filter((column) => !order.includes(column));
  if (missing.length > 0 && unknown.length === 0)
    result.issues.push(
      rowIssue(
        'missing-column',
        `the table has no column for: ${missing.join(', ')}`,
        table.heads.join(' | '),
        null,
        instruction,
      ),
    );
  if (result.issues.length > 0) return result;

  const at = (column: Column) => order.indexOf(column);
  let split: EntryRow | null = null;

  for (const row of table.rows) {
    const cells = row.cells.filter((cell) => !isBlank(cell) && !isStars(cell));
    if (cells.length === 0) {
      if (row.cells.some(isStars)) split = null;
      continue;
    }
    const cellAt = (column: Column): Cell | InlineText =>
      row.cells.find((cell) => cell.column === at(column)) ?? NOTHING;
    const shown = (cell: InlineText) => (isStars(cell) ? NOTHING : cell);
    const heading = shown(cellAt('destination'));
    let repeated = false;
    const beyond = cells.find(({ column }) => !EXPECTED[list].some((known) => at(known) === column));
    if (beyond)
      result.issues.push(
        rowIssue(
          'unread-cell',
          'a cell stands in no column of the supplement',
          textOf(beyond),
          row,
          instruction,
        ),
      );
    if (cells.length === 1 && isPendingNotice(textOf(cells[0]!))) {
      result.notices.push(textOf(cells[0]!));
      continue;
    }
    const whole = cells.length === 1 && (cells[0] as Cell).width >= Math.max(2, order.length - 1);

    if (!isBlank(heading)) {
      if (cells.length === 1 && ONLY_RESERVED.test(textOf(heading)) && result.destination) {
        result.reserved.push(result.destination);
        split = null;
        continue;
      }
      const shownText = textOf(heading).replace(/\s?(?:[—–-]\s?|\(\s?)continued\s?\)?$/iu, '');
      const reserved = RESERVED.exec(shownText);
      const text = reserved?.[1] ?? shownText;
      // "Germany 3": a footnote's digit that lost its superscript (sources, §5.3).
      const found = findDestination(text) ?? findDestination(text.replace(/ [1-5]$/u, ''));
      const note = FOOTNOTE.exec(text);
      if (!found && HISTORY.test(text)) continue;
      if (!found && (whole || note)) {
        const number = heading.footnotes[0] ?? (note?.[1] ? Number(note[1]) : undefined);
        if (number !== undefined) result.footnotes.set(number, text);
        else
          result.issues.push(
            rowIssue(
              'unread-row',
              'a row is neither an entry, a destination nor a footnote',
              text,
              row,
              instruction,
            ),
          );
        continue;
      }
      if (!found) {
        result.issues.push(
          rowIssue('unknown-destination', `“${text}” is no known destination`, text, row, instruction),
        );
        result.destination = null;
        continue;
      }
      // A page break repeats the destination above the rest of an entry: "CHINA—Continued".
      const again: boolean =
        text !== textOf(heading) &&
        !reserved &&
        split !== null &&
        found.country === result.destination?.country;
      result.destination = found;
      if (!again) split = null;
      repeated = again;
      if (reserved) {
        result.reserved.push(found);
        continue;
      }
    }

    const alone = isBlank(heading) || repeated;
    const entity = shown(cellAt('entity'));
    const requirement = shown(cellAt('requirement'));
    const policy = shown(cellAt('policy'));
    const citation = shown(cellAt('citation'));
    if (isBlank(entity)) {
      const rest = [requirement, policy, citation].filter((cell) => !isBlank(cell));
      if (rest.length === 0) continue;
      if (split && alone) {
        // The end of a requirement or a citation, pushed into a row of its own by a column break.
        for (const [own, more] of [
          [split.requirement, requirement],
          [split.policy, policy],
          [split.citation, citation],
        ] as const) {
          own.lines.push(...more.lines);
          own.footnotes.push(...more.footnotes);
        }
      } else
        result.issues.push(
          rowIssue(
            'entity-missing',
            'a row has text but names no entity',
            rest.map(textOf).join(' | '),
            row,
            instruction,
          ),
        );
      continue;
    }
    if (ONLY_RESERVED.test(textOf(entity))) {
      if (result.destination) result.reserved.push(result.destination);
      continue;
    }
    if (alone && [requirement, policy, citation].every(isBlank)) {
      const text = textOf(entity);
      if (beginsSubEntry(text))
        result.issues.push(
          rowIssue('sub-entry', 'a row tells of sub-entries of the entry above it', text, row, instruction),
        );
      else if (split && goesOn(split.lines, entity.lines)) {
        split.lines.push(...entity.lines);
        split.footnotes.push(...entity.footnotes);
      } else
        result.issues.push(
          rowIssue(
            'row-without-requirement',
            'a row names an entity and has nothing else, and the entry above it is finished',
            text,
            row,
            instruction,
          ),
        );
      continue;
    }
    if (result.destination === null) {
      result.issues.push(
        rowIssue(
          'destination-missing',
          'an entry stands under no destination',
          textOf(entity),
          row,
          instruction,
        ),
      );
      continue;
    }
    split = {
      destination: result.destination,
      lines: [...entity.lines],
      requirement: { lines: [...requirement.lines], footnotes: [...requirement.footnotes] },
      policy: { lines: [...policy.lines], footnotes: [...policy.footnotes] },
      citation: { lines: [...citation.lines], footnotes: [...citation.footnotes] },
      footnotes: [...entity.footnotes],
      index: row.index,
      page: row.page,
    };
    result.rows.push(split);
  }
  return result;
}
