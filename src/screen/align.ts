import { LEAST_SIMILAR, tokenSimilarity, wordSimilarity } from './similarity.ts';
import type { Token } from './token.ts';

/** How words of one name were paired with words of the other. */
export interface Pair {
  /** Positions in the first and the second name; several stand together for one on the other side. */
  a: number[];
  b: number[];
  /** `same`, `near` by letters or sound, `joined` or split by a space, or first `letters` of words. */
  how: 'same' | 'near' | 'joined' | 'letters';
  similarity: number;
  weight: number;
}

export interface Alignment {
  pairs: Pair[];
  /** Positions that have no counterpart. */
  onlyA: number[];
  onlyB: number[];
}

/** Pairs the words of two names, the surest first: equal, joined, near, first letters. */
export function align(a: readonly Token[], b: readonly Token[]): Alignment {
  const pairs: Pair[] = [];
  let freeA = (1 << a.length) - 1;
  let freeB = (1 << b.length) - 1;
  const take = (as: number[], bs: number[], how: Pair['how'], similarity: number) => {
    for (const i of as) freeA &= ~(1 << i);
    for (const j of bs) freeB &= ~(1 << j);
    const weightA = as.reduce((sum, i) => sum + a[i]!.weight, 0);
    const weightB = bs.reduce((sum, j) => sum + b[j]!.weight, 0);
    pairs.push({ a: as, b: bs, how, similarity, weight: (weightA + weightB) / 2 });
  };
  for (let i = 0; i < a.length; i += 1)
    for (let j = 0; j < b.length; j += 1)
      if (freeB & (1 << j) && a[i]!.text === b[j]!.text) {
        take([i], [j], 'same', 1);
        break;
      }
  if (freeA !== 0 && freeB !== 0) {
    joinWords(
      a,
      b,
      () => [freeA, freeB],
      (i, j, similarity) => take(i, j, 'joined', similarity),
    );
    joinWords(
      b,
      a,
      () => [freeB, freeA],
      (j, i, similarity) => take(i, j, 'joined', similarity),
    );
  }
  while (freeA !== 0 && freeB !== 0) {
    let best = 0;
    let at: [number, number] = [0, 0];
    for (let i = 0; i < a.length; i += 1) {
      if (!(freeA & (1 << i))) continue;
      for (let j = 0; j < b.length; j += 1) {
        if (!(freeB & (1 << j))) continue;
        const similarity = tokenSimilarity(a[i]!, b[j]!);
        if (similarity > best) {
          best = similarity;
          at = [i, j];
        }
      }
    }
    if (best < LEAST_SIMILAR) break;
    const letters = a[at[0]]!.kind === 'initial' || b[at[1]]!.kind === 'initial';
    take([at[0]], [at[1]], letters ? 'letters' : best === 1 ? 'same' : 'near', best);
  }
  if (freeA !== 0 && freeB !== 0) {
    takeFirstLetters(a, b, freeA, freeB, (i, j) => take([i], j, 'letters', 0.85));
    takeFirstLetters(b, a, freeB, freeA, (j, i) => take(i, [j], 'letters', 0.85));
  }
  const free = (mask: number, tokens: readonly Token[]) =>
    tokens.flatMap((_, at) => (mask & (1 << at) ? [at] : []));
  return { pairs, onlyA: free(freeA, a), onlyB: free(freeB, b) };
}

/** Words of one name that another writes as one: "Bei Jing" and "Beijing", "Good Will" and "Goodwill". */
function joinWords(
  many: readonly Token[],
  one: readonly Token[],
  free: () => [number, number],
  take: (many: number[], one: number[], similarity: number) => void,
): void {
  for (let j = 0; j < one.length; j += 1) {
    const whole = one[j]!.spelled;
    if (whole.length < 4) continue;
    for (let i = 0; i + 1 < many.length; i += 1) {
      const [freeMany, freeOne] = free();
      if (!(freeOne & (1 << j))) break;
      let text = many[i]!.spelled;
      if (!(freeMany & (1 << i)) || text[0] !== whole[0]) continue;
      const taken = [i];
      for (let next = i + 1; next < many.length && freeMany & (1 << next); next += 1) {
        text += many[next]!.spelled;
        taken.push(next);
        if (text.length > whole.length + 1) break;
        if (text.length < whole.length - 1) continue;
        const similarity = wordSimilarity(text, whole);
        if (similarity < 0.8) continue;
        take([...taken], [j], similarity * 0.98);
        break;
      }
    }
  }
}

/** A word of two to six letters that are the first ones of words in a row: "JC" and "Jean-Claude". */
function takeFirstLetters(
  short: readonly Token[],
  long: readonly Token[],
  freeShort: number,
  freeLong: number,
  take: (short: number, long: number[]) => void,
): void {
  for (let i = 0; i < short.length; i += 1) {
    const { text, kind } = short[i]!;
    if (!(freeShort & (1 << i)) || kind !== 'word' || text.length < 2 || text.length > 6) continue;
    for (let from = 0; from + text.length <= long.length; from += 1) {
      const positions = [...text].map((_, offset) => from + offset);
      if (positions.every((at, offset) => freeLong & (1 << at) && long[at]!.text[0] === text[offset])) {
        take(i, positions);
        return;
      }
    }
  }
}
