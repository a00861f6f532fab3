import type { ToldHit } from '../model.ts';
import { cleanLine, shorten } from './clean.ts';

/** Characters of a name in a sentence about a hit. */
const MAX_NAME = 160;
/** Hits that a message names; the others are counted. */
const MAX_HITS = 25;

/**
 * One hit in one sentence: whose name it is and where it stands in their file, what it may be, how sure that is,
 * and why. `Your counterparty “X” (row 17, id 4711) ~ “Y”, 0.93: the same words in another order`.
 */
export function describeHit(hit: ToldHit): string {
  const { matched, reasons } = hit;
  const by =
    matched.theirs === hit.theirName && matched.ours === hit.entryName
      ? ''
      : `, by ${quote(matched.theirs)} ~ ${quote(matched.ours)}`;
  const id = hit.ref === '' ? '' : `, id ${cleanLine(hit.ref)}`;
  const why = cleanLine(reasons.map((reason) => shorten(reason, 300)).join('; '));
  return `Your counterparty ${quote(hit.theirName)} (row ${hit.rowNumber}${id}) ~ ${quote(hit.entryName)}${by}, ${hit.score.toFixed(2)}: ${why}`;
}

/** The hits of a message in lines, each with its watchlist where there are several. */
export function describeHits(hits: readonly ToldHit[]): string[] {
  const severalLists = new Set(hits.map(({ watchlistId }) => watchlistId)).size > 1;
  const lines = hits
    .slice(0, MAX_HITS)
    .map((hit) => (severalLists ? `${cleanLine(hit.watchlistName)}: ${describeHit(hit)}` : describeHit(hit)));
  const rest = hits.length - lines.length;
  return rest === 0
    ? lines
    : [...lines, `and ${rest} more: elwatch watchlists hits, or the API, shows them all`];
}

function quote(text: string): string {
  return `“${shorten(cleanLine(text), MAX_NAME)}”`;
}
