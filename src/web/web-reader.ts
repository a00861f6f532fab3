import type {
  ChangeSet,
  DocumentHead,
  DocumentStatus,
  ListName,
  StoredChange,
  Subscription,
} from '../model.ts';
import type { ChangeSetFilter } from '../store/read-change-sets.ts';

/** A document with what became of it. */
export interface DocumentRow {
  head: DocumentHead;
  status: DocumentStatus;
  /** Change sets it led to, oldest first. */
  changeSetIds: string[];
}

/** How fresh the data is: when the sources were last asked with success, and how long the lists are. */
export interface Freshness {
  checkedAt: string | null;
  listCounts: Partial<Record<ListName, number>>;
}

/** What the web server reads; the store is wired to it in `app`. */
export interface WebReader {
  /** Changes with a sequence number above `seq`, ascending, at most `limit`. */
  changesAfter(seq: number, limit: number): Promise<StoredChange[]>;
  /** Highest sequence number of all changes; 0 where there is none. */
  latestSeq(): Promise<number>;
  /** Newest first. */
  latestChangeSets(limit: number): Promise<ChangeSet[]>;
  /** Newest first, without baselines. */
  selectChangeSets(filter: ChangeSetFilter, limit: number): Promise<ChangeSet[]>;
  /** Another text whenever there is another change set. */
  changeSetsVersion(): Promise<string>;
  findChangeSet(changeSetId: string): Promise<ChangeSet | null>;
  /** What was told of the same document before (the nearest first) and later (the oldest first). */
  chainOf?(changeSet: ChangeSet): Promise<{ earlier: ChangeSet[]; later: ChangeSet[] }>;
  /** Ascending by sequence number. */
  changesOf(changeSetId: string): Promise<StoredChange[]>;
  /** Newest first. */
  latestDocuments(limit: number): Promise<DocumentRow[]>;
  freshness(): Promise<Freshness>;
  findSubscriptionByToken(token: string): Promise<Subscription | null>;
  pauseSubscription(subscriptionId: string): Promise<void>;
  /** Throws where the database does not answer. */
  ping(): Promise<void>;
}
