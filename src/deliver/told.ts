import type { ChangeSet, StoredChange, ToldHit } from '../model.ts';
import type { QuietFacts } from '../render/quiet-words.ts';

/** One change set, as one subscription is told of it. */
export interface ToldChangeSet {
  changeSet: ChangeSet;
  /** The changes that meet the filter. */
  changes: readonly StoredChange[];
  /** How many there are before filtering. */
  allChangesCount: number;
  /** What was told of the same document before, the nearest first. */
  earlier: readonly ChangeSet[];
  /** What was told of the documents that this one corrects, the nearest first. */
  corrected: readonly ChangeSet[];
  /** Counterparties that a change hits, the best first; none for a subscription without watchlists. */
  hits?: readonly ToldHit[];
}

/** What one delivery says, before a channel gives it a form. */
export type Told =
  | ({ kind: 'alert' } & ToldChangeSet)
  /** What was gathered, in the order in which it became known; of each document its last message only. */
  | { kind: 'digest'; from: string; to: string; entries: readonly ToldChangeSet[] }
  /** That there was nothing; `latestSeq` is that of the last change, null before the first. */
  | { kind: 'quiet'; facts: QuietFacts; latestSeq: number | null }
  /** Whether the owner of the address wants what somebody asked for in their name. */
  | { kind: 'confirm' }
  | { kind: 'test' }
  /** To its owner: that a target was given up, and why. */
  | { kind: 'disabled'; reason: string };
