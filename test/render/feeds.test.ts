import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { renderAtom } from '../../src/render/atom.ts';
import { renderJsonFeed } from '../../src/render/json-feed.ts';
import { renderRss } from '../../src/render/rss.ts';
import {
  hostileChanges,
  sampleAddition,
  sampleChangeSet,
  sampleChanges,
  sampleEntry,
  sampleHeldSet,
} from '../helpers/sample-changes.ts';

const baseUrl = 'https://watch.example.org';
const entries = [
  { changeSet: sampleChangeSet(), changes: sampleChanges() },
  { changeSet: sampleHeldSet(), changes: [] },
];

test('Atom reads back with figures, categories, links and fixed ids', () => {
  const feed = parseAtomFeed(renderAtom({ entries, baseUrl }));
  expect(feed.id).toBe('tag:watch.example.org,2026:feed');
  expect(feed.links).toContainEqual(expect.objectContaining({ rel: 'self', href: `${baseUrl}/feed.atom` }));
  expect(feed.links).toContainEqual(expect.objectContaining({ rel: 'alternate', href: `${baseUrl}/` }));
  expect(feed.updated).toContain('2025-03-28T12:45:00');
  expect(feed.entries).toHaveLength(2);
  const [item] = feed.entries!;
  expect(JSON.stringify(item?.title)).toContain('China 3, Pakistan 2, UAE 1');
  expect(item?.id).toBe('tag:watch.example.org,2026:change-set/cs_2025-05426_1');
  expect(item?.categories?.map((category) => category.term)).toEqual(
    expect.arrayContaining(['added', 'revised', 'removed', 'entity-list', 'CN']),
  );
});

/** Ids of the items and of the feed, which all formats must have alike where they have them. */
function idsOf(url: string) {
  const atom = parseAtomFeed(renderAtom({ entries, baseUrl: url }));
  const ids = atom.entries?.map(({ id }) => id);
  const rss = parseRssFeed(renderRss({ entries, baseUrl: url }));
  expect(rss.items?.map(({ guid }) => guid?.value)).toEqual(ids);
  expect(parseJsonFeed(renderJsonFeed({ entries, baseUrl: url })).items?.map(({ id }) => id)).toEqual(ids);
  return [atom.id, ...(ids ?? [])];
}

test('two services have ids of their own, since they number their change sets alike', () => {
  const ours = idsOf(baseUrl);
  for (const id of idsOf('https://other.example.net')) {
    expect(id).toMatch(/^tag:other\.example\.net,2026:/u);
    expect(ours).not.toContain(id);
  }
});

test.each([
  ['another scheme, port and path', 'http://Watch.example.org:8443/lists/', 'watch.example.org'],
  ['a name in other letters', 'https://прибор.example/', 'xn--90antbfd.example'],
  ['an address of IPv4', 'http://127.0.0.1:8080', '127.0.0.1'],
  ['an address of IPv6', 'http://[2001:db8::1]:8080', 'ip6-2001xdb8xx1'],
])('ids are tags of RFC 4151 by the host alone: %s', (_, url, authority) => {
  for (const id of idsOf(url)) {
    expect(id).toMatch(/^tag:[a-z0-9]+(?:[.-]+[a-z0-9]+)*,2026:[\w./-]+$/u);
    expect(id?.startsWith(`tag:${authority},2026:`)).toBe(true);
  }
});

test('equal input gives equal bytes', () => {
  expect(renderAtom({ entries, baseUrl })).toBe(renderAtom({ entries, baseUrl }));
  expect(renderAtom({ entries: [], baseUrl })).toBe(renderAtom({ entries: [], baseUrl }));
});

test('JSON Feed is version 1.1 with authors, plain titles and the extension', () => {
  const text = renderJsonFeed({ entries, baseUrl });
  const raw = JSON.parse(text);
  expect(raw.version).toBe('https://jsonfeed.org/version/1.1');
  expect(raw.feed_url).toBe(`${baseUrl}/feed.json`);
  expect(raw.author).toBeUndefined();
  expect(raw.authors[0].name).toBe('Entity List Watch');
  expect(raw.items[0]._elwatch).toMatchObject({
    changeSetId: 'cs_2025-05426_1',
    document: '2025-05426',
    firstSeq: 101,
    lastSeq: 108,
    counts: { added: 6, revised: 1, removed: 1 },
  });
  expect(raw.items[1].summary).toContain('Unknown verb "transferring"');
  expect(parseJsonFeed(text).items).toHaveLength(2);
});

test('hostile names leave the XML well-formed and the HTML inert', () => {
  const evil = hostileChanges().map((change) => ({ ...change, country: null }));
  const atom = renderAtom({ entries: [{ changeSet: sampleChangeSet(), changes: evil }], baseUrl });
  const faults: Error[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => faults.push(error));
  parser.write(atom).close();
  expect(faults).toEqual([]);
  expect(parseAtomFeed(atom).entries).toHaveLength(1);
  const content = JSON.parse(
    renderJsonFeed({ entries: [{ changeSet: sampleChangeSet(), changes: evil }], baseUrl }),
  ).items[0].content_html;
  for (const text of [atom, content]) {
    expect(text).not.toMatch(/<script|<img|[\u202A-\u202E\u2066-\u2069\u200B]/u);
  }
});

