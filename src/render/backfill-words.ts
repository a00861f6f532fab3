const COUNTED = ['applied', 'held', 'ignored', 'waiting', 'unchanged', 'withdrawn', 'failed'] as const;

/** What a backfill counted, in words: "12 found, 9 applied, 3 known before". */
export function describeBackfillCounts(
  counts: Readonly<Record<(typeof COUNTED)[number] | 'found' | 'known' | 'beforeBaseline', number>>,
): string {
  return [
    `${counts.found} found`,
    ...COUNTED.filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${name}`),
    ...(counts.known > 0 ? [`${counts.known} known before`] : []),
    ...(counts.beforeBaseline > 0 ? [`${counts.beforeBaseline} before the baseline`] : []),
  ].join(', ');
}
