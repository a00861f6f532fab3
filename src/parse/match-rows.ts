import { foldedPrefixLength, foldName } from '../fold.ts';
import type { Amendment, Issue, ListName } from '../model.ts';
import { takeSeeAlso } from './addresses.ts';
import { nameBeforeAliases } from './aliases.ts';
import type { Placeholder } from './citation.ts';
import { joinHead, readIdentity } from './entry.ts';
import { bareText, readEntryText } from './entry-text.ts';
import { nameMayEnd } from './name-end.ts';
import type { Order } from './order.ts';
import { readQuotedRest } from './quotes.ts';
import type { EntryRow } from './rows.ts';
import { isSpelledAlike, shareWord } from './spelling.ts';

/** Rows of the tables under one list's instructions. */
export interface ListTable {
  list: ListName;
  rows: EntryRow[];
  /** What a placeholder in the citation column of these rows stands for. */
  placeholder: Placeholder;
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

function headOf(row: EntryRow): string {
  return joinHead(row.lines)[0] ?? '';
}

/** True where the row is the entry that is quoted so, not a longer name that begins in the same way. */
function isNamed(name: string, key: string, { row, folded }: FreeRow): boolean {
  const head = headOf(row);
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

/** The name that a quotation begins with, without its aliases and without a note that sends elsewhere. */
function bareName(name: string): string {
  return nameBeforeAliases(takeSeeAlso(name, []) || name);
}

/** Number of the instruction: "2" for "2.a". */
function numberOf({ instruction }: Order): string {
  return instruction.split('.', 1)[0]!;
}

/**
 * Joins two clauses of one instruction that move an entry and give it another name: its row shows both at once
 * (sources, §7, trap 25). The second clause may speak of the place where the first has put it.
 */
function joinMoves(orders: readonly Order[]): readonly Order[] {
  const joined = [...orders];
  for (const move of orders) {
    const { place, ...rest } = move.alter ?? {};
    if (!place || move.action !== 'alter' || move.names.length !== 1 || Object.keys(rest).length > 0)
      continue;
    const renames = joined.filter(
      (order) =>
        order.action === 'alter' &&
        order.alter?.name !== undefined &&
        order.list === move.list &&
        order.names.length === 1 &&
        foldName(order.names[0]!) === foldName(move.names[0]!) &&
        numberOf(order) === numberOf(move) &&
        [move.destination.heading, place.destination].includes(order.destination.heading),
    );
    if (renames.length !== 1) continue;
    joined.splice(joined.indexOf(renames[0]!), 1);
    joined.splice(joined.indexOf(move), 1, { ...move, alter: { ...renames[0]!.alter, place } });
  }
  return joined;
}

/** Where an order looks for its rows: for an entry that moves, at the place where it goes. */
function rowPlace(order: Order): { heading: string; country: string } {
  const place = order.alter?.place;
  if (place && order.action === 'alter') return { heading: place.destination, country: place.country ?? '' };
  return order.destination;
}

/** What an order looks for among the rows: one name of it. */
interface Wanted {
  order: Order;
  key: string;
  name: string;
  /** How the list calls the entry now. */
  target: string;
  /** How often the order names it. */
  times: number;
  /** Length of the folded name. */
  length: number;
  /** False where the instruction says all and a row need not be printed. */
  needed: boolean;
}

function wantedBy(order: Order): Wanted[] {
  if (order.action === 'remove' || order.action === 'replace') return [];
  const needed = order.action !== 'alter';
  const named = new Map<string, { target: string; times: number }>();
  for (const target of order.names) {
    const key = foldName(target);
    named.set(key, { target, times: (named.get(key)?.times ?? 0) + 1 });
  }
  return [...named].map(([key, { target, times }]) => {
    const name = order.alter?.name ?? target;
    return { order, key, name, target, times, length: foldName(name).length, needed };
  });
}

/**
 * Brings the orders of the instructions and the rows of the table together: every named entry has one row,
 * and every row one order. Names without a row, rows without an order and counts that do not fit are issues.
 * Removals have no row (sources, §4.4); an alteration may have one, and then is a revision.
 */
export function matchRows(
  given: readonly Order[],
  tables: readonly ListTable[],
): { amendments: Amendment[]; issues: Issue[] } {
  const orders = joinMoves(given);
  const amendments: Amendment[] = [];
  const issues: Issue[] = [];
  const free = new Map<string, Set<FreeRow>>();
  for (const table of tables)
    for (const row of table.rows) {
      const key = rowsKey(table.list, row.destination.country);
      const rows = free.get(key) ?? new Set();
      free.set(key, rows.add({ row, table, folded: foldName(headOf(row)) }));
    }
  const rowsFor = (order: Order): Set<FreeRow> =>
    free.get(rowsKey(order.list, rowPlace(order).country)) ?? new Set();

  const claim = (order: Order, claimed: FreeRow, name: string | null, target: string | null = null) => {
    const { row, table } = claimed;
    rowsFor(order).delete(claimed);
    const read = readEntryText(row, order.list, name, table.placeholder, order.instruction);
    issues.push(...read.issues);
    const place = rowPlace(order);
    const locator = { instruction: order.instruction, row: row.index, page: row.page };
    if (name !== null && !isSpelledAlike(nameBeforeAliases(name), read.entry.name))
      issues.push({
        code: 'name-differs',
        // A longer or shorter name is no other spelling: what is printed may be another entry's.
        holds: foldName(nameBeforeAliases(name)) !== foldName(read.entry.name),
        message: `the instruction says “${name.slice(0, 120)}”, the row “${read.entry.name.slice(0, 120)}”`,
        excerpt: row.lines.join(' ').slice(0, 300),
        locator,
      });
    const from = order.destination;
    const moved = from.heading !== place.heading;
    if (order.removesAndAdds) {
      amendments.push(removal(order, target ?? name ?? read.entry.name, undefined));
      amendments.push({
        ...read.entry,
        list: order.list,
        action: 'add',
        destination: row.destination.heading,
        country: row.destination.country,
        locator,
      });
      return;
    }
    const renamed = target !== null && foldName(target) !== foldName(read.entry.name);
    amendments.push({
      ...read.entry,
      list: order.list,
      action: order.action === 'alter' ? 'revise' : order.action,
      destination: place.heading,
      country: place.country,
      locator,
      ...(order.action !== 'add' && (renamed || moved)
        ? {
            target: {
              name: target ?? read.entry.name,
              destination: from.heading,
              country: from.country,
            },
          }
        : {}),
    });
  };

  const removal = (order: Order, name: string, quotation: string | undefined): Amendment => ({
    ...bareText(bareName(name)),
    ...(quotation === undefined ? {} : readQuotedRest(quotation)),
    list: order.list,
    action: 'remove',
    destination: order.destination.heading,
    country: order.destination.country || null,
    locator: { instruction: order.instruction, row: null, page: null },
  });

  const altered = (order: Order, name: string): Amendment => ({
    ...bareText(bareName(name)),
    list: order.list,
    action: order.action,
    destination: order.destination.heading,
    country: order.destination.country || null,
    locator: { instruction: order.instruction, row: null, page: null },
    alter: order.alter ?? {},
  });

  // Longer names take their rows first: “Acme LLC, Shanghai” before “Acme LLC”, whose name begins both.
  const wanted = orders.flatMap(wantedBy).sort((a, b) => b.length - a.length);
  const taken = new Map<Order, Map<string, FreeRow[]>>();
  /** Orders that quote one name for several rows: "two entries for “Acme LLC”". */
  const several = new Set<Order>();
  /** Revisions whose row may print another name than the one that the list has now. */
  const maybeRenamed: Wanted[] = [];
  for (const one of wanted) {
    const { order, key, name, target, times: named, needed } = one;
    const under = rowPlace(order).heading;
    let found = rowsNamed(name, rowsFor(order));
    // The row of a renamed entry may show the old name still, where only the address changes.
    if (found.length === 0 && !needed && name !== target) found = rowsNamed(target, rowsFor(order));
    if (order.names.length === 1 && order.count === found.length && found.length > 1) several.add(order);
    if (found.length < named) {
      if (!needed) {
        if (found.length === 0) continue;
      } else if (order.action === 'revise' && order.names.length === 1) {
        maybeRenamed.push(one);
        continue;
      }
      issues.push(orderIssue(order, 'row-missing', `no row under ${under} names “${name}”`, name));
    } else if (found.length > named && !several.has(order)) {
      issues.push(
        orderIssue(order, 'ambiguous-row', `${found.length} rows under ${under} fit “${name}”`, name),
      );
      continue;
    }
    for (const row of found) rowsFor(order).delete(row);
    taken.set(order, (taken.get(order) ?? new Map<string, FreeRow[]>()).set(key, [...found]));
  }

  for (const one of maybeRenamed) {
    const row = renamedRow(one, [...rowsFor(one.order)], orders, maybeRenamed);
    if (!row) {
      issues.push(
        orderIssue(
          one.order,
          one.order.partial ? 'part-of-entry' : 'row-missing',
          one.order.partial
            ? `a part of the entry for “${one.name}” changes, and no row shows it`
            : `no row under ${rowPlace(one.order).heading} names “${one.name}”`,
          one.name,
        ),
      );
      continue;
    }
    rowsFor(one.order).delete(row.row);
    taken.set(one.order, new Map([[one.key, [row.row]]]));
    if (!row.said)
      issues.push({
        ...orderIssue(
          one.order,
          'renamed-by-row',
          `the row in place of “${one.name}” has another name`,
          row.row.row.lines.join(' '),
        ),
        holds: false,
      });
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
            `${order.count ?? 'some'} removals under ${rowPlace(order).heading} are not named`,
            '',
          ),
        );
      for (const [at, name] of order.names.entries())
        amendments.push(removal(order, name, order.quoted?.[at]));
      continue;
    }
    if (order.action === 'replace') {
      amendments.push(altered(order, ''));
      continue;
    }
    for (const name of order.names) {
      const own = taken.get(order)?.get(foldName(name)) ?? [];
      if (own.length === 0 && order.action === 'alter') {
        amendments.push(altered(order, name));
        if (order.alter?.name !== undefined)
          issues.push({
            ...orderIssue(
              order,
              'name-told-once',
              `no row confirms the spelling of the new name “${order.alter.name}”`,
              order.alter.name,
            ),
            holds: false,
          });
        if (tables.some((table) => table.list === order.list && table.rows.length > 0))
          issues.push({
            ...orderIssue(order, 'altered-without-row', `the table has no row for “${name}”`, name),
            holds: false,
          });
        continue;
      }
      for (const row of own.splice(0, several.has(order) ? own.length : 1)) {
        const shown = rowsNamed(order.alter?.name ?? name, [row]).length > 0;
        claim(order, row, shown ? (order.alter?.name ?? name) : null, name);
      }
    }
  }

  // Old rules only count: "adding … under Afghanistan, two Afghan entities". Their rows are what is left.
  for (const order of orders) {
    if (
      order.names.length > 0 ||
      order.count === null ||
      (order.action !== 'add' && order.action !== 'revise')
    )
      continue;
    const left = [...rowsFor(order)];
    const rivals = orders.filter(
      (other) =>
        other !== order &&
        other.names.length === 0 &&
        (other.action === 'add' || other.action === 'revise') &&
        other.list === order.list &&
        other.destination.country === order.destination.country,
    );
    if (rivals.length > 0 || left.length !== order.count)
      issues.push(
        orderIssue(
          order,
          'counted-rows-differ',
          `the instruction counts ${order.count} under ${rowPlace(order).heading} without naming them; the table has ${left.length} rows for that`,
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

/**
 * The row that prints a revised entry under a new name: the only one that is left under the destination, or
 * the only one that has the old name among its aliases. `said` is true where the document says so itself.
 */
function renamedRow(
  { order, name }: Wanted,
  left: readonly FreeRow[],
  orders: readonly Order[],
  others: readonly Wanted[],
): { row: FreeRow; said: boolean } | null {
  const key = foldName(name);
  const bearing = left.filter(({ row }) =>
    readIdentity(row.lines).aliases.some((alias) => foldName(alias) === key),
  );
  if (bearing.length === 1) return { row: bearing[0]!, said: true };
  const counted = orders.some(
    (other) =>
      other.names.length === 0 &&
      other.list === order.list &&
      other.destination.country === order.destination.country,
  );
  const rivals = others.filter(
    (other) =>
      other.order.list === order.list && other.order.destination.country === order.destination.country,
  );
  const only = left.length === 1 && !counted && rivals.length === 1 ? left[0]! : null;
  // A longer or shorter form of the same name is not settled: it may be another entry's.
  if (!only || bearing.length > 0) return null;
  const printed = readIdentity(only.row.lines).name;
  const own = foldName(printed);
  if (order.renames) return { row: only, said: true };
  if (own.startsWith(key) || key.startsWith(own) || !shareWord(name, printed)) return null;
  return { row: only, said: false };
}