test('an item lists at most 200 changes and says how many more there are', () => {
  const many = Array.from({ length: 230 }, (_, i) => sampleAddition(i, 'CN', 'CHINA', sampleEntry(`N${i}`)));
  const item = JSON.parse(
    renderJsonFeed({ entries: [{ changeSet: sampleChangeSet(), changes: many }], baseUrl }),
  ).items[0];
  expect(item.content_html.match(/<li>/gu)).toHaveLength(200);
  expect(item.content_html).toContain('30 more changes');
});

test('a notice and what came of it are linked both ways', () => {
  const filed = sampleChangeSet({ changeSetId: 'filing.2025-05426.1', outcome: 'provisional' });
  const done = sampleChangeSet({
    follows: filed.changeSetId,
    differences: ['The filing stated 7; it has 6.'],
  });
  const input = {
    entries: [
      { changeSet: done, changes: sampleChanges() },
      { changeSet: filed, changes: [] },
    ],
    baseUrl,
  };
  const [corrected, provisional] = parseAtomFeed(renderAtom(input)).entries!;
  expect(corrected?.links).toContainEqual(
    expect.objectContaining({ rel: 'related', href: `${baseUrl}/changes/filing.2025-05426.1` }),
  );
  expect(provisional?.links).toContainEqual(
    expect.objectContaining({ rel: 'related', href: `${baseUrl}/changes/cs_2025-05426_1` }),
  );
  const { items } = JSON.parse(renderJsonFeed(input));
  expect(items[0].title).toMatch(/^Corrected: /u);
  expect(items[1].title).toMatch(/^Provisional: BIS filing/u);
  expect(items[0]._elwatch.follows).toBe(items[1].id);
  expect(items[1]._elwatch.followedBy).toEqual([items[0].id]);
});

test('RSS reads back with fixed ids, figures, categories and plain titles', () => {
  const text = renderRss({ entries, baseUrl });
  const feed = parseRssFeed(text);
  expect(feed).toMatchObject({ title: 'Entity List Watch', link: `${baseUrl}/`, language: 'en' });
  expect(feed.atom?.links).toContainEqual(
    expect.objectContaining({ rel: 'self', href: `${baseUrl}/feed.rss`, type: 'application/rss+xml' }),
  );
  expect(feed.items).toHaveLength(2);
  const [item] = feed.items!;
  expect(item).toMatchObject({
    title: expect.stringContaining('China 3, Pakistan 2, UAE 1'),
    link: `${baseUrl}/changes/cs_2025-05426_1`,
    guid: { value: 'tag:watch.example.org,2026:change-set/cs_2025-05426_1', isPermaLink: false },
  });
  expect(item!.categories?.map(({ name }) => name)).toEqual(expect.arrayContaining(['removed', 'China']));
  expect(item!.content?.encoded).toContain('Gone Trading GmbH is no longer on the list');
  // RSS 2.0 wants a mail address as author and a namespace for what is not its own.
  expect(text).not.toMatch(/<author>|<_elwatch>/u);
});

test('RSS of hostile names is well-formed, and their marks are text', () => {
  const changes = hostileChanges().map((change) => ({ ...change, changeSetId: 'cs_2025-05426_1' }));
  for (const change of changes) {
    const text = renderRss({ entries: [{ changeSet: sampleChangeSet(), changes: [change] }], baseUrl });
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(text).close();
    const [item] = parseRssFeed(text).items!;
    for (const html of [item!.title, item!.description, item!.content?.encoded])
      expect(html).not.toMatch(/<script|<img|[\u202A-\u202E\u2066-\u2069\0]/u);
  }
});

test('a feed about a part says so, and has an id and an address of its own without its secret', () => {
  const topic = { key: 'watchlists/wl_1', path: '/watchlists/secret', title: 'Watchlist A & B' };
  const input = { entries: [{ ...entries[0]!, allChangesCount: 20 }], baseUrl, topic };
  const atom = parseAtomFeed(renderAtom(input));
  expect(atom.id).toBe('tag:watch.example.org,2026:feed/watchlists/wl_1');
  expect(atom.links).toContainEqual(
    expect.objectContaining({ rel: 'self', href: `${baseUrl}/watchlists/secret/feed.atom` }),
  );
  expect(JSON.stringify(atom.entries)).toContain('8 of 20 changes are shown');
  expect(JSON.stringify(atom.entries)).not.toContain('secret');
  const title = 'Entity List Watch: Watchlist A & B';
  expect(parseAtomFeed(renderAtom(input)).title).toMatchObject({ value: title });
  expect(parseRssFeed(renderRss(input)).title).toBe(title);
  expect(JSON.parse(renderJsonFeed(input)).title).toBe(title);
});
