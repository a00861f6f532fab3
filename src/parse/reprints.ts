import { foldName } from '../fold.ts';
import type { Issue } from '../model.ts';
import { nameBeforeAliases } from './aliases.ts';
import type { Reprint } from './body.ts';
import type { Destination } from './destinations.ts';
import type { ListTable } from './match-rows.ts';
import type { Order } from './order.ts';

/** The one heading of the tables under which a row begins with the name; null where none or several do. */
function headingOf(reprint: Reprint, name: string, tables: readonly ListTable[]): Destination | null {
  const key = foldName(nameBeforeAliases(name));
  const found = new Map<string, Destination>();
  for (const { list, rows } of tables)
    if (list === reprint.list)
      for (const { lines, destination } of rows)
        if (foldName(lines[0] ?? '').startsWith(key)) found.set(destination.heading, destination);
  return found.size === 1 ? [...found.values()][0]! : null;
}

/**
 * The entries that a correction prints anew ("are replaced in their entirety with the following", sources §3.6)
 * as orders to revise them. Where its words name no destination, the table must.
 */
export function ordersOfReprints(
  reprints: readonly Reprint[],
  tables: readonly ListTable[],
): { orders: Order[]; issues: Issue[] } {
  const orders: Order[] = [];
  const issues: Issue[] = [];
  for (const reprint of reprints)
    for (const name of reprint.names) {
      const { list, instruction } = reprint;
      const destination = reprint.destination ?? headingOf(reprint, name, tables);
      if (destination)
        orders.push({ list, action: 'revise', destination, names: [name], count: null, instruction });
      else
        issues.push({
          code: 'destination-missing',
          holds: true,
          message:
            'an entry is corrected, and neither the words nor the table below says under which heading',
          excerpt: name.slice(0, 300),
          locator: { instruction, row: null, page: null },
        });
    }
  return { orders, issues };
}
