import type { App } from '../app.ts';
import { ElwatchError } from '../errors.ts';
import { faultyRows } from '../load-watchlist.ts';
import { citationUrl } from '../render/citation.ts';
import { entrySubject } from '../screen/entry-subject.ts';
import { DEFAULT_THRESHOLD, MATCHER_VERSION } from '../screen/screen.ts';
import type { Hit } from '../screen/subject.ts';
import { openScreener } from '../screening/open-screener.ts';
import { latestSeq } from '../store/changes.ts';
import { currentEntries } from '../store/entries.ts';
import { readWatchlist } from '../watchlist/read-watchlist.ts';
import type { WatchlistReading, WatchlistRow } from '../watchlist/reading.ts';
import { measureFile } from '../watchlist/spool.ts';
import { hitLines } from './hit-lines.ts';
import { type Output, safe } from './output.ts';
import { createProgress } from './progress.ts';
import { progressBar } from './progress-bar.ts';

/** A threshold that finds more than this tells nothing. */
const MOST_HITS = 200_000;
/** Hits that a terminal is shown, the best of each counterparty before others; `--json` has them all. */
const MOST_SHOWN = 200;

/**
 * `elwatch screen`: a file of counterparties against the lists as they are now. Nothing is stored. Answers whether
 * anything was hit.
 *
 * @throws ElwatchError `no-list`, `too-many-hits`, `watchlist-faulty` and those of `readWatchlist`
 */
export async function runScreen(
  { parts }: App,
  path: string,
  options: { threshold?: number; skipFaulty?: boolean },
  out: Output,
): Promise<boolean> {
  const threshold = options.threshold ?? DEFAULT_THRESHOLD;
  const file = await measureFile(path);
  const entries = await currentEntries(parts.db);
  if (entries.length === 0)
    throw new ElwatchError('no-list', 'no list is loaded that could be compared', {
      retry: false,
      hint: 'elwatch baseline loads one',
    });
  const byId = new Map(entries.map((entry) => [entry.entryId, entry]));
  // Nobody waits for this process but the one who asks: a thread would only cost its start.
  const screener = openScreener(entries.map(entrySubject), { names: 0 });
  const progress = createProgress();
  const hits: { row: WatchlistRow; hit: Hit }[] = [];
  let names = 0;
  let fraction = 0;
  const compare = async (rows: WatchlistRow[]) => {
    const byNumber = new Map(rows.map((row) => [String(row.row), row]));
    for (const hit of await screener.screen(rows.map(toSubject), threshold))
      hits.push({ row: byNumber.get(hit.queryId)!, hit });
    if (hits.length > MOST_HITS)
      throw new ElwatchError('too-many-hits', `the file has more than ${MOST_HITS} hits`, {
        retry: false,
        hint: 'give it a higher --threshold',
      });
    names += rows.length;
    progress.at(progressBar(fraction, `${names} compared, ${hits.length} hits`));
  };
  let reading: WatchlistReading;
  try {
    reading = await readWatchlist(file, {
      skipFaulty: options.skipFaulty === true,
      take: compare,
      progress: (share) => {
        fraction = share;
      },
    });
  } finally {
    progress.end();
    await screener.close();
  }
  if (reading.rows === 0 || (reading.faults.count > 0 && options.skipFaulty !== true))
    throw faultyRows(reading);
  hits.sort((a, b) => b.hit.score - a.hit.score || a.row.row - b.row.row);
  const facts = { matcherVersion: MATCHER_VERSION, threshold, lastSeq: await latestSeq(parts.db) };
  const shown = hits.map(({ row, hit }) => {
    const entry = byId.get(hit.subjectId)!;
    const citation = entry.citations.at(-1) ?? null;
    const { score, matched, reasons, countryAgrees } = hit;
    return {
      ...{ rowNumber: row.row, ref: row.ref, theirName: row.name, theirCountry: row.country },
      ...{ entryId: entry.entryId, entryName: entry.name, list: entry.list },
      ...{ destination: entry.destination, country: entry.country, citation },
      ...{ url: citation && citationUrl(citation), score, matched, reasons, countryAgrees },
    };
  });
  const { faults, notes, format, encoding } = reading;
  out.result(
    {
      ...facts,
      sha256: file.sha256,
      format,
      encoding,
      names,
      entries: entries.length,
      faults,
      notes,
      hits: shown,
    },
    () =>
      [
        ...eachRowFirst(shown).slice(0, MOST_SHOWN).map(hitLines),
        ...leftOut(shown),
        ...[...faults.first, ...notes.first].map(({ row, message }) => safe(`row ${row}: ${message}`)),
        `${names} counterparties compared with ${entries.length} entries at threshold ${threshold}: ${hits.length === 0 ? 'no hit' : `${hits.length} hits`}.`,
      ].join('\n'),
  );
  return hits.length > 0;
}

/** The best hit of every counterparty, then all others: one that hits often hides nobody. Both in the order given. */
function eachRowFirst<T extends { rowNumber: number }>(hits: readonly T[]): T[] {
  const met = new Set<number>();
  const first = hits.filter(({ rowNumber }) => !met.has(rowNumber) && met.add(rowNumber));
  const isFirst = new Set(first);
  return [...first, ...hits.filter((hit) => !isFirst.has(hit))];
}

/** A line on the hits that a terminal is not shown, where there are more. */
function leftOut(hits: readonly { rowNumber: number }[]): string[] {
  if (hits.length <= MOST_SHOWN) return [];
  const rows = new Set(hits.map(({ rowNumber }) => rowNumber)).size - MOST_SHOWN;
  const whose = rows > 0 ? `, which ${rows} other counterparties have` : ' of the same counterparties';
  return [`… and ${hits.length - MOST_SHOWN} more hits${whose}: --json shows them all.`];
}

function toSubject({ row, name, aliases, addresses, country }: WatchlistRow) {
  return { id: String(row), names: [name, ...aliases].filter((text) => text !== ''), addresses, country };
}
