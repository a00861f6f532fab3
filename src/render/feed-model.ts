import { type Category, Feed } from 'feed';
import type { ChangeSet, StoredChange, ToldHit } from '../model.ts';
import { cleanLine, escapeHtml } from './clean.ts';
import { countryName } from './country-name.ts';
import { dateFacts } from './date-facts.ts';
import { describeHits } from './hit-words.ts';
import { subjectOf } from './subject.ts';
import { describeVerification } from './verification.ts';
import { describeChange, describeLocator, LIST_TITLES } from './words.ts';

/** One change set with its changes; a feed has one item for each. */
export interface FeedEntry {
  changeSet: ChangeSet;
  /** Those that the feed is about. */
  changes: readonly StoredChange[];
  /** How many it has in all, where the feed is about some of them. */
  allChangesCount?: number;
  /** What it hits of the watchlist that the feed is about. */
  hits?: readonly ToldHit[];
}

/** What a feed is about. */
export interface FeedTopic {
  /** Tells its id from those of other feeds, as “destinations/CN”; never a secret. Empty for all changes. */
  key: string;
  /** Its address without `/feed.atom` and the like, from the root on; may be a secret. */
  path: string;
  /** In words; null for all changes. */
  title: string | null;
}

export const EVERYTHING: FeedTopic = { key: '', path: '', title: null };

export interface FeedInput {
  /** Newest first. */
  entries: readonly FeedEntry[];
  baseUrl: string;
  /** All changes unless told. */
  topic?: FeedTopic;
}

/** Part of every id; another one would make all of them new to every reader. */
const TAG_DATE = '2026';
const MAX_CHANGES = 200;

/** Builds the one model behind every feed format. */
export function buildFeed({ entries, baseUrl, topic = EVERYTHING }: FeedInput): Feed {
  const root = baseUrl.replace(/\/+$/u, '');
  const tag = tagOf(root);
  const feedUrl = `${root}${topic.path}/feed`;
  const about = topic.title === null ? '' : `: ${cleanLine(topic.title)}`;
  const feed = new Feed({
    id: topic.key === '' ? `${tag}feed` : `${tag}feed/${topic.key}`,
    title: `Entity List Watch${about}`,
    description: `Changes to the US export-control lists in 15 CFR part 744, read from the Federal Register${about}.`,
    link: `${root}/`,
    feedLinks: { atom: `${feedUrl}.atom`, rss: `${feedUrl}.rss`, json: `${feedUrl}.json` },
    // An empty feed must not change with the clock, or its ETag would.
    updated: new Date(latest(entries)),
    generator: 'Entity List Watch',
    author: { name: 'Entity List Watch', link: `${root}/` },
    language: 'en',
  });
  const followers = followersOf(entries);
  for (const entry of entries) addEntry(feed, entry, root, followers.get(entry.changeSet.changeSetId) ?? []);
  return feed;
}

function latest(entries: readonly FeedEntry[]): number {
  return Math.max(0, ...entries.map(({ changeSet }) => Date.parse(changeSet.knownAt)));
}

/** Change set → those that follow it: a later one is always in the feed where an earlier one is. */
export function followersOf(entries: readonly FeedEntry[]): Map<string, string[]> {
  const followers = new Map<string, string[]>();
  for (const { changeSet } of entries)
    if (changeSet.follows !== null)
      followers.set(changeSet.follows, [...(followers.get(changeSet.follows) ?? []), changeSet.changeSetId]);
  return followers;
}

/** Page of a change set. */
export function pageOf(root: string, changeSetId: string): string {
  return `${root}/changes/${encodeURIComponent(changeSetId)}`;
}

function addEntry(feed: Feed, entry: FeedEntry, root: string, followers: readonly string[]): void {
  const { changeSet, changes } = entry;
  const link = pageOf(root, changeSet.changeSetId);
  const dates = dateFacts(changeSet);
  const knownAt = new Date(changeSet.knownAt);
  feed.addItem({
    id: feedItemId(root, changeSet.changeSetId),
    // Titles, summaries and contents are HTML in Atom here, so they are escaped before they go in.
    title: escapeHtml(subjectOf(changeSet, changes)),
    link,
    date: knownAt,
    published: knownAt,
    description: escapeHtml(`${dates.effective} ${describeVerification(changeSet)}`),
    content: contentOf(entry, link) + chainNote(changeSet, followers, root),
    author: [{ name: 'Entity List Watch', link: `${root}/` }],
    category: categoriesOf(changeSet, changes),
    extensions: [{ name: '_elwatch', objects: extensionOf(root, changeSet, changes, followers) }],
  });
}

