import type { ScreeningDecision } from '../model.ts';
import type { NewHit } from '../store/screening.ts';
import { isHiding } from '../store/screening-decisions.ts';

/** Decisions by counterparty and entry. */
export type Decisions = ReadonlyMap<string, readonly ScreeningDecision[]>;

export function groupDecisions(decisions: readonly ScreeningDecision[]): Decisions {
  const groups = new Map<string, ScreeningDecision[]>();
  for (const decision of decisions) {
    const key = keyOf(decision);
    const group = groups.get(key);
    if (group) group.push(decision);
    else groups.set(key, [decision]);
  }
  return groups;
}

/**
 * Hides a hit that somebody decided is no match, as long as the decision holds and the entry is, to the letter, the
 * one that was decided on. Where it no longer does, the hit says so.
 *
 * @param today day in Washington
 */
export function weighHit(
  hit: Omit<NewHit, 'decisionId' | 'isHidden'>,
  decisions: Decisions,
  today: string,
): NewHit {
  const made = (decisions.get(keyOf(hit)) ?? []).filter(({ endedAt }) => endedAt === null);
  const hiding = made.find((one) => isHiding(one, hit.entryHash, today));
  if (hiding) return { ...hit, decisionId: hiding.decisionId, isHidden: true };
  const holding = made.filter((one) => isHiding(one, one.entryHash, today));
  const told = holding[0] ?? made[0];
  if (told === undefined) return { ...hit, decisionId: null, isHidden: false };
  const day = told.madeAt.slice(0, 10);
  const why =
    holding.length > 0
      ? `the entry has changed since “not a match” was decided on ${day}`
      : `“not a match”, decided on ${day}, was good until ${told.expiresOn}`;
  return { ...hit, reasons: [why, ...hit.reasons], decisionId: told.decisionId, isHidden: false };
}

function keyOf({ rowKey, entryId }: { rowKey: string; entryId: string }): string {
  return `${rowKey}|${entryId}`;
}
