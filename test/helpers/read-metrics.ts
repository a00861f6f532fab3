/** What a scrape tells of one metric; a histogram has its series under its own name and those of its parts. */
export interface Scraped {
  type: string;
  /** Labels of each series, `le` among them, in no order. */
  series: Record<string, string>[];
}

/** Reads the text format of Prometheus: metrics by name, and the names that expressions may use with their labels. */
export function readMetrics(text: string): { metrics: Map<string, string>; names: Map<string, Scraped> } {
  const metrics = new Map<string, string>();
  for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gmu)) metrics.set(name!, type!);
  const names = new Map<string, Scraped>();
  for (const [, name, labels] of text.matchAll(/^([A-Za-z_]\w*)(?:\{(.*)\})? \S+$/gmu)) {
    const scraped = names.get(name!) ?? { type: metrics.get(metricOf(name!, metrics)) ?? 'none', series: [] };
    const pairs = [...(labels ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/gu)];
    scraped.series.push(Object.fromEntries(pairs.map(([, label, value]) => [label!, value!])));
    names.set(name!, scraped);
  }
  return { metrics, names };
}

/** The metric that a name in an expression belongs to: of `x_bucket`, `x_sum` and `x_count` the histogram `x`. */
export function metricOf(name: string, metrics: Map<string, string>): string {
  const bare = name.replace(/_(?:bucket|sum|count)$/u, '');
  return metrics.get(bare) === 'histogram' ? bare : name;
}
