/**
 * The words of the field, as types. Nothing here does anything.
 *
 * Days are strings `YYYY-MM-DD` and end in `On`; instants are ISO 8601 strings in UTC and end in `At`.
 */

/** The three lists in part 744 of title 15 CFR: supplements no. 4, no. 6 and no. 7. */
export type ListName = 'entity-list' | 'unverified-list' | 'military-end-user-list';

export const LIST_NAMES: readonly ListName[] = ['entity-list', 'unverified-list', 'military-end-user-list'];

/**
 * What an amendatory instruction does. `add` and `revise` print the whole row, `remove` names the entry.
 * `alter` changes a part of one named entry without printing its row (a new name or destination, an alias, an
 * address, a footnote, some words); `replace` does the same to every entry it fits ("wherever it appears").
 */
export type AmendmentAction = 'add' | 'revise' | 'remove' | 'alter' | 'replace';

/** The verbs that documents count; an `alter` counts as a revision. */
export type CountedAction = 'add' | 'revise' | 'remove';

/** A Federal Register citation as the last column of the supplement prints it; some print no date. */
export interface Citation {
  volume: number;
  page: number;
  /** Day of publication, or null where the supplement prints none. */
  on: string | null;
}

/** Where in the document something stands, so that a reader can check it. */
export interface Locator {
  /** Paragraph of the amendatory instruction, as "2", "2.a" or "2.c.ii". */
  instruction: string;
  /** Row of the table below the instruction, counted from 1 over all its rows; null outside a table. */
  row: number | null;
  /** Page of the Federal Register in force there (`PRTPAGE`); null where unknown. */
  page: number | null;
}

/** What a row of a supplement says about one entry. Texts are verbatim but for white space. */
export interface EntryText {
  name: string;
  aliases: string[];
  addresses: string[];
  /** Destinations named by a "See alternate address under …" note, as printed. */
  seeAlso: string[];
  licenseRequirement: string;
  licenseReviewPolicy: string;
  /** Numbers of the footnotes that apply to the entry, ascending. */
  footnotes: number[];
  citations: Citation[];
}

/** An entry with its place: which list, and under which destination heading. */
export interface PlacedEntry extends EntryText {
  list: ListName;
  /** Destination heading as the supplement prints it: "CHINA, PEOPLE'S REPUBLIC OF". */
  destination: string;
  /** ISO 3166-1 alpha-2 code of the destination (3166-2 for a region); null where unknown. */
  country: string | null;
}

/** One entry of a stored list. The id survives renames and moves. */
export interface Entry extends PlacedEntry {
  entryId: string;
}

/** A destination heading with its code; the code is null where unknown. */
export interface Place {
  destination: string;
  country: string | null;
}

/** Items that are added to a field and taken from it, as printed. */
export interface ItemEdit {
  add: string[];
  remove: string[];
}

/** What an `alter` or a `replace` does to an entry; fields that are absent stay as they are. */
export interface Alteration {
  name?: string;
  /** Where the entry (or, in a `replace`, the whole heading) goes. */
  place?: Place;
  aliases?: ItemEdit;
  addresses?: ItemEdit;
  footnotes?: { add: number[]; remove: number[] };
  /** Footnotes that get another number, in the table and in every entry that bears them. */
  renumber?: { from: number; to: number }[];
  licenseRequirement?: string;
  licenseReviewPolicy?: string;
  /** Words that give way to others, in the order of print; `field` is null where all of the row is meant. */
  words?: {
    find: string;
    by: string;
    field: 'name' | 'aliases' | 'addresses' | 'licenseRequirement' | 'licenseReviewPolicy' | null;
  }[];
}

/**
 * One operation, as an instruction orders it. `name` and `destination` are those of the entry as the document
 * leaves it (of an `alter`: as the list has it now); a removal says no more than the name, and the aliases and
 * addresses where it quotes them. In a `replace`, name is empty, and destination too where all are meant.
 */
export interface Amendment extends PlacedEntry {
  action: AmendmentAction;
  locator: Locator;
  /** How the list calls the entry now, where a `revise` prints it under another name or destination. */
  target?: { name: string } & Place;
  /** Set for `alter` and `replace`. */
  alter?: Alteration;
  /** First day of effect, where the instruction has one of its own. */
  effectiveOn?: string;
  /** Last day of effect, where the instruction says when it ends. */
  endsOn?: string;
}

/** A destination heading that an instruction adds to the table or takes away from it. */
export interface HeadingChange extends Place {
  list: ListName;
  action: 'add' | 'remove';
  locator: Locator;
}