/** The id of a change set in every feed of one service; it changes with the host of its address alone. */
export function feedItemId(root: string, changeSetId: string): string {
  return `${tagOf(root)}change-set/${encodeURIComponent(changeSetId)}`;
}

/**
 * How ids of a service begin (RFC 4151). The authority is the host of its address, without scheme, port and path: two
 * services number their change sets alike, and a reader may follow both.
 */
function tagOf(root: string): string {
  const { hostname } = new URL(root);
  // A tag takes letters, digits, dots and hyphens; an address of IPv6 has colons.
  const host = hostname.startsWith('[') ? `ip6-${hostname.slice(1, -1).replaceAll(':', 'x')}` : hostname;
  return `tag:${host.replace(/\.$/u, '').replace(/[^a-z0-9.-]/gu, '-')},${TAG_DATE}:`;
}

function contentOf({ changeSet, changes, allChangesCount, hits = [] }: FeedEntry, link: string): string {
  const dates = dateFacts(changeSet);
  const lines = changes.slice(0, MAX_CHANGES).map((change) => {
    const locator = describeLocator(change.locator);
    return `<li>${escapeHtml(describeChange(change))}${locator === '' ? '' : ` (${escapeHtml(locator)})`}</li>`;
  });
  const rest = changes.length - lines.length;
  const url = escapeHtml(link);
  return [
    `<p>${escapeHtml(dates.effective)} ${escapeHtml(dates.known)}</p>`,
    `<p>${escapeHtml(describeVerification(changeSet))}</p>`,
    hits.length === 0 ? '' : listOf(describeHits(hits)),
    allChangesCount === undefined || allChangesCount === changes.length
      ? ''
      : `<p>${changes.length} of ${allChangesCount} changes are shown, those that this feed is about.</p>`,
    lines.length === 0 ? '' : `<ul>${lines.join('')}</ul>`,
    rest > 0 ? `<p>${rest} more changes are <a href="${url}">on the page</a>.</p>` : '',
    `<p><a href="${url}">Every field, old and new</a></p>`,
  ].join('');
}

function listOf(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}

/** What was told is linked to what came of it, both ways, and says first what is different now. */
function chainNote(changeSet: ChangeSet, followers: readonly string[], root: string): string {
  const differences = (changeSet.differences ?? []).map((line) => `<li>${escapeHtml(line)}</li>`).join('');
  const link = (id: string, text: string) => `<p><a href="${escapeHtml(pageOf(root, id))}">${text}</a></p>`;
  return [
    differences === '' ? '' : `<p>What is different now:</p><ul>${differences}</ul>`,
    changeSet.follows === null ? '' : link(changeSet.follows, 'What we told before about this document'),
    ...followers.map((id) => link(id, 'Later news about this document')),
  ].join('');
}

function categoriesOf(changeSet: ChangeSet, changes: readonly StoredChange[]): Category[] {
  const kinds = new Set<string>(changes.map((change) => change.kind));
  if (changeSet.outcome !== 'applied') kinds.add(changeSet.outcome);
  const places = new Map(
    changes.map((change) => [
      change.country ?? change.destination,
      countryName(change.country, change.destination),
    ]),
  );
  return [
    ...[...kinds].map((kind) => category(kind, kind)),
    ...changeSet.lists.map((list) => category(list, LIST_TITLES[list])),
    ...[...places].slice(0, MAX_CHANGES).map(([code, name]) => category(code, name)),
  ];
}

/** The library puts these into XML attributes and escapes only `&` and quotes there. */
function category(term: string, name: string): Category {
  const plain = (text: string) => cleanLine(text).replace(/[<>]/gu, '').slice(0, 100);
  return { term: plain(term), name: plain(name) };
}

function extensionOf(
  root: string,
  changeSet: ChangeSet,
  changes: readonly StoredChange[],
  followers: readonly string[],
): Record<string, unknown> {
  const counts: Record<string, number> = {};
  for (const change of changes) counts[change.kind] = (counts[change.kind] ?? 0) + 1;
  const { changeSetId, outcome, cause, document, firstSeq, lastSeq, effectiveOn } = changeSet;
  const number = document?.number ?? null;
  const links = {
    follows: changeSet.follows === null ? null : feedItemId(root, changeSet.follows),
    followedBy: followers.map((id) => feedItemId(root, id)),
    differences: changeSet.differences ?? [],
  };
  return { changeSetId, outcome, cause, document: number, firstSeq, lastSeq, effectiveOn, counts, ...links };
}
