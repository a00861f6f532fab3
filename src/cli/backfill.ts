import type { App } from '../app.ts';
import { type BackfillProgress, type BackfillResult, backfill } from '../backfill.ts';
import { easternDay } from '../days.ts';
import { ElwatchError } from '../errors.ts';
import { ingest } from '../ingest.ts';
import { type Output, table } from './output.ts';
import { createProgress } from './progress.ts';
import { withoutWarnings } from './without-warnings.ts';

const EARLIEST = '2000-01-18';

/** `elwatch backfill`: the rules of a past window, in the order of print. Answers whether all are finished. */
export async function runBackfill(
  app: App,
  options: { from: string; to?: string },
  out: Output,
): Promise<boolean> {
  const today = easternDay(app.parts.now());
  const { from, to = today } = options;
  if (from > to || to > today || from < EARLIEST)
    throw new ElwatchError('bad-window', `from ${from} to ${to} is no window that can be read`, {
      retry: false,
      hint: `give days from ${EARLIEST} (before it there are no full texts) to ${today}, the earlier one first`,
    });
  const parts = withoutWarnings(app.parts);
  const progress = createProgress();
  const result = await backfill(parts, {
    from,
    to,
    ingest: (number, publishedOn) => ingest(parts, number, publishedOn),
    onProgress: (where) =>
      where.document === null ? progress.step(describeMonth(where)) : progress.at(describeDocument(where)),
  }).finally(() => progress.end());
  const complete = result.failed.length === 0 && result.malformed.length === 0;
  out.result({ ...result, complete }, () => describe(result));
  return complete;
}

function describeMonth({ slice, sliceNumber, slices, counts }: BackfillProgress): string {
  return `${share(sliceNumber, slices)}  ${slice.from} to ${slice.to}: ${describeCounts(counts)}`;
}

function describeDocument({ slice, sliceNumber, slices, document, counts }: BackfillProgress): string {
  const { number, at, of } = document!;
  return `${share(sliceNumber - 1, slices)}  ${slice.from.slice(0, 7)}: ${number} (${at} of ${of}); ${describeCounts(counts)}`;
}

function share(done: number, of: number): string {
  return `${String(Math.floor((100 * done) / of)).padStart(3)} %`;
}

const COUNTED = ['applied', 'held', 'ignored', 'waiting', 'unchanged', 'withdrawn', 'failed'] as const;

function describeCounts(counts: BackfillResult['counts']): string {
  const parts = [
    `${counts.found} found`,
    ...COUNTED.filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${name}`),
    ...(counts.known > 0 ? [`${counts.known} known before`] : []),
    ...(counts.beforeBaseline > 0 ? [`${counts.beforeBaseline} before the baseline`] : []),
  ];
  return parts.join(', ');
}

function describe({
  from,
  to,
  baselineOn,
  counts,
  failed,
  held,
  waiting,
  malformed,
}: BackfillResult): string {
  const rows = [
    ...failed.map((one) => [one.number, one.publishedOn, 'failed', one.reason]),
    ...held.map((one) => [one.number, one.publishedOn, 'held', one.reason]),
    ...waiting.map((one) => [one.number, one.publishedOn, 'waiting', one.reason]),
  ];
  return [
    ...(rows.length > 0 ? [table(['document', 'published', 'outcome', 'why'], rows, 90)] : []),
    `From ${from} to ${to}: ${describeCounts(counts)}.`,
    ...(counts.beforeBaseline > 0
      ? [
          `Left alone: ${counts.beforeBaseline} from before the baseline (${baselineOn}), which has what they did.`,
        ]
      : []),
    ...malformed.map((line) => `A search result cannot be read: ${line}`),
    ...(held.length > 0 ? ['Held documents changed nothing; elwatch held shows what to do.'] : []),
    ...(failed.length > 0 ? [`Not finished: ${failed.length}. Run the same command again.`] : []),
  ].join('\n');
}