/** An earlier document, as another one speaks of it. At least one of the two is known. */
export interface DocumentReference {
  /** Document number, plain hyphens. */
  number: string | null;
  /** Any page of it: "90 FR 47201". */
  citation: string | null;
}

/**
 * An order that puts off what an earlier rule amends: a `stay` takes it back from a day on, a `delay` moves the
 * first day of its effect. What is put off is scheduled, never deleted.
 */
export interface Suspension {
  kind: 'stay' | 'delay';
  rule: DocumentReference;
  /** First day on which the rule is put off; null for the effective day of the order. */
  from: string | null;
  /** Of a stay its last day, of a delay the new first day of effect; null for an indefinite one. */
  until: string | null;
  /** Numbers of the instructions that are put off; null or absent for the whole rule. */
  instructions?: string[] | null;
  /** True where it ends an earlier stay or delay on the day `from`; then a stay has the day before as `until`. */
  lifted?: true;
  locator: Locator;
}

/** How a document counts what it does: by entities, by entries, and by entries per destination. */
export interface StatedCount {
  entities: number | null;
  entries: number | null;
  /** Country code → entries. Empty where the document gives no count per destination. */
  byDestination: Record<string, number>;
  /** Country codes that it names without a count, in order. Absent where it names none so. */
  destinations?: string[];
  /** True where it names only some of its destinations. */
  partial?: boolean;
}

/** What the abstract and the SUMMARY say the document does to one list. */
export type Stated = Record<CountedAction, StatedCount | null>;

/**
 * Something that a reader met and could not account for. An issue that `holds` keeps the whole document
 * from changing the list.
 */
export interface Issue {
  /** Kebab-case and greppable, as `unknown-verb`. */
  code: string;
  holds: boolean;
  message: string;
  /** The text in question, shortened to 300 characters. */
  excerpt: string | null;
  locator: Locator | null;
}

/** The head of a Federal Register document: its metadata record, reduced to what the product uses. */
export interface DocumentHead {
  number: string;
  title: string;
  /** "Rule", "Notice" …, as the API labels it. */
  type: string;
  abstract: string | null;
  /** Free text of the DATES paragraph. */
  dates: string | null;
  /** "90 FR 14032"; null while the start page is unknown. */
  citation: string | null;
  volume: number | null;
  startPage: number | null;
  endPage: number | null;
  publishedOn: string | null;
  effectiveOn: string | null;
  htmlUrl: string | null;
  /** Null until the full text is imported (it can come late). */
  xmlUrl: string | null;
  pdfUrl: string | null;
  correctionOf: string | null;
}

/** Types of documents that never change the Code of Federal Regulations, as the API labels them. */
export const TYPES_NOT_LAW: readonly string[] = [
  'Proposed Rule',
  'Notice',
  'Presidential Document',
  'Sunshine Act Document',
];

/** What the parser makes of one document. */
export interface Rule {
  document: DocumentHead;
  /** The lists that its instructions amend; empty for a document that amends none. */
  lists: ListName[];
  amendments: Amendment[];
  headings: HeadingChange[];
  suspensions: Suspension[];
  /** Documents that this one corrects, by the record's `correction_of` or by its own words. */
  corrects: DocumentReference[];
  stated: Partial<Record<ListName, Stated>>;
  issues: Issue[];
}

/** One comparison that verification made, or could not make. */
export interface Check {
  /** As `stated-additions`, `stated-additions-CN`, `targets-exist`. */
  name: string;
  list: ListName | null;
  status: 'pass' | 'fail' | 'skip';
  expected: number | string | null;
  found: number | string | null;
  /** One sentence for people. */
  message: string;
}

/** `verified`: all checks that could be made passed. `unverified`: nothing was stated to check against. */
export type Verdict = 'verified' | 'unverified' | 'held';

export type ChangeKind = 'added' | 'revised' | 'removed' | 'editorial';

export const CHANGE_KINDS: readonly ChangeKind[] = ['added', 'revised', 'removed', 'editorial'];

/** The fields of an entry that a change can touch. */
export type EntryField = keyof EntryText | 'destination';

/** Why a change came about other than by an instruction about its entry. */
export type ChangeReason = 'stay' | 'delay' | 'resume' | 'expiry' | 'correction';

/** A change to one entry: the fact that is stored, fed and mailed. */
export interface Change {
  kind: ChangeKind;
  entryId: string;
  list: ListName;
  destination: string;
  country: string | null;
  name: string;
  before: EntryText | null;
  after: EntryText | null;
  /** Fields that differ between before and after; empty for additions and removals. */
  fields: EntryField[];
  locator: Locator | null;
  /** Where the entry stood before, where it moved. */
  movedFrom?: Place | null;
  /** Null for an ordinary amendment. */
  because?: ChangeReason | null;
  /** Sequence number of the change that this one puts off, resumes or corrects. */
  ofSeq?: number | null;
  /** Day of legal effect, where it is not that of the change set. */
  effectiveOn?: string;
}

