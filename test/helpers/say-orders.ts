import type { Alteration } from '../../src/model.ts';
import { createInstructionReader } from '../../src/parse/instruction.ts';
import type { Order } from '../../src/parse/order.ts';

const quote = (text: string) => `“${text}”`;

function sayEdit(name: string, { add, remove }: { add: (string | number)[]; remove: (string | number)[] }) {
  return [name, ...add.map((one) => `+${one}`), ...remove.map((one) => `-${one}`)].join(' ');
}

function sayAlteration(alter: Alteration): string {
  return Object.entries(alter)
    .flatMap(([field, value]) => {
      if (field === 'words')
        return alter.words!.map(
          ({ find, by, field: own }) => `${quote(find)} > ${quote(by)} in ${own ?? 'any field'}`,
        );
      if (field === 'renumber') return alter.renumber!.map(({ from, to }) => `footnote ${from} > ${to}`);
      if (field === 'place') return `to ${alter.place!.country} ${alter.place!.destination}`;
      if (typeof value === 'string') return `${field} = ${quote(value)}`;
      return sayEdit(field, value as { add: string[]; remove: string[] });
    })
    .join(', ');
}

/** An order in one line that leaves none of its fields out: "alter IR Acme + Bolt: name = “B”". */
export function sayOrder(order: Order): string {
  const { list, action, destination, names, count, instruction, alter, quoted: _, ...flags } = order;
  const parts = [
    list === 'entity-list' ? '' : `${list}:`,
    instruction === '2' ? '' : `[${instruction}]`,
    action,
    destination.country === '' ? 'everywhere' : destination.country,
    names.join(' + '),
    count === null ? '' : `(${count})`,
    Object.entries(flags)
      .filter(([, value]) => value === true)
      .map(([flag]) => `<${flag}>`)
      .join(''),
  ];
  return `${parts.filter((part) => part !== '').join(' ')}${alter ? `: ${sayAlteration(alter)}` : ''}`;
}

/**
 * What paragraphs come to: their orders, headings and issues, each in one line. The first one without a number of
 * its own stands behind "2. Supplement No. 4 to part 744 is amended".
 */
export function sayOrders(...paragraphs: string[]): string[] {
  const reader = createInstructionReader();
  for (const [at, text] of paragraphs.entries())
    reader.read(
      at > 0 || /^\d+\. /u.test(text) ? text : `2. Supplement No. 4 to part 744 is amended ${text}`,
      '744',
    );
  reader.finish();
  return [
    ...reader.orders.map(sayOrder),
    ...reader.headings.map(
      ({ action, country, destination }) => `heading ${action} ${country} ${destination}`,
    ),
    ...reader.issues.map(({ code, holds, message }) => `${holds ? 'held' : 'noted'} ${code}: ${message}`),
  ];
}
