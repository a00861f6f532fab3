import { z } from 'zod';
import { CHANGE_KINDS, LIST_NAMES } from '../model.ts';

/**
 * What a webhook carries, published as JSON Schema (`z.toJSONSchema(webhookSchema)`). Receivers must pass over
 * fields that they do not know: new ones may come, and none that is here changes its meaning.
 */

const day = z.iso.date();
const instant = z.iso.datetime();
const list = z.enum(LIST_NAMES);
const count = z.int().min(0);
const seq = z.int();
const url = z.url();

const counts = z.object({ added: count, revised: count, removed: count, editorial: count });
const place = z.object({ destination: z.string(), country: z.string().nullable() });

/** One side of a change: of a revision the fields that it touched, of others what tells the entry. */
const side = z.object({
  name: z.string().optional(),
  aliases: z.array(z.string()).optional(),
  addresses: z.array(z.string()).optional(),
  seeAlso: z.array(z.string()).optional(),
  licenseRequirement: z.string().optional(),
  licenseReviewPolicy: z.string().optional(),
  footnotes: z.array(z.int()).optional(),
});

const change = z.object({
  seq,
  kind: z.enum(CHANGE_KINDS),
  list,
  entryId: z.string(),
  ...place.shape,
  movedFrom: place.nullable(),
  name: z.string(),
  /** The change in one plain sentence. */
  text: z.string(),
  fields: z.array(z.string()),
  before: side.nullable(),
  after: side.nullable(),
  effectiveOn: day,
  because: z.enum(['stay', 'delay', 'resume', 'expiry', 'correction']).nullable(),
  ofSeq: seq.nullable(),
  locator: z
    .object({ instruction: z.string(), row: z.int().nullable(), page: z.int().nullable() })
    .nullable(),
  /** True where a text or a list of it was shortened here; the API has it whole. */
  clipped: z.boolean(),
});

/** One counterparty of a watchlist that may be one entry. */
const hit = z.object({
  watchlistId: z.string(),
  watchlist: z.string(),
  /** Where the counterparty stands in the uploaded file, and the owner's own id of it. */
  row: z.int(),
  ref: z.string(),
  counterparty: z.string(),
  entry: z.string(),
  changeSeq: seq.nullable(),
  /** 0 to 1. */
  score: z.number(),
  matched: z.object({ field: z.enum(['name', 'alias', 'address']), ours: z.string(), theirs: z.string() }),
  reasons: z.array(z.string()),
  countryAgrees: z.boolean().nullable(),
  /** The hit in one plain sentence. */
  text: z.string(),
});

const document = z.object({
  number: z.string(),
  title: z.string(),
  citation: z.string().nullable(),
  publishedOn: day.nullable(),
  url: url.nullable(),
});

const head = z.object({
  changeSetId: z.string(),
  /** What the subject of a mail says. */
  summary: z.string(),
  document: document.nullable(),
  lists: z.array(list),
  /** When it has legal effect. */
  effectiveOn: day,
  /** When we knew it. */
  knownAt: instant,
  /** Of the changes that meet the subscription's filter. */
  counts,
  links: z.object({ page: url, changes: url, document: url.nullable() }),
});

const changeSet = head.extend({
  cause: z.enum(['rule', 'baseline', 'reparse']),
  outcome: z.enum(['applied', 'held', 'provisional', 'withdrawn']),
  /** The change set that told of the same document before. */
  follows: z.string().nullable(),
  /** Numbers of the documents that this one corrects. */
  corrects: z.array(z.string()),
  /** One sentence for each thing that was told before and is different now. */
  differences: z.array(z.string()),
  verification: z.object({
    status: z.enum(['verified', 'unverified', 'held', 'provisional', 'withdrawn', 'baseline']),
    text: z.string(),
    passed: count,
    failed: count,
    skipped: count,
  }),
  /** Why it is held, one sentence for each reason. */
  reasons: z.array(z.string()),
  /** What the document states about itself. */
  stated: z.array(
    z.object({
      list,
      action: z.enum(['add', 'revise', 'remove']),
      entities: count.nullable(),
      entries: count.nullable(),
      byDestination: z.record(z.string(), count),
    }),
  ),
  filing: z
    .object({
      filedAt: z.string().nullable(),
      filingType: z.enum(['special', 'regular']).nullable(),
      scheduledOn: day.nullable(),
      seenAt: instant,
      /** Read from the raw text of a filing: provisional, and never on the list. */
      named: z.array(
        z.object({
          list,
          action: z.enum(['add', 'revise', 'remove']),
          name: z.string(),
          country: z.string().nullable(),
        }),
      ),
      namedCount: count,
    })
    .nullable(),
  destinations: z.array(z.object({ ...place.shape, ...counts.shape })),
  changesCount: count,
  /** Before the subscription's filter. */
  allChangesCount: count,
  firstSeq: seq.nullable(),
  lastSeq: seq.nullable(),
  /** State hash of each list that it touches, after it. */
  stateHashes: z.partialRecord(list, z.string()),
  /** Counterparties of the subscriber that a change hits, the best first. */
  hits: z.array(hit),
  hitsCount: count,
  changes: z.array(change),
  /** True where anything was left out or shortened so that the message stays below 20 kB. */
  truncated: z.boolean(),
  /** Where the changes go on that were left out; null where all are here. */
  nextUrl: url.nullable(),
});

const digest = z.object({
  from: instant,
  to: instant,
  counts,
  changeSetsCount: count,
  changeSets: z.array(head.extend({ type: z.string() })),
  truncated: z.boolean(),
  nextUrl: url.nullable(),
});

/** On a quiet day: that we looked and found nothing, or that we could not look. */
const heartbeat = z.object({
  summary: z.string(),
  /** When both sources had last been asked with success; null for never. */
  checkedAt: instant.nullable(),
  /** True where that is too long ago to say that there was nothing. */
  isFailing: z.boolean(),
  latestSeq: seq.nullable(),
  links: z.object({ page: url }),
});

const test = z.object({
  summary: z.string(),
  subscriptionId: z.string(),
  links: z.object({ page: url }),
});

/** Page on which a reader says that the message was read, for the ledger; the link alone says nothing. Null for none. */
const read = { acknowledgeUrl: url.nullable() };

const changeSetTypes = [
  'change_set.applied',
  'change_set.corrected',
  'change_set.held',
  'change_set.provisional',
  'change_set.withdrawn',
] as const;

/** Standard Webhooks 1.0.0: what happened, when, and its data. */
export const webhookSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(changeSetTypes), timestamp: instant, data: changeSet.extend(read) }),
  z.object({ type: z.literal('digest'), timestamp: instant, data: digest.extend(read) }),
  z.object({ type: z.literal('heartbeat'), timestamp: instant, data: heartbeat.extend(read) }),
  z.object({ type: z.literal('test'), timestamp: instant, data: test.extend(read) }),
]);

export type WebhookPayload = z.infer<typeof webhookSchema>;
export type ChangeSetType = (typeof changeSetTypes)[number];
export type ChangeSetData = z.infer<typeof changeSet>;
export type ChangeSetHead = z.infer<typeof head>;
export type ChangeData = z.infer<typeof change>;
export type ChangeCounts = z.infer<typeof counts>;