/** A change as stored: with its place in the one sequence of all changes, and both clocks. */
export interface StoredChange extends Change {
  seq: number;
  changeSetId: string;
  /** When it has legal effect. */
  effectiveOn: string;
  /** When we knew it. */
  knownAt: string;
}

/** A stored change with the document that made it; both are null for a baseline. */
export interface TracedChange extends StoredChange {
  number: string | null;
  publishedOn: string | null;
}

/** Why a change set exists. `baseline` loads a list; `reparse` is our own correction. */
export type Cause = 'rule' | 'baseline' | 'reparse';

/**
 * What a change set tells. `applied`: the lists changed so. `held`: the document states changes which we could
 * not confirm. `provisional`: so says a filing on public inspection, before publication. `withdrawn`: what was
 * told before will not come.
 */
export type Outcome = 'applied' | 'held' | 'provisional' | 'withdrawn';

/** What one document did to the lists at one time, or the notice about it. */
export interface ChangeSet {
  changeSetId: string;
  cause: Cause;
  outcome: Outcome;
  document: DocumentHead | null;
  lists: ListName[];
  effectiveOn: string;
  knownAt: string;
  checks: Check[];
  issues: Issue[];
  stated: Partial<Record<ListName, Stated>>;
  /** Sequence numbers of its first and last change; null where it has none. */
  firstSeq: number | null;
  lastSeq: number | null;
  /** Our own id of the earlier change set that this one follows up (provisional or held, then applied). */
  follows: string | null;
  /** One sentence for each thing that was told before and is different now. */
  differences?: string[];
  /** Numbers of the documents that this one corrects. */
  corrects?: string[];
  /** State hash of each list it touches, after it (`list/state-hash.ts`). */
  stateHashes?: Partial<Record<ListName, string>>;
  /** What is told of the filing on public inspection, in a notice about one. */
  filing?: FilingFacts | null;
}

/** A name that the instructions of a filing quote. It is read from broken lines and never applied. */
export interface NamedEntry {
  list: ListName;
  action: CountedAction;
  destination: string | null;
  country: string | null;
  name: string;
}

/** What the raw text of a filing says, as far as it can be read. */
export interface FilingReading {
  lists: ListName[];
  stated: Partial<Record<ListName, Stated>>;
  named: NamedEntry[];
  /** True where every entry that its instructions speak of is named. */
  allNamed: boolean;
  /** First day of effect; null where the text does not say one, and where that is the day of publication. */
  effectiveOn: string | null;
  effectiveOnPublication: boolean;
  /** Why it changes no list, in words; null where it does or may. */
  isDecoy: string | null;
  /** False for a text that holds nothing to read, as the text of a scan. */
  readable: boolean;
  issues: Issue[];
}

/** A filing on public inspection, as a notice about it tells. */
export interface FilingFacts {
  /** When it was filed, as the record says. */
  filedAt: string | null;
  /** Regular filings come at 8:45 am of the business day before, special ones at any hour. */
  filingType: 'special' | 'regular' | null;
  /** Day on which it is to be published; null for a filing that was revoked. */
  scheduledOn: string | null;
  /** When the first poll saw it. */
  seenAt: string;
  /** Null while its text cannot be had or read. */
  reading: FilingReading | null;
  /** Letters of the agency about it, and the note of the editors. */
  letters: { title: string; url: string }[];
  editorialNote: string | null;
}

export type DocumentStatus = 'new' | 'provisional' | 'applied' | 'held' | 'ignored' | 'withdrawn';

/** `gathered` waits for the digest that takes it in. */
export type DeliveryStatus = 'gathered' | 'due' | 'sending' | 'sent' | 'failed' | 'suppressed';

/** Who else publishes the lists: eCFR, and the Consolidated Screening List. */
export type AuditSource = 'ecfr' | 'csl';

export const AUDIT_SOURCES: readonly AuditSource[] = ['ecfr', 'csl'];

/** `lag`: all that differs is what recent rules did. `refused`: the source shrank. `failed`: it did not answer. */
export type AuditOutcome = 'clean' | 'lag' | 'drift' | 'refused' | 'failed';

