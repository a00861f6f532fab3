import type { ColumnType, Generated } from 'kysely';
import type {
  Amendment,
  AuditOutcome,
  AuditSource,
  Cause,
  ChangeKind,
  ChangeReason,
  Channel,
  Check,
  Citation,
  DeliveryKind,
  DeliveryStatus,
  DocumentHead,
  DocumentStatus,
  EntryField,
  EntryText,
  FilingFacts,
  FilingReading,
  Issue,
  LedgerLine,
  ListName,
  Locator,
  Outcome,
  Place,
  Schedule,
  Scope,
  ScreeningDecision,
  ScreeningHit,
  ScreeningRun,
  Stated,
  StatusSetter,
  SubscriptionFilter,
  SubscriptionNotices,
  SubscriptionStatus,
  Verdict,
  Watchlist,
} from '../model.ts';

/**
 * The tables as kysely sees them: camelCase here, snake_case in the database (CamelCasePlugin).
 *
 * What both drivers answer: `date` is 'YYYY-MM-DD', `timestamptz` an ISO 8601 string in UTC, `bigint` a
 * number, `jsonb` the parsed value, `bytea` a Buffer.
 */
export interface Schema {
  document: DocumentTable;
  documentVersion: DocumentVersionTable;
  entry: EntryTable;
  changeSet: ChangeSetTable;
  change: ChangeTable;
  issue: IssueTable;
  organisation: OrganisationTable;
  apiToken: ApiTokenTable;
  serverSecret: ServerSecretTable;
  subscription: SubscriptionTable;
  suppressedAddress: SuppressedAddressTable;
  delivery: DeliveryTable;
  sourceState: SourceStateTable;
  override: OverrideTable;
  filing: FilingTable;
  filingVersion: FilingVersionTable;
  auditRun: AuditRunTable;
  auditLedger: AuditLedgerTable;
  auditSnapshot: AuditSnapshotTable;
  watchlist: WatchlistTable;
  watchlistVersion: WatchlistVersionTable;
  watchlistRow: WatchlistRowTable;
  screeningRun: ScreeningRunTable;
  screeningHit: ScreeningHitTable;
  screeningDecision: ScreeningDecision;
  idempotencyKey: IdempotencyKeyTable;
  watchlistFeed: WatchlistFeedTable;
  watchlistPage: WatchlistPageTable;
}

/** Read as a value, written as JSON text from `toJson`. */
type Json<T> = ColumnType<T, string, string>;
/** As `Json`, and null in the database where there is nothing. */
type JsonOrNull<T> = ColumnType<T | null, string | null, string | null>;

export interface DocumentTable {
  number: string;
  publishedOn: string;
  head: Json<DocumentHead>;
  status: DocumentStatus;
  statusReason: string | null;
  verdict: Verdict | null;
  checks: Json<Check[]>;
  stated: Json<Partial<Record<ListName, Stated>>>;
  /** The parsed amendments as they were last applied or held. */
  amendments: JsonOrNull<Amendment[]>;
  firstSeenAt: string;
  lastCheckedAt: string;
  /** The version that was processed last. */
  xmlSha256: string | null;
  parserVersion: string | null;
}

export interface DocumentVersionTable {
  id: Generated<number>;
  number: string;
  publishedOn: string;
  kind: 'meta' | 'xml';
  sha256: string;
  url: string;
  contentType: string | null;
  bytes: Buffer;
  /** When these bytes were first fetched. */
  fetchedAt: string;
  /** When upstream last answered with them: bytes can come back after a change. */
  lastSeenAt: string;
}

/** Only what is on a list now; history is in `change`. */
export interface EntryTable {
  entryId: string;
  list: ListName;
  destination: string;
  country: string | null;
  name: string;
  text: Json<EntryText>;
  nameKey: string;
}

export interface ChangeSetTable {
  changeSetId: string;
  /** Null for a baseline. */
  number: string | null;
  publishedOn: string | null;
  /** Counts the change sets of one document from 1. */
  revision: number;
  cause: Cause;
  outcome: Outcome;
  lists: Json<ListName[]>;
  head: JsonOrNull<DocumentHead>;
  effectiveOn: string;
  knownAt: string;
  checks: Json<Check[]>;
  issues: Json<Issue[]>;
  stated: Json<Partial<Record<ListName, Stated>>>;
  firstSeq: number | null;
  lastSeq: number | null;
  follows: string | null;
  /** When its deliveries were made; null until then. */
  notifiedAt: Generated<string | null>;
  differences: Json<string[]>;
  corrects: Json<string[]>;
  stateHashes: Json<Partial<Record<ListName, string>>>;
  filing: JsonOrNull<FilingFacts>;
  /** When every watchlist was compared with it and whoever is hit was told; null until then. */
  screenedAt: Generated<string | null>;
}

/** Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE. */
export interface ChangeTable {
  seq: number;
  changeSetId: string;
  kind: ChangeKind;
  entryId: string;
  list: ListName;
  destination: string;
  country: string | null;
  name: string;
  before: JsonOrNull<EntryText>;
  after: JsonOrNull<EntryText>;
  fields: Json<EntryField[]>;
  locator: JsonOrNull<Locator>;
  movedFrom: JsonOrNull<Place>;
  because: ChangeReason | null;
  ofSeq: number | null;
  effectiveOn: string;
  knownAt: string;
}

/** What a person decided about one document; it counts until `endedAt`. */
export interface OverrideTable {
  id: Generated<number>;
  number: string;
  publishedOn: string;
  kind: 'accept' | 'replace' | 'ignore';
  /** Of a `replace`: words of the source text, which must occur once, and what is read in their place. */
  find: string | null;
  by: string | null;
  reason: string;
  who: string;
  madeAt: string;
  endedAt: string | null;
}

export interface IssueTable {
  id: Generated<number>;
  number: string | null;
  publishedOn: string | null;
  code: string;
  holds: boolean;
  message: string;
  excerpt: string | null;
  locator: JsonOrNull<Locator>;
  openedAt: string;
  closedAt: string | null;
}

export interface OrganisationTable {
  organisationId: string;
  name: string;
  createdAt: string;
}

