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

/** Two names while their words are paired. No closures: this runs millions of times for a long list. */
interface State {
  a: readonly Token[];
  b: readonly Token[];
  /** Words that have no counterpart yet, a bit each. */
  freeA: number;
  freeB: number;
  pairs: Pair[];
}

function take(state: State, as: number[], bs: number[], how: Pair['how'], similarity: number): void {
  let weight = 0;
  for (const i of as) {
    state.freeA &= ~(1 << i);
    weight += state.a[i]!.weight;
  }
  for (const j of bs) {
    state.freeB &= ~(1 << j);
    weight += state.b[j]!.weight;
  }
  state.pairs.push({ a: as, b: bs, how, similarity, weight: weight / 2 });
}

/** Pairs the words of two names, the surest first: equal, joined, near, first letters. */
export function align(a: readonly Token[], b: readonly Token[]): Alignment {
  const state: State = { a, b, freeA: (1 << a.length) - 1, freeB: (1 << b.length) - 1, pairs: [] };
  for (let i = 0; i < a.length; i += 1)
    for (let j = 0; j < b.length; j += 1)
      if (state.freeB & (1 << j) && a[i]!.text === b[j]!.text) {
        take(state, [i], [j], 'same', 1);
        break;
      }
  joinWords(state, true);
  joinWords(state, false);
  while (takeNearest(state));
  takeFirstLetters(state, true);
  takeFirstLetters(state, false);
  return { pairs: state.pairs, onlyA: positions(state.freeA), onlyB: positions(state.freeB) };
}

function positions(mask: number): number[] {
  const at: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) at.push(31 - Math.clz32(rest & -rest));
  return at;
}

/** Pairs the two words left that are the most alike, and says whether there were two alike enough. */
function takeNearest(state: State): boolean {
  const { a, b, freeA, freeB } = state;
  let best = 0;
  let bestA = 0;
  let bestB = 0;
  for (let restA = freeA; restA !== 0; restA &= restA - 1) {
    const i = 31 - Math.clz32(restA & -restA);
    for (let restB = freeB; restB !== 0; restB &= restB - 1) {
      const j = 31 - Math.clz32(restB & -restB);
      const similarity = tokenSimilarity(a[i]!, b[j]!);
      if (similarity <= best) continue;
      best = similarity;
      bestA = i;
      bestB = j;
    }
  }
  if (best < LEAST_SIMILAR) return false;
  const letters = a[bestA]!.kind === 'initial' || b[bestB]!.kind === 'initial';
  take(state, [bestA], [bestB], letters ? 'letters' : best === 1 ? 'same' : 'near', best);
  return true;
}

/**
 * Words of one name that another writes as one: "Bei Jing" and "Beijing", "Good Will" and "Goodwill". `inA` says which
 * name has the many.
 */
function joinWords(state: State, inA: boolean): void {
  const [many, one] = inA ? [state.a, state.b] : [state.b, state.a];
  for (let j = 0; j < one.length; j += 1) {
    const whole = one[j]!.spelled;
    if (whole.length < 4) continue;
    for (let i = 0; i + 1 < many.length; i += 1) {
      const freeMany = inA ? state.freeA : state.freeB;
      if (!((inA ? state.freeB : state.freeA) & (1 << j))) break;
      let text = many[i]!.spelled;
      if (!(freeMany & (1 << i)) || text[0] !== whole[0]) continue;
      for (let next = i + 1; next < many.length && freeMany & (1 << next); next += 1) {
        text += many[next]!.spelled;
        if (text.length > whole.length + 1) break;
        if (text.length < whole.length - 1) continue;
        const similarity = wordSimilarity(text, whole);
        if (similarity < 0.8) continue;
        const taken = Array.from({ length: next - i + 1 }, (_, offset) => i + offset);
        take(state, inA ? taken : [j], inA ? [j] : taken, 'joined', similarity * 0.98);
        break;
      }
    }
  }
}

/** A word of two to six letters that are the first ones of words in a row: "JC" and "Jean-Claude". */
function takeFirstLetters(state: State, inA: boolean): void {
  const [short, long] = inA ? [state.a, state.b] : [state.b, state.a];
  const [freeShort, freeLong] = inA ? [state.freeA, state.freeB] : [state.freeB, state.freeA];
  if (freeShort === 0 || freeLong === 0) return;
  for (let i = 0; i < short.length; i += 1) {
    const { text, kind } = short[i]!;
    if (!(freeShort & (1 << i)) || kind !== 'word' || text.length < 2 || text.length > 6) continue;
    for (let from = 0; from + text.length <= long.length; from += 1) {
      let same = 0;
      while (
        same < text.length &&
        freeLong & (1 << (from + same)) &&
        long[from + same]!.text[0] === text[same]
      )
        same += 1;
      if (same < text.length) continue;
      const taken = Array.from({ length: same }, (_, offset) => from + offset);
      take(state, inA ? [i] : taken, inA ? taken : [i], 'letters', 0.85);
      return;
    }
  }
}