/** How far one rule had come in one source at one audit. */
export interface LedgerLine {
  /** Document number. */
  number: string;
  publishedOn: string;
  /** Entries that the rule changes in a way that the source can show. */
  ours: number;
  there: number;
  /** Names of those that are not there yet. */
  missing: string[];
  /** Business days since its publication. */
  day: number;
}

/** How a subscription is served. */
export type Channel = 'email' | 'webhook' | 'slack' | 'teams';

export const CHANNELS: readonly Channel[] = ['email', 'webhook', 'slack', 'teams'];

/** Which changes a subscription wants. An empty list restricts nothing, but for `kinds`. */
export interface SubscriptionFilter {
  lists: ListName[];
  /** Country codes, as "CN". */
  countries: string[];
  /** Empty for additions, revisions and removals: who wants editorial fixes names them. */
  kinds: ChangeKind[];
  /** Fewer matching changes than this in one document send nothing. */
  minimumCount: number;
  /** Words of which one must stand in the entry (name, alias, address, requirement, policy); compared folded. */
  keywords: string[];
  /** Ids of watchlists of which one must be hit. */
  watchlists: string[];
}

/** The filter that everything but editorial fixes meets. */
export const WHOLE_FILTER: SubscriptionFilter = {
  lists: [],
  countries: [],
  kinds: [],
  minimumCount: 1,
  keywords: [],
  watchlists: [],
};

/** What a subscription is told besides changes. */
export interface SubscriptionNotices {
  /** Filings on public inspection. */
  provisional: boolean;
  /** Rules whose reading could not be confirmed. */
  held: boolean;
  /** "No rule today, last check 18:05 ET", on business days without a message. */
  quietDays: boolean;
}

export const DEFAULT_NOTICES: SubscriptionNotices = { provisional: true, held: true, quietDays: false };

/** When messages go out: at once, or gathered into one at a local time. */
export type Schedule =
  | { mode: 'immediate' }
  | { mode: 'daily'; at: string; timeZone: string }
  /** `weekday` counts from Monday, 1, to Sunday, 7. */
  | { mode: 'weekly'; at: string; timeZone: string; weekday: number };

/**
 * `unconfirmed` until the owner of the address follows the signed link; `paused` by its owner; `disabled` by us,
 * after a bounce or a target that never answers.
 */
export type SubscriptionStatus = 'unconfirmed' | 'active' | 'paused' | 'disabled';

/**
 * Who set a status: the reader by a link of a mail, the organisation by its token, whoever runs the service, or the
 * service itself after a bounce, a complaint or a target that fails.
 */
export type StatusSetter = 'reader' | 'owner' | 'operator' | 'service';

/** One way of telling one address about some changes. */
export interface Subscription {
  subscriptionId: string;
  organisationId: string;
  channel: Channel;
  /** Address of a mail, or of a target as people may see it: chat addresses are secrets and are shortened. */
  target: string;
  /** Tells several subscriptions of one target apart; mostly empty. */
  name: string;
  /** Mail address of the owner, who is told when a target is disabled; of mail it is null. */
  contact: string | null;
  status: SubscriptionStatus;
  /** Why it is paused or disabled, in words. */
  statusReason: string | null;
  /** Null while nobody set it. */
  statusBy: StatusSetter | null;
  filter: SubscriptionFilter;
  notices: SubscriptionNotices;
  schedule: Schedule;
  /** BCP 47 tag of the language in which days are written, as "en" or "de". */
  dateLanguage: string;
  /** Secret of the unsubscribe link; a new one makes every link void. */
  token: string;
  createdAt: string;
  /** When the reader said yes, or the operator vouched; null while neither did, and for targets other than mail. */
  confirmedAt: string | null;
  /** Who vouched for a mail address in place of its reader's yes; null for nobody. */
  vouchedBy: string | null;
  /** Since when every message has failed; null where the last one was taken. */
  failingSince: string | null;
}

/**
 * What a delivery tells. `alert`: one change set. `digest`: those gathered since the last one. `quiet`: that there
 * was nothing. `confirm`: the question of the double opt-in. `test`: a test send. `disabled`: to the owner of a
 * target, that it was given up.
 */
export type DeliveryKind = 'alert' | 'digest' | 'quiet' | 'confirm' | 'test' | 'disabled';

