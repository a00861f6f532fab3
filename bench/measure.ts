/** One figure of the README: what was measured, beside a baseline in the same run. */
export interface Figure {
  name: string;
  /** Null where the figure is none of time. */
  milliseconds: number | null;
  /** What is shown in place of it. */
  says?: string;
  baseline: string;
  baselineMilliseconds: number | null;
  /** Ours divided by the baseline: smaller is better. */
  ratio: number;
  /** What was set out to be reached, and whether it is; null where no goal is set. */
  goal: { text: string; reached: boolean } | null;
}

/** Median times in milliseconds. */
export interface Compared {
  ours: number;
  baseline: number;
}

/** Median time of a call in milliseconds, after warming up. Runs alternate, so that drift hits both alike. */
export function compare(ours: () => unknown, baseline: () => unknown, runs: number): Compared {
  const times: Record<keyof Compared, number[]> = { ours: [], baseline: [] };
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
  return medians(times);
}

/**
 * The same for calls that wait for others: the processor time that this process takes, which is what bounds its rate
 * and does not depend on who else is at work.
 */
export async function compareAsync(
  ours: () => Promise<unknown>,
  baseline: () => Promise<unknown>,
  runs: number,
): Promise<Compared> {
  const times: Record<keyof Compared, number[]> = { ours: [], baseline: [] };
  const time = async (call: () => Promise<unknown>) => {
    const start = process.cpuUsage();
    await call();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  for (let run = -Math.ceil(runs / 4); run < runs; run += 1) {
    const own = await time(ours);
    const other = await time(baseline);
    if (run < 0) continue;
    times.ours.push(own);
    times.baseline.push(other);
  }
  return medians(times);
}

function medians({ ours, baseline }: Record<keyof Compared, number[]>): Compared {
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
  return { ours: median(ours), baseline: median(baseline) };
}
