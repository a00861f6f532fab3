import type { Change, StoredChange } from '../model.ts';
import { leadTo, type PlacedChange } from './lead-to.ts';

/** A document that was applied and is read anew. */
export interface Reread {
  /** All changes that it made so far, our own corrections of it included. */
  told: readonly StoredChange[];
  /** What it does as it is read now, from the list before it. */
  next: readonly Change[];
  /** Its effective day as it is read now. */
  on: string;
  /** All changes, from their baseline on, of the entries that it touched or touches now; `told` among them. */
  history: readonly StoredChange[];
}

/**
 * What has to be appended so that the list is, on every day, as if a document had been read in the new way from
 * the first. Each entry is followed through its days twice, as it was told and as it should have been; on a day
 * that leaves the two apart, the one is led to the other. Earlier corrections are among what was told, so it
 * does not matter how often the document was read before.
 */
export function correctChanges({ told, next, on, history }: Reread): Change[] {
  const own = new Set(told.map(({ seq }) => seq));
  // What it says now has its place among the rules of a day where the document itself has it.
  const seq = Math.min(Number.MAX_SAFE_INTEGER, ...own);
  const read = next.map(
    (change): PlacedChange => ({ ...change, effectiveOn: change.effectiveOn ?? on, seq }),
  );
  const ids = new Set([...told, ...next].map((change) => change.entryId));
  return [...ids].flatMap((id) => {
    const past = history.filter(({ entryId }) => entryId === id);
    const others = past.filter((change) => !own.has(change.seq));
    const before = past.filter((change) => own.has(change.seq));
    const now = read.filter(({ entryId }) => entryId === id);
    return leadTo(id, past, [...others, ...now]).map(({ step, on: day }): Change => {
      const ofDay = ({ effectiveOn }: PlacedChange) => effectiveOn === day;
      const corrected = before.find(ofDay) ?? before[0];
      const locator = (now.find(ofDay) ?? corrected ?? now[0])?.locator ?? null;
      const of = corrected ? { ofSeq: corrected.seq } : {};
      return { ...step, locator, because: 'correction', ...of, effectiveOn: day };
    });
  });
}
