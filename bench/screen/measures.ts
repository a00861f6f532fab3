/** How well scores tell matches from others, at one threshold. */
export interface Measures {
  threshold: number;
  precision: number;
  recall: number;
  f1: number;
  /** Share of the negatives that are taken for matches. */
  falsePositives: number;
}

export interface Scored {
  score: number;
  match: boolean;
}

/** Counts what `score >= threshold` gets right. */
export function measure(pairs: readonly Scored[], threshold: number): Measures {
  const count = (match: boolean, taken: boolean) =>
    pairs.filter((pair) => pair.match === match && pair.score >= threshold === taken).length;
  const [right, wrong, missed] = [count(true, true), count(false, true), count(true, false)];
  const negatives = wrong + count(false, false);
  return {
    threshold,
    precision: right + wrong === 0 ? 1 : right / (right + wrong),
    recall: right + missed === 0 ? 1 : right / (right + missed),
    f1: right === 0 ? 0 : (2 * right) / (2 * right + wrong + missed),
    falsePositives: negatives === 0 ? 0 : wrong / negatives,
  };
}

/** The threshold, in hundredths, with the best F-score; of several the middle one. */
export function bestThreshold(pairs: readonly Scored[]): number {
  const tried = Array.from({ length: 71 }, (_, at) => measure(pairs, (at + 30) / 100));
  const best = Math.max(...tried.map(({ f1 }) => f1));
  const equal = tried.filter(({ f1 }) => f1 === best);
  return equal[Math.floor(equal.length / 2)]!.threshold;
}

/** The lowest threshold, in hundredths, at which no more than a share of the negatives are taken for matches. */
export function thresholdFor(pairs: readonly Scored[], falsePositives: number): number {
  for (let hundredths = 30; hundredths < 100; hundredths += 1)
    if (measure(pairs, hundredths / 100).falsePositives <= falsePositives) return hundredths / 100;
  return 1;
}
