import type { ChangeSet, StoredChange, ToldHit } from '../model.ts';

/** One change set, as one subscription is told of it. */
export interface ToldChangeSet {
  changeSet: ChangeSet;
  /** The changes that meet the filter. */
  changes: readonly StoredChange[];
  /** How many there are before filtering. */
  allChangesCount: number;
  /** What was told of the same document before, the nearest first. */
  earlier: readonly ChangeSet[];
  /** Counterparties that a change hits, the best first; none for a subscription without watchlists. */
  hits?: readonly ToldHit[];
}

/** What one delivery says, before a channel gives it a form. */
export type Told =
  | ({ kind: 'alert' } & ToldChangeSet)
  /** To its owner: that a target was given up, and why. */
  | { kind: 'disabled'; reason: string };
