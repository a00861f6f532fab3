import type { ChangeSet, StoredChange, Subscription } from '../model.ts';
import type { ChangeSetFilter } from '../store/read-change-sets.ts';

/** What feeds and the unsubscribe page read; the store is wired to it in `reader`. */
export interface WebReader {
  /** Newest first, without baselines. */
  selectChangeSets(filter: ChangeSetFilter, limit: number): Promise<ChangeSet[]>;
  /** Another text whenever there is another change set. */
  changeSetsVersion(): Promise<string>;
  /** Ascending by sequence number. */
  changesOf(changeSetId: string): Promise<StoredChange[]>;
  /** Whether there was ever a document of this number. */
  hasDocument(number: string): Promise<boolean>;
  findSubscriptionByToken(token: string): Promise<Subscription | null>;
  pauseSubscription(subscriptionId: string): Promise<void>;
  /** Throws where the database does not answer. */
  ping(): Promise<void>;
}
