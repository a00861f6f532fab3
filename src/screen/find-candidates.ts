import { gramsOf } from './grams.ts';
import type { NameIndex } from './name-index.ts';
import type { Token } from './token.ts';

/** Rows that share less of their grams, by weight, with the query are not looked at. */
const LEAST_COMMON = 0.3;
/** Rows that are compared word by word, at most. */
const MOST_CANDIDATES = 48;
/** Grams that are looked up in any case, the rarest first; from there on only while they stand in few rows. */
const LEAST_GRAMS = 9;

/**
 * Rows of the index that may be the name, the likeliest first. Reads the rarest grams of the query first and stops
 * when what is left stands nearly everywhere, so that the work is bounded whatever the name is.
 */
export function findCandidates(index: NameIndex, tokens: readonly Token[]): number[] {
  const { gramStarts, gramRows, gramWeights, rowWeights, room } = index;
  const { common, touched } = room;
  const lengthOf = (gram: number) => gramStarts[gram + 1]! - gramStarts[gram]!;
  const grams = gramsOf(tokens, true).filter((gram) => lengthOf(gram) > 0);
  grams.sort((a, b) => lengthOf(a) - lengthOf(b));
  const budget = 2_000 + common.length / 8;
  let read = 0;
  let count = 0;
  let weight = 0;
  for (const [at, gram] of grams.entries()) {
    const end = gramStarts[gram + 1]!;
    read += lengthOf(gram);
    if (at >= LEAST_GRAMS && read > budget) break;
    const worth = gramWeights[gram]!;
    weight += worth;
    for (let place = gramStarts[gram]!; place < end; place += 1) {
      const row = gramRows[place]!;
      if (common[row] === 0) {
        touched[count] = row;
        count += 1;
      }
      common[row]! += worth;
    }
  }
  const found: { row: number; rank: number }[] = [];
  for (let at = 0; at < count; at += 1) {
    const row = touched[at]!;
    const shared = common[row]!;
    common[row] = 0;
    const less = Math.min(weight, rowWeights[row]!);
    if (shared < less * LEAST_COMMON) continue;
    found.push({ row, rank: shared / (weight + rowWeights[row]! + 2 * less) });
  }
  if (found.length > MOST_CANDIDATES) found.sort((a, b) => b.rank - a.rank);
  return found.slice(0, MOST_CANDIDATES).map(({ row }) => row);
}
