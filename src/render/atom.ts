import { buildFeed, type FeedInput, feedItemId, followersOf, pageOf } from './feed-model.ts';

/** The feed as Atom (RFC 4287). */
export function renderAtom(input: FeedInput): string {
  // The library leaves rel out of an entry's link, which then means "alternate" (RFC 4287 4.2.7.2).
  return linkEntries(buildFeed(input).atom1(), input);
}

/** Links each entry with those that tell of the same document before and after it; the library writes one link. */
function linkEntries(atom: string, { entries, baseUrl }: FeedInput): string {
  const root = baseUrl.replace(/\/+$/u, '');
  const followers = followersOf(entries);
  const related = new Map(
    entries.map(({ changeSet: { changeSetId, follows } }) => [
      feedItemId(root, changeSetId),
      [...(follows === null ? [] : [follows]), ...(followers.get(changeSetId) ?? [])],
    ]),
  );
  // Ids and addresses of change sets are encoded, so that no mark of XML is in them.
  return atom.replace(/<id>([^<]*)<\/id>/gu, (found, id: string) =>
    [
      found,
      ...(related.get(id) ?? []).map((one) => `<link rel="related" href="${escapeXml(pageOf(root, one))}"/>`),
    ].join(''),
  );
}

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
