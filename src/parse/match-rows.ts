import { foldedPrefixLength, foldName } from '../fold.ts';
import type { Amendment, EntryText, Issue, ListName } from '../model.ts';
import { nameBeforeAliases } from './aliases.ts';
import type { Placeholder } from './citation.ts';
import { readEntryText } from './entry-text.ts';
import type { Order } from './instruction.ts';
import { nameMayEnd } from './name-end.ts';
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

/** A row that no order has claimed yet. */
interface FreeRow {
  row: EntryRow;
  table: ListTable;
  /** First line of the entity cell, folded: compared before anything is read. */
  folded: string;
}

function rowsKey(list: ListName, country: string): string {
  return `${list} ${country}`;
}

/** True where the row is the entry that is quoted so, not a longer name that begins in the same way. */
function isNamed(name: string, key: string, { row, folded }: FreeRow): boolean {
  const head = row.lines[0] ?? '';
  if (!folded.startsWith(key)) return false;
  const length = foldedPrefixLength(head, name);
  return length !== null && nameMayEnd(name, head.slice(length));
}

/** The rows that the name stands for; a name quoted with its a.k.a. may be printed without it. */
function rowsNamed(name: string, candidates: Iterable<FreeRow>): FreeRow[] {
  const rows = [...candidates];
  const fitting = (wanted: string) => {
    const key = foldName(wanted);
    return rows.filter((row) => isNamed(wanted, key, row));
  };
  const found = fitting(name);
  const short = nameBeforeAliases(name);
  return found.length > 0 || short === name ? found : fitting(short);
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
  const free = new Map<string, Set<FreeRow>>();
  for (const table of tables)
    for (const row of table.rows) {
      const key = rowsKey(table.list, row.destination.country);
      const rows = free.get(key) ?? new Set();
      free.set(key, rows.add({ row, table, folded: foldName(row.lines[0] ?? '') }));
    }
  const rowsFor = (order: Order): Set<FreeRow> =>
    free.get(rowsKey(order.list, order.destination.country)) ?? new Set();

  const claim = (order: Order, claimed: FreeRow, name: string | null) => {
    const { row, table } = claimed;
    rowsFor(order).delete(claimed);
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

  // Longer names take their rows first: “Acme LLC, Shanghai” before “Acme LLC”, whose name begins both.
  const wanted = orders
    .filter((order) => order.action !== 'remove')
    .flatMap((order) =>
      [...new Map(order.names.map((name) => [foldName(name), name]))].map(([key, name]) => ({
        order,
        key,
        name,
      })),
    )
    .sort((a, b) => b.key.length - a.key.length);
  const taken = new Map<Order, Map<string, FreeRow[]>>();
  /** Orders that quote one name for several rows: "two entries for “Acme LLC”". */
  const several = new Set<Order>();
  for (const { order, key, name } of wanted) {
    const found = rowsNamed(name, rowsFor(order));
    const named = order.names.filter((other) => foldName(other) === key).length;
    if (order.names.length === 1 && order.count === found.length && found.length > 1) several.add(order);
    if (found.length < named)
      issues.push(
        orderIssue(order, 'row-missing', `no row under ${order.destination.heading} names “${name}”`, name),
      );
    else if (found.length > named && !several.has(order)) {
      issues.push(
        orderIssue(
          order,
          'ambiguous-row',
          `${found.length} rows under ${order.destination.heading} fit “${name}”`,
          name,
        ),
      );
      continue;
    }
    for (const row of found) rowsFor(order).delete(row);
    taken.set(order, (taken.get(order) ?? new Map<string, FreeRow[]>()).set(key, [...found]));
  }

  for (const order of orders) {
    if (
      order.count !== null &&
      order.names.length > 0 &&
      order.count !== order.names.length &&
      order.count > 1 &&
      !several.has(order)
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
          ...emptyEntry(nameBeforeAliases(name)),
          list: order.list,
          action: 'remove',
          destination: order.destination.heading,
          country: order.destination.country,
          locator: { instruction: order.instruction, row: null, page: null },
        });
      continue;
    }
    for (const name of order.names) {
      const own = taken.get(order)?.get(foldName(name)) ?? [];
      for (const row of own.splice(0, several.has(order) ? own.length : 1)) claim(order, row, name);
    }
  }

  // Old rules only count: "adding … under Afghanistan, two Afghan entities". Their rows are what is left.
  for (const order of orders) {
    if (order.names.length > 0 || order.count === null || order.action === 'remove') continue;
    const left = [...rowsFor(order)];
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

  for (const { row } of [...free.values()].flatMap((rows) => [...rows]))
    issues.push({
      code: 'row-unclaimed',
      holds: true,
      message: `a row under ${row.destination.heading} is named by no instruction`,
      excerpt: row.lines.join(' ').slice(0, 300),
      locator: { instruction: '', row: row.index, page: row.page },
    });
  return { amendments, issues };
}
