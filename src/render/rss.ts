import { buildFeed, type FeedInput } from './feed-model.ts';

/**
 * The feed as RSS 2.0. Its `author` is a mail address and its extensions need a namespace, so both are left out; a
 * title is plain text, in which only what could open a tag stays escaped.
 */
export function renderRss(input: FeedInput): string {
  const feed = buildFeed(input);
  feed.items = feed.items.map(({ author: _, extensions: __, title, ...item }) => ({
    ...item,
    title: title.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'),
  }));
  return feed.rss2();
}
