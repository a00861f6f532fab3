/** One figure of the README: what was measured, beside a baseline in the same run. */
export interface Figure {
  name: string;
  milliseconds: number;
  baseline: string;
  baselineMilliseconds: number;
  /** Ours divided by the baseline: smaller is better. */
  ratio: number;
  /** What was set out to be reached, and whether it is; null where no goal is set. */
  goal: { text: string; reached: boolean } | null;
}

/** Median time of a call in milliseconds, after warming up. Runs alternate, so that drift hits both alike. */
export function compare(
  ours: () => unknown,
  baseline: () => unknown,
  runs: number,
): { ours: number; baseline: number } {
  const times: { ours: number[]; baseline: number[] } = { ours: [], baseline: [] };
  const time = (call: () => unknown) => {
    const start = performance.now();
    call();
    return performance.now() - start;
  };
  for (let run = -Math.ceil(runs / 4); run < runs; run += 1) {
    const own = time(ours);
    const other = time(baseline);
    if (run < 0) continue;
    times.ours.push(own);
    times.baseline.push(other);
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
  return { ours: median(times.ours), baseline: median(times.baseline) };
}
