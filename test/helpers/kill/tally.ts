import type { StoredDelivery } from '../../../src/store/deliveries.ts';
import type { Kept } from './receivers.ts';

/** What was counted about a rule whose workers were killed and whose messages another process finished. */
export interface KillOutcome {
  /** The statements and stages at which workers were killed; one that ended before it came to its place has none. */
  steps: string[];
  /** How many statements a worker made that ended by itself; 0 where all were killed. */
  statements: number;
  /** What was to be told of the rule, the oldest first: of all but the last a later message may take the place. */
  changeSetIds: string[];
  /** All whole messages that came, repeats among them. */
  messages: Kept[];
  /** Why the webhook receiver refused a post. */
  refused: string[];
  /** Ids that a receiver was given by a worker, and that the ledger did not call sent when that one was dead. */
  doubtful: string[];
  /** The deliveries at the end, with recipient and id as the receivers know them. */
  ledger: (Kept & Pick<StoredDelivery, 'changeSetId' | 'status' | 'maybeDuplicate'>)[];
}

/**
 * What of the promise was broken, in a sentence each: every recipient is told, under one id; a message comes once
 * more for each time that its receiver had it and the ledger did not know, and never else; and the ledger says so.
 */
export function findFaults(outcome: KillOutcome, recipients: readonly string[]): string[] {
  const { changeSetIds, messages, refused, ledger } = outcome;
  const faults = refused.map((reason) => `a signature was refused: ${reason}`);
  for (const { to, id } of messages) {
    if (!recipients.includes(to)) faults.push(`${to} was told, and must not be`);
    if (!ledger.some((row) => row.id === id && row.to === to)) faults.push(`${id} to ${to} is in no ledger`);
  }
  for (const [at, changeSetId] of changeSetIds.entries()) {
    const rows = ledger.filter((row) => row.changeSetId === changeSetId);
    for (const recipient of recipients) {
      const theirs = rows.filter(({ to }) => to === recipient);
      if (theirs.length !== 1) faults.push(`${recipient} has ${theirs.length} deliveries of ${changeSetId}`);
      for (const row of theirs) faults.push(...faultsOf(row, outcome, at === changeSetIds.length - 1));
    }
  }
  return faults;
}

function faultsOf(
  { to, id, status, maybeDuplicate }: KillOutcome['ledger'][number],
  { messages, doubtful }: KillOutcome,
  isLast: boolean,
): string[] {
  const faults: string[] = [];
  const copies = messages.filter((one) => one.id === id).length;
  const doubts = doubtful.filter((one) => one === id).length;
  if (status !== 'sent' && (isLast || status !== 'suppressed'))
    faults.push(`${id} is ${status} in the ledger`);
  const expected = doubts + (status === 'sent' ? 1 : 0);
  if (copies === 0 && expected > 0) faults.push(`${to} was not told`);
  else if (copies !== expected) faults.push(`${id} came ${copies} times, not ${expected}`);
  if (copies > 1 && !maybeDuplicate) faults.push(`${id} came again and the ledger denies it`);
  return faults;
}

/** How many messages came once more under the id of one that came before. */
export function countRepeats({ messages }: KillOutcome): number {
  return messages.length - new Set(messages.map(({ id }) => id)).size;
}
