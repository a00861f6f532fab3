import type { App } from '../app.ts';
import { assertWindow, type BackfillProgress, type BackfillResult, backfill } from '../backfill.ts';
import { easternDay } from '../days.ts';
import { ingest } from '../ingest.ts';
import { describeBackfillCounts } from '../render/backfill-words.ts';
import { type Output, table } from './output.ts';
import { createProgress } from './progress.ts';
import { withoutWarnings } from './without-warnings.ts';

/** `elwatch backfill`: the rules of a past window, in the order of print. Answers whether all are finished. */
export async function runBackfill(
  app: App,
  options: { from: string; to?: string },
  out: Output,
): Promise<boolean> {
  const today = easternDay(app.parts.now());
  const { from, to = today } = options;
  assertWindow(from, to, today);
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
  return `${share(sliceNumber, slices)}  ${slice.from} to ${slice.to}: ${describeBackfillCounts(counts)}`;
}

function describeDocument({ slice, sliceNumber, slices, document, counts }: BackfillProgress): string {
  const { number, at, of } = document!;
  return `${share(sliceNumber - 1, slices)}  ${slice.from.slice(0, 7)}: ${number} (${at} of ${of}); ${describeBackfillCounts(counts)}`;
}

function share(done: number, of: number): string {
  return `${String(Math.floor((100 * done) / of)).padStart(3)} %`;
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
    `From ${from} to ${to}: ${describeBackfillCounts(counts)}.`,
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
