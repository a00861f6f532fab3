import { setTimeout as sleep } from 'node:timers/promises';

/** What a process said of itself at a moment. */
interface Sample {
  /** Since the start of the sampling. */
  seconds: number;
  megabytes: number;
  /** Of the event loop since the sample before. */
  p99Ms: number;
  maxMs: number;
}

export interface Load {
  samples: number;
  /** Resident memory at the most, and how it rises: the slope of the line through all samples. */
  mostMegabytes: number;
  megabytesPerHour: number;
  /** From the first to the last sample. */
  seconds: number;
  /** Delay of the event loop: the median and the worst of its 99th percentiles, and the longest. */
  medianP99Ms: number;
  worstP99Ms: number;
  longestMs: number;
}

/** Slope of the line of least squares. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = mean(points.map(([x]) => (x - meanX) ** 2));
  return mean(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
}

/** Scrapes the metrics every so often, until it is stopped. A scrape that fails is left out. */
export function sampleLoad(metricsUrl: string, everyMs: number): { stop(): Promise<Load> } {
  const samples: Sample[] = [];
  const begun = performance.now();
  let isOver = false;
  const look = async () => {
    while (!isOver) {
      const text = await fetch(metricsUrl, { signal: AbortSignal.timeout(10_000) })
        .then((answer) => (answer.ok ? answer.text() : ''))
        .catch(() => '');
      const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'mu').exec(text)?.[1]);
      const bytes = read('process_resident_memory_bytes');
      if (bytes > 0)
        samples.push({
          seconds: (performance.now() - begun) / 1_000,
          megabytes: bytes / 1024 ** 2,
          p99Ms: read('nodejs_eventloop_lag_p99_seconds') * 1_000,
          maxMs: read('nodejs_eventloop_lag_max_seconds') * 1_000,
        });
      await sleep(everyMs);
    }
  };
  const looking = look();
  return {
    async stop() {
      isOver = true;
      await looking;
      const percentiles = samples.map(({ p99Ms }) => p99Ms).sort((a, b) => a - b);
      return {
        samples: samples.length,
        mostMegabytes: Math.max(...samples.map(({ megabytes }) => megabytes)),
        megabytesPerHour: slopeOf(samples.map(({ seconds, megabytes }) => [seconds / 3_600, megabytes])),
        seconds: (samples.at(-1)?.seconds ?? 0) - (samples[0]?.seconds ?? 0),
        medianP99Ms: percentiles[Math.floor(percentiles.length / 2)] ?? Number.NaN,
        worstP99Ms: percentiles.at(-1) ?? Number.NaN,
        longestMs: Math.max(...samples.map(({ maxMs }) => maxMs)),
      };
    },
  };
}