export interface ApiTokenTable {
  tokenId: string;
  organisationId: string;
  name: string;
  /** SHA-256 of the token: a copy of the database opens nothing. */
  hash: string;
  /** Its first characters, by which its owner knows it again. */
  hint: string;
  scopes: Json<Scope[]>;
  /** Requests a minute. */
  perMinute: number;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** Made once where the environment gives no SECRET_KEY, so that all processes on one database agree. */
export interface ServerSecretTable {
  name: string;
  value: string;
  createdAt: string;
}

/** Addresses to which nothing is sent: their mailbox is gone, or their owner complained. */
export interface SuppressedAddressTable {
  /** As `SubscriptionTable.targetHash`. */
  addressHash: string;
  reason: string;
  since: string;
}

export interface SubscriptionTable {
  subscriptionId: string;
  organisationId: Generated<string>;
  channel: Generated<Channel>;
  target: string;
  /** SHA-256 of the whole target, a mail address in lower case. */
  targetHash: string;
  name: Generated<string>;
  /** What only the sender may know (address and signing secrets of a target), sealed; null for mail. */
  sealed: string | null;
  contact: string | null;
  status: SubscriptionStatus;
  statusReason: string | null;
  filter: Json<SubscriptionFilter>;
  notices: Json<SubscriptionNotices>;
  schedule: Json<Schedule>;
  dateLanguage: Generated<string>;
  token: string;
  createdAt: string;
  confirmedAt: string | null;
  statusBy: StatusSetter | null;
  vouchedBy: string | null;
  failingSince: string | null;
  /** When the newest delivery was made that was there when the status was set: refusals up to it count no more. */
  forgivenUntil: string | null;
}

export interface DeliveryTable {
  deliveryId: string;
  kind: Generated<DeliveryKind>;
  subject: string;
  changeSetId: string | null;
  /** No foreign key: the ledger outlives the subscription. */
  subscriptionId: string;
  channel: Channel;
  recipient: string;
  status: DeliveryStatus;
  messageId: string;
  attempts: number;
  dueAt: string;
  /** When the present `sending` began; a crash leaves it standing. */
  claimedAt: string | null;
  /** The process that sends it (`store/presence.ts`); null where that is not known. */
  claimedBy: number | null;
  sentAt: string | null;
  maybeDuplicate: boolean;
  outcome: string | null;
  createdAt: string;
  digestId: string | null;
  acknowledgedAt: string | null;
}

/** `new` while its text is awaited; `provisional` once it was told; the others are how it ended. */
export type FilingStatus =
  | 'new'
  | 'provisional'
  | 'ignored'
  | 'confirmed'
  | 'corrected'
  | 'withdrawn'
  | 'overdue';

/** A filing on public inspection. Kept apart from documents: nothing in it ever changes a list. */
export interface FilingTable {
  /** Plain hyphens, the last part of five digits. */
  number: string;
  filedAt: string | null;
  filingType: 'special' | 'regular' | null;
  /** Day on which it is to be published; null once it is revoked. */
  publishedOn: string | null;
  title: string;
  pdfUpdatedAt: string | null;
  textSha256: string | null;
  textCheckedAt: string | null;
  /** As it was told last; null while no text could be read. */
  reading: JsonOrNull<FilingReading>;
  letters: Json<FilingFacts['letters']>;
  editorialNote: string | null;
  status: FilingStatus;
  statusReason: string | null;
  /** The notice about it that was made last, and how many there were. */
  changeSetId: string | null;
  revision: number;
  firstSeenAt: string;
  lastSeenAt: string;
  /** First poll that no longer found it; null while it is there. */
  missingSince: string | null;
}

export interface FilingVersionTable {
  id: Generated<number>;
  number: string;
  kind: 'record' | 'text';
  sha256: string;
  url: string;
  bytes: Buffer;
  fetchedAt: string;
  lastSeenAt: string;
}

/** What an audit counted. */
export interface AuditCounts {
  missingThere: number;
  missingHere: number;
  differs: number;
  /** Of these three: what recent rules explain. */
  explained: number;
}

export interface AuditRunTable {
  id: Generated<number>;
  source: AuditSource;
  list: ListName;
  /** The day that the source speaks of; null where it was not had. */
  sourceOn: string | null;
  ranAt: string;
  /** Rows of the source; null where it was not read. */
  rows: number | null;
  outcome: AuditOutcome;
  /** Why it was refused or failed. */
  reason: string | null;
  counts: Json<AuditCounts>;
}

/** A line of the ledger of one audit. */
export interface AuditLedgerTable extends Omit<LedgerLine, 'missing'> {
  id: Generated<number>;
  runId: number;
  missing: Json<string[]>;
}

/** The last accepted snapshot of a list in a source. */
export interface AuditSnapshotTable {
  source: AuditSource;
  list: ListName;
  sourceOn: string;
  rows: number;
  /** What was read of it: gzipped JSON. */
  content: Buffer;
  acceptedAt: string;
}

export interface SourceStateTable {
  source: string;
  lastSuccessAt: string | null;
  lastFailureAt: string | null;
  /** The last failure in one line; null since the last success. */
  failure: string | null;
  detail: JsonOrNull<unknown>;
}

export interface WatchlistTable extends Omit<Watchlist, 'version' | 'rows'> {
  version: Generated<number>;
  rows: Generated<number>;
}

/** `loading` until all its rows are there; those of any but the current one are deleted. */
export interface WatchlistVersionTable {
  watchlistId: string;
  version: number;
  status: 'loading' | 'current' | 'replaced' | 'failed';
  sha256: string;
  format: string | null;
  encoding: string | null;
  rows: Generated<number>;
  /** Faulty rows that were left out, where that was asked for. */
  skipped: Generated<number>;
  uploadedAt: string;
  uploadedBy: string;
}

export interface WatchlistRowTable {
  watchlistId: string;
  version: number;
  rowNumber: number;
  rowKey: string;
  ref: string;
  name: string;
  aliases: Json<string[]>;
  addresses: Json<string[]>;
  country: string | null;
  note: string;
}

export interface ScreeningRunTable extends Omit<ScreeningRun, 'stateHashes'> {
  stateHashes: Json<ScreeningRun['stateHashes']>;
}

export interface ScreeningHitTable extends Omit<ScreeningHit, 'hitId' | 'citation' | 'matched' | 'reasons'> {
  hitId: Generated<number>;
  citation: JsonOrNull<Citation>;
  matched: Json<ScreeningHit['matched']>;
  reasons: Json<string[]>;
}

/** The answer to a POST, for whoever sends it again with the same key. */
export interface IdempotencyKeyTable {
  tokenId: string;
  key: string;
  /** SHA-256 of method, path and body. */
  requestHash: string;
  /** Null while the request is under way. */
  status: number | null;
  sealedBody: string | null;
  createdAt: string;
}

/** A watchlist with a feed; another salt makes its address void. */
export interface WatchlistFeedTable {
  watchlistId: string;
  salt: string;
  createdAt: string;
}

export interface WatchlistPageTable {
  watchlistId: string;
  salt: string;
  createdAt: string;
}
