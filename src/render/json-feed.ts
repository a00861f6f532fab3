import { decodeHtml } from './clean.ts';
import { buildFeed, type FeedInput } from './feed-model.ts';

interface LibraryItem extends Record<string, unknown> {
  title?: string;
  summary?: string;
}

/**
 * The feed as JSON Feed 1.1. The library writes version 1, so its output is changed in three points: the
 * version, `authors` instead of `author`, and title and summary as the plain text that JSON Feed wants.
 */
export function renderJsonFeed(input: FeedInput): string {
  const { author, items, ...feed } = JSON.parse(buildFeed(input).json1());
  return JSON.stringify(
    {
      ...feed,
      version: 'https://jsonfeed.org/version/1.1',
      language: 'en',
      authors: [author],
      items: (items as LibraryItem[]).map(({ author: itemAuthor, ...item }) => ({
        ...item,
        title: decodeHtml(item.title ?? ''),
        summary: decodeHtml(item.summary ?? ''),
        authors: [itemAuthor],
      })),
    },
    null,
    2,
  );
}
