import { stringify } from 'csv-stringify/sync';
import type { ScreeningHit, ScreeningRun } from '../model.ts';
import { cleanText } from './clean.ts';
import { countryName } from './country-name.ts';

type Cell = string | number | null;

/** What is said of the run in each of its rows: who checks one row must not look elsewhere. */
const RUN_COLUMNS: [string, (run: ScreeningRun) => Cell][] = [
  ['run', (run) => run.runId],
  ['started at', (run) => run.startedAt],
  ['ended at', (run) => run.endedAt],
  ['cause', (run) => run.cause],
  ['change set', (run) => run.changeSetId],
  ['upload', (run) => run.version],
  ['sha256 of the upload', (run) => run.sha256],
  ['counterparties', (run) => run.names],
  ['entries', (run) => run.entries],
  [
    'state of the lists',
    (run) =>
      Object.entries(run.stateHashes)
        .map(([list, hash]) => `${list} ${hash}`)
        .join('; '),
  ],
  ['matcher', (run) => run.matcherVersion],
  ['threshold', (run) => run.threshold],
  ['hits', (run) => run.hits],
];

const HIT_COLUMNS: [string, (hit: ScreeningHit) => Cell][] = [
  ['row', (hit) => hit.rowNumber],
  ['id', (hit) => hit.ref],
  ['counterparty', (hit) => hit.theirName],
  ['counterparty country', (hit) => hit.theirCountry],
  ['entry', (hit) => hit.entryName],
  ['entry id', (hit) => hit.entryId],
  ['list', (hit) => hit.list],
  ['country', (hit) => countryName(hit.country, hit.destination)],
  ['score', (hit) => hit.score],
  ['theirs', (hit) => hit.matched.theirs],
  ['ours', (hit) => hit.matched.ours],
  ['reasons', (hit) => hit.reasons.join('; ')],
  ['hidden by decision', (hit) => (hit.isHidden ? hit.decisionId : null)],
];

/** One comparison as rows of CSV: one for each hit, and one without a hit where there was none. The first has the head. */
export function renderEvidencePart(
  run: ScreeningRun,
  hits: readonly ScreeningHit[],
  { isFirst }: { isFirst: boolean },
): string {
  const ofRun = RUN_COLUMNS.map(([, cell]) => cell(run));
  const none = HIT_COLUMNS.map((): Cell => null);
  const rows =
    hits.length === 0
      ? [[...ofRun, ...none]]
      : hits.map((hit) => [...ofRun, ...HIT_COLUMNS.map(([, cell]) => cell(hit))]);
  const head = [...RUN_COLUMNS, ...HIT_COLUMNS].map(([title]) => title);
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cleanText(cell) : cell)));
  return stringify(isFirst ? [head, ...cells] : cells, {
    bom: isFirst,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}
