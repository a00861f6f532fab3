import { openCsl } from './audit/csl.ts';
import { openEcfr } from './audit/ecfr.ts';
import { keep, keepFault } from './audit/keep.ts';
import { type Audited, look } from './audit/look.ts';
import type { Row, Source } from './audit/reading.ts';
import { easternDay, easternTime } from './days.ts';
import { ElwatchError } from './errors.ts';
import { AUDIT_SOURCES, type AuditSource, LIST_NAMES, type ListName } from './model.ts';
import type { Parts } from './parts.ts';
import { listAuditRuns } from './store/audit.ts';
import { earliestDay } from './store/entries.ts';

export type { Audited } from './audit/look.ts';

/** The Consolidated Screening List is made anew at 5:00 in Washington (sources, §6). */
const NIGHTLY_AT = '05:30';
/** A source that does not answer, or shrank, is asked again on the same day, so often and with such pauses. */
const TRIES_A_DAY = 4;
const PAUSE_MS = 60 * 60_000;

export interface AuditOptions {
  /** Both unless told. */
  sources?: readonly AuditSource[];
  /** All that are loaded unless told. */
  lists?: readonly ListName[];
  /** Take a source although it lost rows. */
  acceptShrink?: boolean;
}

/**
 * Compares each list that is loaded with eCFR, as of the day that eCFR speaks of, and with the Consolidated
 * Screening List. What rules explain that a source has not taken up yet goes into the ledger by rule; everything
 * else becomes an issue, which is closed when it is gone. A source that fails or shrank is on record as such and
 * changes nothing else.
 *
 * @throws ElwatchError `no-baseline` where a list that is asked for, or every list, was not loaded
 */
export async function audit(parts: Parts, options: AuditOptions = {}): Promise<Audited[]> {
  const { sources = AUDIT_SOURCES, acceptShrink = false } = options;
  const lists = await loadedLists(parts, options.lists ?? LIST_NAMES);
  if (lists.length === 0 || lists.length < (options.lists?.length ?? 0))
    throw new ElwatchError('no-baseline', 'there is no list of ours to compare: it was not loaded yet', {
      retry: false,
      hint: 'run elwatch baseline with a day or a file',
    });
  const all: Audited[] = [];
  if (sources.includes('ecfr')) all.push(...(await auditWith(parts, openEcfr(parts), lists, acceptShrink)));
  if (sources.includes('csl')) all.push(...(await auditWith(parts, openCsl(parts), lists, acceptShrink)));
  return all;
}

async function auditWith<Theirs extends Row>(
  parts: Parts,
  source: Source<Theirs>,
  lists: readonly ListName[],
  acceptShrink: boolean,
): Promise<Audited[]> {
  const all: Audited[] = [];
  for (const list of lists) {
    const looked = await look(parts, source, list, { acceptShrink });
    const { audited } = looked;
    if (looked.reading === null) await keepFault(parts, audited, looked.hint);
    else await keep(parts, audited, looked.reading);
    const { outcome, reason, counts, findings } = audited;
    parts.log.info(
      { source: source.name, list, outcome, reason, ...counts, issues: findings.length },
      'audited',
    );
    all.push(audited);
  }
  return all;
}

/**
 * The lists and sources that are due: after 5:30 in Washington each of the two once a day, on any day, so that a
 * service that was down at that hour makes it up. What failed or was refused is due again after an hour.
 */
export async function auditsDue(parts: Parts): Promise<{ source: AuditSource; list: ListName }[]> {
  const now = parts.now();
  if (easternTime(now) < NIGHTLY_AT) return [];
  const dayAgo = new Date(Date.parse(now) - 24 * 60 * 60_000).toISOString();
  const runs = (await listAuditRuns(parts.db, { since: dayAgo, limit: 1_000 })).filter(
    ({ ranAt }) => easternDay(ranAt) === easternDay(now) && easternTime(ranAt) >= NIGHTLY_AT,
  );
  const lists = await loadedLists(parts, LIST_NAMES);
  return AUDIT_SOURCES.flatMap((source) => lists.map((list) => ({ source, list }))).filter(
    ({ source, list }) => {
      const own = runs.filter((run) => run.source === source && run.list === list);
      const [last] = own;
      if (last === undefined) return true;
      if (last.outcome !== 'failed' && last.outcome !== 'refused') return false;
      return own.length < TRIES_A_DAY && Date.parse(now) - Date.parse(last.ranAt) >= PAUSE_MS;
    },
  );
}

async function loadedLists(parts: Parts, lists: readonly ListName[]): Promise<ListName[]> {
  const days = await Promise.all(lists.map((list) => earliestDay(parts.db, list)));
  return lists.filter((_, at) => days[at] !== null);
}
