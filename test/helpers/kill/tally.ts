import type { StoredDelivery } from '../../../src/store/deliveries.ts';
import type { Kept } from './receivers.ts';

/** What was counted about one change set whose workers were killed and whose messages another process finished. */
export interface KillOutcome {
  /** The statements and stages at which workers were killed; one that ended before it came to its place has none. */
  steps: string[];
  /** How many statements a worker made that ended by itself; 0 where all were killed. */
  statements: number;
  /** All whole messages that came, repeats among them. */
  messages: Kept[];
  /** Why the webhook receiver refused a post. */
  refused: string[];
  /** Ids that a receiver was given by a worker, and that the ledger did not call sent when that one was dead. */
  doubtful: string[];
  /** The deliveries at the end, with the ids on the wire. */
  ledger: (Pick<StoredDelivery, 'recipient' | 'status' | 'maybeDuplicate'> & { id: string })[];
}

/**
 * What of the promise was broken, in a sentence each: every recipient is told, under one id; a message comes once
 * more for each time that its receiver had it and the ledger did not know, and never else; and the ledger says so.
 */
export function findFaults(
  { messages, refused, doubtful, ledger }: KillOutcome,
  recipients: readonly string[],
): string[] {
  const faults = refused.map((reason) => `a signature was refused: ${reason}`);
  for (const { to } of messages) if (!recipients.includes(to)) faults.push(`${to} was told, and must not be`);
  for (const recipient of recipients) {
    const ids = messages.filter(({ to }) => to === recipient).map(({ id }) => id);
    if (ids.length === 0) faults.push(`${recipient} was not told`);
    if (new Set(ids).size > 1) faults.push(`${recipient} was told under ${new Set(ids).size} ids`);
  }
  const copies = new Map<string, number>();
  for (const { id } of messages) copies.set(id, (copies.get(id) ?? 0) + 1);
  for (const [id, count] of copies) {
    const row = ledger.find((one) => one.id === id);
    if (row === undefined) faults.push(`${id} is in no ledger`);
    else if (row.status !== 'sent') faults.push(`${id} came and is ${row.status} in the ledger`);
    const expected = 1 + doubtful.filter((one) => one === id).length;
    if (count !== expected) faults.push(`${id} came ${count} times, not ${expected}`);
    if (count > 1 && row?.maybeDuplicate === false) faults.push(`${id} came again and the ledger denies it`);
  }
  return faults;
}

/** How many messages came more than once, under the same id. */
export function countRepeats({ messages }: KillOutcome): number {
  return messages.length - new Set(messages.map(({ id }) => id)).size;
}