/** One message to one subscription. */
export interface Delivery {
  deliveryId: string;
  kind: DeliveryKind;
  /** What it is about, once per subscription and channel: a change set's id, or "digest 2025-03-28" and the like. */
  subject: string;
  /** Null where it is about no single change set. */
  changeSetId: string | null;
  subscriptionId: string;
  channel: Channel;
  /** The target as people may see it; stays when the subscription is removed. */
  recipient: string;
  status: DeliveryStatus;
  messageId: string;
  attempts: number;
  dueAt: string;
  sentAt: string | null;
  /** True where a crash between DATA and its answer may have sent the message before. */
  maybeDuplicate: boolean;
  /** Last answer of the server, path of the `.eml` file, or the error in one line. */
  outcome: string | null;
  /** The digest that took a gathered alert in. */
  digestId: string | null;
  /** When its reader first said that it was read: on the page of the link in it, since scanners follow links. */
  acknowledgedAt: string | null;
}

/** What an API token may do. `admin` may do all. */
export type Scope = 'read' | 'subscriptions' | 'watchlists' | 'admin';

export const SCOPES: readonly Scope[] = ['read', 'subscriptions', 'watchlists', 'admin'];

/** A mail that came in, taken apart but not understood. */
export interface ReceivedMail {
  /** In their order, unfolded: name in lower case, and value. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Of Content-Type, in lower case: "multipart/report" with its "report-type". */
  contentType: { type: string; reportType: string | null };
  /** Those that are no text of the message itself, decoded. */
  parts: readonly { type: string; text: string }[];
}

/** Counterparties of an organisation, as its last upload left them. */
export interface Watchlist {
  watchlistId: string;
  organisationId: string;
  /** Unique within the organisation. */
  name: string;
  /** Hits below are left out; null for the default of the matcher. */
  threshold: number | null;
  /** Counts the uploads from 1; 0 before the first. */
  version: number;
  /** Of the bytes of the last upload. */
  sha256: string | null;
  rows: number;
  createdAt: string;
  uploadedAt: string | null;
  uploadedBy: string | null;
}

/** What made a watchlist be screened. `rule`: a change set, whose changes alone are compared. */
export type ScreeningCause = 'upload' | 'demand' | 'rule';

/** One comparison of a watchlist with entries. It is evidence, also where nothing was hit. */
export interface ScreeningRun {
  runId: string;
  watchlistId: string;
  /** Version of the watchlist, and SHA-256 of the file that it was read from. */
  version: number;
  sha256: string;
  cause: ScreeningCause;
  changeSetId: string | null;
  /** State hash of each list that was compared; of the lists after the change set where that is the cause. */
  stateHashes: Partial<Record<ListName, string>>;
  /** The last change that was known. */
  lastSeq: number;
  matcherVersion: string;
  threshold: number;
  /** Counterparties and entries that were compared. */
  names: number;
  entries: number;
  /** Hits in all, and those of them that a decision hid. */
  hits: number;
  hidden: number;
  startedAt: string;
  endedAt: string;
}

/** One counterparty that may be one entry. */
export interface ScreeningHit {
  hitId: number;
  runId: string;
  /** Where the counterparty stands in its file, its key across files, and the owner's own id. */
  rowNumber: number;
  rowKey: string;
  ref: string;
  theirName: string;
  theirCountry: string | null;
  entryId: string;
  /** Of the entry as it was compared (`list/state-hash.ts`). */
  entryHash: string;
  entryName: string;
  list: ListName;
  destination: string;
  country: string | null;
  /** The rule that the entry cites last. */
  citation: Citation | null;
  /** The change that was screened; null for an entry of the whole list. */
  changeSeq: number | null;
  changeKind: ChangeKind | null;
  /** 0 to 1. */
  score: number;
  /** Ours is a text of the entry, theirs one of the counterparty. */
  matched: { field: 'name' | 'alias' | 'address'; ours: string; theirs: string };
  reasons: string[];
  countryAgrees: boolean | null;
  /** The decision that hid it then, or that no longer does since it ended or the entry changed. */
  decisionId: string | null;
  isHidden: boolean;
}

/** A hit as its owner is told of it, with the name of the watchlist. */
export type ToldHit = Pick<
  ScreeningHit,
  | 'rowNumber'
  | 'ref'
  | 'theirName'
  | 'entryName'
  | 'changeSeq'
  | 'score'
  | 'matched'
  | 'reasons'
  | 'countryAgrees'
> & { watchlistId: string; watchlistName: string };

/** "Not a match": hides a hit while it is not over, and while the entry is as it was. */
export interface ScreeningDecision {
  decisionId: string;
  watchlistId: string;
  rowKey: string;
  entryId: string;
  entryHash: string;
  verdict: 'not-a-match';
  reason: string;
  who: string;
  madeAt: string;
  /** Last day; null for one without an end. */
  expiresOn: string | null;
  /** When somebody took it back. */
  endedAt: string | null;
  theirName: string;
  entryName: string;
}
