import { foldedPrefixLength, foldName } from '../fold.ts';
import type { Amendment, EntryText, Issue, ListName } from '../model.ts';
import type { Placeholder } from './citation.ts';
import { readIdentity } from './entry.ts';
import { readEntryText } from './entry-text.ts';
import type { Order } from './instruction.ts';
import type { EntryRow } from './rows.ts';

/** Rows of the tables under one list's instructions. */
export interface ListTable {
  list: ListName;
  rows: EntryRow[];
  /** What a placeholder in the citation column of these rows stands for. */
  placeholder: Placeholder;
}

function emptyEntry(name: string): EntryText {
  return {
    name,
    aliases: [],
    addresses: [],
    seeAlso: [],
    licenseRequirement: '',
    licenseReviewPolicy: '',
    footnotes: [],
    citations: [],
  };
}

function orderIssue(order: Order, code: string, message: string, excerpt: string): Issue {
  return {
    code,
    holds: true,
    message,
    excerpt: excerpt.slice(0, 300),
    locator: { instruction: order.instruction, row: null, page: null },
  };
}

/** Rows under the order's destination that begin with the name; those that are named exactly so come first. */
function rowsNamed(name: string, candidates: readonly EntryRow[]): EntryRow[] {
  const beginning = candidates.filter((row) => foldedPrefixLength(row.lines[0] ?? '', name) !== null);
  const exact = beginning.filter((row) => foldName(readIdentity(row.lines, name).name) === foldName(name));
  return exact.length > 0 ? exact : beginning;
}

/**
 * Brings the orders of the instructions and the rows of the table together: every named entry has one row,
 * and every row one order. Names without a row, rows without an order and counts that do not fit are issues.
 * Removals have no row (sources, §4.4).
 */
export function matchRows(
  orders: readonly Order[],
  tables: readonly ListTable[],
): { amendments: Amendment[]; issues: Issue[] } {
  const amendments: Amendment[] = [];
  const issues: Issue[] = [];
  const free = new Map<EntryRow, ListTable>();
  for (const table of tables) for (const row of table.rows) free.set(row, table);

  const rowsFor = (order: Order) =>
    [...free]
      .filter(
        ([row, table]) => table.list === order.list && row.destination.country === order.destination.country,
      )
      .map(([row]) => row);

  const claim = (order: Order, row: EntryRow, name: string | null) => {
    const table = free.get(row)!;
    free.delete(row);
    const read = readEntryText(row, order.list, name, table.placeholder, order.instruction);
    issues.push(...read.issues);
    amendments.push({
      ...read.entry,
      list: order.list,
      action: order.action,
      destination: order.destination.heading,
      country: order.destination.country,
      locator: { instruction: order.instruction, row: row.index, page: row.page },
    });
  };

  for (const order of orders) {
    if (
      order.count !== null &&
      order.names.length > 0 &&
      order.count !== order.names.length &&
      order.count > 1
    )
      issues.push(
        orderIssue(
          order,
          'named-count-differs',
          `the instruction counts ${order.count} and names ${order.names.length}`,
          order.names.join('; '),
        ),
      );
    if (order.action === 'remove') {
      if (order.names.length === 0)
        issues.push(
          orderIssue(
            order,
            'removal-unnamed',
            `${order.count ?? 'some'} removals under ${order.destination.heading} are not named`,
            '',
          ),
        );
      for (const name of order.names)
        amendments.push({
          ...emptyEntry(name),
          list: order.list,
          action: 'remove',
          destination: order.destination.heading,
          country: order.destination.country,
          locator: { instruction: order.instruction, row: null, page: null },
        });
      continue;
    }
    for (const name of order.names) {
      const found = rowsNamed(name, rowsFor(order));
      const wanted = order.names.filter((other) => foldName(other) === foldName(name)).length;
      if (found.length === 0)
        issues.push(
          orderIssue(order, 'row-missing', `no row under ${order.destination.heading} names “${name}”`, name),
        );
      else if (found.length > wanted)
        issues.push(
          orderIssue(
            order,
            'ambiguous-row',
            `${found.length} rows under ${order.destination.heading} fit “${name}”`,
            name,
          ),
        );
      else claim(order, found[0]!, name);
    }
  }

  // Old rules only count: "adding … under Afghanistan, two Afghan entities". Their rows are what is left.
  for (const order of orders) {
    if (order.names.length > 0 || order.count === null || order.action === 'remove') continue;
    const left = rowsFor(order);
    const rivals = orders.filter(
      (other) =>
        other !== order &&
        other.names.length === 0 &&
        other.action !== 'remove' &&
        other.list === order.list &&
        other.destination.country === order.destination.country,
    );
    if (rivals.length > 0 || left.length !== order.count)
      issues.push(
        orderIssue(
          order,
          'counted-rows-differ',
          `the instruction counts ${order.count} under ${order.destination.heading} without naming them; the table has ${left.length} rows for that`,
          '',
        ),
      );
    else for (const row of left) claim(order, row, null);
  }

  for (const [row] of free)
    issues.push({
      code: 'row-unclaimed',
      holds: true,
      message: `a row under ${row.destination.heading} is named by no instruction`,
      excerpt: row.lines.join(' ').slice(0, 300),
      locator: { instruction: '', row: row.index, page: row.page },
    });
  return { amendments, issues };
}
