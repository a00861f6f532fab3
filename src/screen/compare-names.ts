import { align } from './align.ts';
import { normaliseName } from './normalise.ts';
import { reasonsFor } from './reasons.ts';
import { reasonOfKey, sameKeys, scoreOfKey } from './same-letters.ts';
import { scoreAlignment } from './score.ts';

/**
 * Compares two names: a score from 0 to 1, the same whichever comes first, and why, in words that call the first
 * one the list's.
 */
export function compareNames(ours: string, theirs: string): { score: number; reasons: string[] } {
  let best: { score: number; reasons: () => string[] } = { score: 0, reasons: () => [] };
  for (const a of normaliseName(ours)) {
    for (const b of normaliseName(theirs)) {
      const alignment = align(a.tokens, b.tokens);
      const score = scoreAlignment(a.tokens, b.tokens, alignment);
      if (score > best.score) best = { score, reasons: () => reasonsFor(ours, theirs, a, b, alignment) };
    }
  }
  const keys = new Set(sameKeys(theirs));
  for (const key of sameKeys(ours))
    if (keys.has(key) && scoreOfKey(key) > best.score)
      best = { score: scoreOfKey(key), reasons: () => [reasonOfKey(key)] };
  return { score: best.score, reasons: best.reasons() };
}
