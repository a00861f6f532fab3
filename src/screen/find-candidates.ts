import type { GramIndex } from './gram-index.ts';
import { bridgesOf, gramsOf, isExtra, isTelling } from './grams.ts';
import type { NameIndex } from './name-index.ts';
import type { Token } from './token.ts';

/** Rows that share less of their grams, by weight, with the query are not looked at. */
const LEAST_COMMON = 0.3;
/** Rows that are compared word by word, at most. */
const MOST_CANDIDATES = 32;
/** Grams that are looked up in any case, the rarest first; from there on only while they stand in few rows. */
const LEAST_GRAMS = 9;

/** Rows of the index that may be the name. */
export function findCandidates(index: NameIndex, tokens: readonly Token[]): number[] {
  const rows = isTelling(tokens)
    ? lookUp(index.telling, gramsOf(tokens, true), bridgesOf(tokens), index.room)
    : [];
  for (const row of lookUp(index.plain, gramsOf(tokens, false), [], index.room)) rows.push(row);
  return rows;
}

/**
 * Reads the rarest grams first and stops when what is left stands nearly everywhere, so that the work is bounded
 * whatever the name is.
 */
function lookUp(
  index: GramIndex,
  all: readonly number[],
  bridges: readonly number[],
  { common, touched }: NameIndex['room'],
): number[] {
  const { gramStarts, gramRows, gramWeights, rowWeights } = index;
  const lengthOf = (gram: number) => gramStarts[gram + 1]! - gramStarts[gram]!;
  const grams = all.filter((gram) => lengthOf(gram) > 0).sort((a, b) => lengthOf(a) - lengthOf(b));
  const budget = 1_000 + common.length / 8;
  let read = 0;
  let count = 0;
  let weight = 0;
  for (let at = 0; at < grams.length; at += 1) {
    const gram = grams[at]!;
    const end = gramStarts[gram + 1]!;
    read += lengthOf(gram);
    if (at >= LEAST_GRAMS && read > budget) break;
    const worth = gramWeights[gram]!;
    if (!isExtra(gram)) weight += worth;
    for (let place = gramStarts[gram]!; place < end; place += 1) {
      const row = gramRows[place]!;
      const before = common[row]!;
      if (before === 0) {
        touched[count] = row;
        count += 1;
      }
      common[row] = before + worth;
    }
  }
  // What the name would have without its spaces only speaks for rows that were found, and asks for no more of them.
  for (const gram of bridges) {
    if (lengthOf(gram) > budget) continue;
    const end = gramStarts[gram + 1]!;
    for (let place = gramStarts[gram]!; place < end; place += 1)
      if (common[gramRows[place]!]! > 0) common[gramRows[place]!]! += gramWeights[gram]!;
  }
  const rows: number[] = [];
  const ranks: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const row = touched[at]!;
    const shared = common[row]!;
    common[row] = 0;
    const rowWeight = rowWeights[row]!;
    const less = Math.min(weight, rowWeight);
    if (shared < less * LEAST_COMMON) continue;
    rows.push(row);
    ranks.push(shared / (weight + rowWeight + 2 * less));
  }
  if (rows.length <= MOST_CANDIDATES) return rows;
  const least = [...ranks].sort((a, b) => b - a)[MOST_CANDIDATES - 1]!;
  return rows.filter((_, at) => ranks[at]! >= least).slice(0, MOST_CANDIDATES * 4);
}
