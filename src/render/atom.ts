import { buildFeed, type FeedInput } from './feed-model.ts';

/** The feed as Atom (RFC 4287). */
export function renderAtom(input: FeedInput): string {
  // The library leaves rel out of an entry's link, which then means "alternate" (RFC 4287 4.2.7.2).
  return buildFeed(input).atom1();
}
