import type { Change, Entry, StoredChange } from '../model.ts';
import { compareEffect, type Step, takeStep } from './history.ts';
import { stepsBetween } from './steps-between.ts';

/** A change with its place among those of its entry. */
export type PlacedChange = Change & Pick<StoredChange, 'effectiveOn' | 'seq'>;

/**
 * What has to be appended to one past of an entry so that every day ends as in another: both are followed day by
 * day, and where a day leaves them apart, the one is led to the other at its end.
 */
export function leadTo(
  entryId: string,
  past: readonly PlacedChange[],
  wanted: readonly PlacedChange[],
): { step: Step & Pick<Change, 'name'>; on: string }[] {
  const is = new Map<string, Entry>();
  const should = new Map<string, Entry>();
  const days = new Set([...past, ...wanted].map(({ effectiveOn }) => effectiveOn));
  return [...days].sort().flatMap((on) => {
    const inTurn = (changes: readonly PlacedChange[]) =>
      changes.filter(({ effectiveOn }) => effectiveOn === on).sort(compareEffect);
    for (const step of inTurn(past)) takeStep(is, step);
    for (const step of inTurn(wanted)) takeStep(should, step);
    const steps = stepsBetween(is.get(entryId), should.get(entryId));
    for (const step of steps) takeStep(is, step);
    return steps.map((step) => ({ step, on }));
  });
}
