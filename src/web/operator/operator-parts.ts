import type { Kysely } from 'kysely';
import type { Issue } from '../../model.ts';
import type { QueueConnection } from '../../queue.ts';
import type { StoredDocument } from '../../store/documents.ts';
import type { StoredOverride } from '../../store/overrides.ts';
import type { Schema } from '../../store/schema.ts';

/** What the pages of whoever runs the service are handed. */
export interface OperatorParts {
  db: Kysely<Schema>;
  now(): string;
  baseUrl: string;
  /** How often scheduled jobs run, in milliseconds; of those that are known. */
  everyMs: Readonly<Record<string, number>>;
  operator: OperatorActions;
}

/** Routes of other layers that these pages call. What they refuse is an `ElwatchError`. */
export interface OperatorActions {
  heldDetail(document: StoredDocument): Promise<HeldDetail>;
  /** What each instruction of a document says, under its number; empty where its text is not at hand. */
  sourceTexts(number: string, publishedOn: string): Promise<ReadonlyMap<string, string>>;
  /** Notes a decision about a held document and lets it count at once. */
  decide(
    document: StoredDocument,
    decision: HeldDecision,
    by: { who: string; reason: string },
  ): Promise<void>;
  /** Ends what was decided about a document; the record of it stays. */
  undo(document: StoredDocument): Promise<void>;
  /** Parts of the whole ledger as a file, the oldest delivery first. */
  ledger(format: 'csv' | 'json'): AsyncIterable<string>;
  backfill: BackfillRuns;
  /** The queues; null while they cannot be had. */
  queues(): QueueView | null;
}

export type HeldDecision =
  | { kind: 'accept' }
  | { kind: 'ignore' }
  | { kind: 'replace'; find: string; by: string };

/** Why a document is held, and what was decided about it. */
export interface HeldDetail {
  heldSince: string | null;
  failingChecks: StoredDocument['checks'];
  /** Open issues with the markup in which their words stand; null where it cannot be found. */
  issues: (Issue & { markup: string | null })[];
  /** Those that ended too. */
  overrides: StoredOverride[];
}

/** Backfills in the background of this process, one at a time. */
export interface BackfillRuns {
  /** Throws `bad-window`, `backfill-runs`. */
  start(from: string, to: string, who: string): void;
  /** The run that goes on, or the last one since the start of the process; null where there was none. */
  last(): BackfillRun | null;
}

export interface BackfillRun {
  from: string;
  to: string;
  startedAt: string;
  who: string;
  /** Null while it goes on. */
  endedAt: string | null;
  /** Months that are done, and months in all. */
  done: number;
  of: number;
  /** What it is at, in words; empty before the first document. */
  at: string;
  /** What came of the documents until now, in words. */
  counts: string;
  /** Why it ended early, with what to do; null where it did not. */
  error: string | null;
  /** Documents that are not finished, with the reason. */
  unfinished: { number: string; publishedOn: string; outcome: string; reason: string }[];
}

export interface QueueView {
  connection: Pick<QueueConnection, 'kind' | 'queue'>;
  names: readonly string[];
  /** Whether it can be told who works at a queue; all of an embedded store is one session, which has no names. */
  canListWorkers: boolean;
  /** Has the sources of published rules and of filings looked at now. */
  checkSources(): Promise<void>;
}
