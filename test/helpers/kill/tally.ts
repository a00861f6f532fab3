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
  /** Which of these correct a rule before them; they take the place of none. */
  corrections: string[];
  /** All whole messages that came, repeats among them. */
  messages: Kept[];
  /** Why the webhook receiver refused a post. */
  refused: string[];
  /** Ids that a receiver was given by a worker, and that the ledger did not call sent when that one was dead. */
  doubtful: string[];
  /** The deliveries at the end, with recipient and id as the receivers know them. */
  ledger: (Kept & Pick<StoredDelivery, 'changeSetId' | 'status' | 'maybeDuplicate'>)[];
  /** The runs and stored hits of each watchlist; null where nothing was compared. */
  screened: Record<string, { runs: number; hits: number }> | null;
  /** What the digests held; null where none was made. */
  digest: DigestCount | null;
}

export interface DigestCount {
  /** What each had to list. */
  documents: string[];
  /** What each message that came names, as often as it does. */
  listed: { to: string; documents: string[] }[];
  /** The deliveries of these documents, of whatever digest. */
  gathered: { to: string; document: string; status: string }[];
}

/**
 * What of the promise was broken, in a sentence each: every recipient is told, under one id; a message comes once
 * more for each time that its receiver had it and the ledger did not know, and never else; and the ledger says so.
 */
export function findFaults(outcome: KillOutcome, recipients: readonly string[]): string[] {
  const { changeSetIds, corrections, messages, refused, ledger, screened, digest } = outcome;
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
      const isLast = changeSetIds.slice(at + 1).every((later) => corrections.includes(later));
      for (const row of theirs) faults.push(...faultsOf(row, outcome, isLast));
    }
  }
  if (screened !== null) faults.push(...faultsOfScreening(screened));
  if (digest !== null) faults.push(...faultsOfDigests(digest, recipients));
  return faults;
}

/** One run of each watchlist, and one hit: the customer that the rule names. */
function faultsOfScreening(screened: NonNullable<KillOutcome['screened']>): string[] {
  return Object.entries(screened).flatMap(([name, { runs, hits }]) => {
    const faults = runs === 1 ? [] : [`${name} has ${runs} runs`];
    const expected = name === 'customers' ? 1 : 0;
    return hits === expected ? faults : [...faults, `${name} has ${hits} hits, not ${expected}`];
  });
}

/** Each digest lists each document, as often as any other of them, and each is told with one digest. */
function faultsOfDigests(
  { documents, listed, gathered }: DigestCount,
  recipients: readonly string[],
): string[] {
  const faults: string[] = [];
  for (const message of listed) {
    const times = (document: string) => message.documents.filter((one) => one === document).length;
    for (const document of documents) {
      if (times(document) === 0) faults.push(`a digest to ${message.to} leaves out ${document}`);
      else if (times(document) !== Math.min(...documents.map(times).filter((count) => count > 0)))
        faults.push(`a digest to ${message.to} lists ${document} twice`);
    }
    for (const other of new Set(message.documents))
      if (!documents.includes(other)) faults.push(`a digest to ${message.to} lists ${other} too`);
  }
  for (const recipient of recipients)
    for (const document of documents) {
      const rows = gathered.filter(({ to, document: of }) => to === recipient && of === document);
      if (rows.length !== 1 || rows[0]!.status !== 'sent')
        faults.push(
          `${document} for ${recipient} is ${rows.map(({ status }) => status).join() || 'missing'}`,
        );
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
