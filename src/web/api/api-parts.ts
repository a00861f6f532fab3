import type { Kysely } from 'kysely';
import type { Delivery, Entry, ScreeningRun, Subscription, Watchlist } from '../../model.ts';
import type { Secrets } from '../../secrets.ts';
import type { Schema } from '../../store/schema.ts';
import type { SubscriptionRequest, SubscriptionSettings } from '../../subscription-request.ts';

/** What the API is handed. It reads the store itself; what else it sets going comes as actions. */
export interface ApiParts {
  db: Kysely<Schema>;
  secrets: Secrets;
  /** The present instant, ISO 8601 in UTC. */
  now(): string;
  version: string;
  /** Acts as a token that may do all; null for none. */
  adminToken: string | null;
  /** Whether what is public needs a token too. */
  requiresToken: boolean;
  /** Requests a minute of one address without a token. */
  perMinute: number;
  actions: ApiActions;
}

/** What a subscription would get, as it is sent by each channel. */
export interface Preview {
  /** The rule that it tells of. */
  changeSetId: string;
  mail: { subject: string; text: string; html: string };
  /** The very bytes. */
  webhook: string;
  /** With a signature by the sample secret. */
  webhookHeaders: Readonly<Record<string, string>>;
  webhookSecret: string;
  slack: string;
  teams: string;
}

/** Routes of other layers that the API calls. */
export interface ApiActions {
  /** Asks the owner of an address by mail whether they want alerts. Throws `invalid-address`. */
  signUp(email: string, settings?: SubscriptionSettings): Promise<void>;
  /** What such a subscription would have got at the last rule that meets it; null where none does. */
  previewAlert(settings: SubscriptionSettings): Promise<Preview | null>;
  /** The owner of a mail address is asked first, unless somebody of the operator vouches for it. */
  subscribe(
    request: SubscriptionRequest,
    organisationId: string,
    vouchedBy: string | null,
  ): Promise<{ subscription: Subscription; signingSecret: string | null }>;
  /** Asks again, within the limits of sign-ups. */
  askToConfirm(subscription: Subscription): Promise<void>;
  /** Throws `invalid-address` for a contact that is none. */
  editSubscription(subscription: Subscription, settings: SubscriptionSettings): Promise<Subscription | null>;
  /** Sends a test message now, and answers what came of it. */
  sendTest(subscription: Subscription): Promise<Delivery>;
  /** Throws `no-signing-secret`. */
  rotateSecret(subscriptionId: string): Promise<string>;
  replay(subscriptionId: string, after: number): Promise<{ deliveryIds: string[]; next: number | null }>;
  screen: ScreenReader;
  /** What is typed in other letters, in Latin ones; none where all is Latin, null where it cannot be read. */
  readLatin(text: string): string[] | null;
  /** What each instruction of a document says, under its number; empty where its text is not at hand. */
  sourceTexts(number: string, publishedOn: string): Promise<ReadonlyMap<string, string>>;
  /** Takes the bytes of a file and compares its rows with all lists. Throws the refusals of `readWatchlist`. */
  loadWatchlist(
    watchlist: Watchlist,
    bytes: AsyncIterable<Uint8Array>,
    options: { who: string; skipFaulty: boolean },
  ): Promise<WatchlistUpload>;
  /** Null for a watchlist without rows. Throws `no-list`, `watchlist-replaced`. */
  screenWatchlist(watchlist: Watchlist): Promise<ScreeningRun | null>;
}

interface RowFaults {
  count: number;
  first: { row: number; code: string; message: string }[];
}

/** What came of an upload; where it was refused the watchlist is as it was. */
export interface WatchlistUpload {
  isTaken: boolean;
  watchlist: Watchlist;
  format: 'csv' | 'xlsx' | 'json';
  encoding: string;
  rows: number;
  faults: RowFaults;
  notes: RowFaults;
  ignoredColumns: string[];
  run: ScreeningRun | null;
}

/** Somebody who is to be compared with the lists. */
export interface ScreenQuery {
  id: string;
  name: string;
  aliases: string[];
  addresses: string[];
  country: string | null;
}

/** An entry that a query may be. */
export interface ScreenAnswer {
  queryId: string;
  entry: Entry;
  score: number;
  matched: { field: 'name' | 'alias' | 'address'; ours: string; theirs: string };
  reasons: string[];
  countryAgrees: boolean | null;
}

/** Compares with the lists as they are now; keeps nothing. Hits below the threshold are left out. */
export type ScreenReader = (
  queries: readonly ScreenQuery[],
  threshold: number | null,
) => Promise<{ matcherVersion: string; threshold: number; lastSeq: number; hits: ScreenAnswer[] }>;
