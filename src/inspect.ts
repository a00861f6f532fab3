import { isFilingHour } from './calendar.ts';
import { ElwatchError, errorLine } from './errors.ts';
import { lookAt } from './inspect/look.ts';
import { lookAfterMissing } from './inspect/missing.ts';
import { isRelevant } from './inspect/relevance.ts';
import type { Parts } from './parts.ts';
import type { Filing } from './source/public-inspection.ts';
import { listFilings } from './store/filings.ts';
import { closeIssuesOf, openIssue } from './store/issues.ts';
import { listSourceStates, recordFailure, recordSuccess } from './store/source-state.ts';

const SOURCE = 'public-inspection';
/** Special filings come at any hour, so nights and holidays are not left out. */
const QUIET_MINUTES = 15;

export interface Inspected {
  /** Change sets that subscribers have to be told. */
  changeSetIds: string[];
  /** Documents that were found published on the way and are not known yet. */
  published: { number: string; publishedOn: string }[];
}

/**
 * Whether the desk is to be asked now: each minute from 8 to 19 h in Washington on business days and while the
 * text of a filing is awaited, and every quarter of an hour at other times.
 */
export async function isInspectionDue(parts: Parts): Promise<boolean> {
  const now = parts.now();
  if (isFilingHour(now)) return true;
  const state = (await listSourceStates(parts.db)).find(({ source }) => source === SOURCE);
  const last = state?.lastSuccessAt ?? null;
  // A schedule drifts by seconds; without the margin every second quarter would be left out.
  if (last === null || Date.parse(now) - Date.parse(last) >= QUIET_MINUTES * 60_000 - 10_000) return true;
  return (await listFilings(parts.db, { status: 'new', limit: 1 })).length > 0;
}

/**
 * Looks at what lies open for public inspection and makes the notices that are due (sources, §2): provisional
 * ones for what is new or changed, and the end of those that were revoked or never published. No list is
 * touched. A filing that fails does not keep the others from being looked at.
 *
 * @throws ElwatchError of the client; the failure is on record by then
 */
export async function inspect(parts: Parts): Promise<Inspected> {
  const now = parts.now();
  const malformed: ElwatchError[] = [];
  try {
    const desk = await parts.publicInspection.fetchCurrent((fault) => malformed.push(fault));
    for (const fault of malformed) await noteFault(parts, null, 'malformed-filing', fault);
    const inspected: Inspected = { changeSetIds: [], published: [] };
    const known = new Set((await listFilings(parts.db, { limit: 10_000 })).map(({ number }) => number));
    for (const filing of desk.filings) {
      if (!known.has(filing.number) && !isRelevant(filing)) continue;
      const changeSetId = await lookOrNote(parts, filing);
      if (changeSetId !== null) inspected.changeSetIds.push(changeSetId);
    }
    const missing = await lookAfterMissing(parts, new Set(desk.filings.map(({ number }) => number)));
    inspected.changeSetIds.push(...missing.changeSetIds);
    inspected.published.push(...missing.published);
    const { specialUpdatedAt, regularUpdatedAt } = desk;
    const found = desk.filings.length;
    await recordSuccess(parts.db, SOURCE, now, { found, specialUpdatedAt, regularUpdatedAt });
    parts.log.info({ found, told: inspected.changeSetIds.length }, 'looked at public inspection');
    return inspected;
  } catch (error) {
    await recordFailure(parts.db, SOURCE, now, errorLine(error));
    throw error;
  }
}

async function lookOrNote(parts: Parts, filing: Filing): Promise<string | null> {
  try {
    const changeSetId = await lookAt(parts, filing);
    await closeIssuesOf(parts.db, filing.number, parts.now(), 'filing-failed');
    return changeSetId;
  } catch (error) {
    if (error instanceof ElwatchError && error.code === 'closing') throw error;
    await noteFault(parts, filing.number, 'filing-failed', error);
    return null;
  }
}

/** What cannot be read must not hide the others, nor vanish. */
async function noteFault(parts: Parts, number: string | null, code: string, error: unknown): Promise<void> {
  const message = errorLine(error);
  parts.log.error({ filing: number, error: message }, 'a filing cannot be read');
  await openIssue(parts.db, {
    ...{ number, code, message },
    holds: true,
    excerpt: message.slice(0, 200),
    locator: null,
    publishedOn: null,
    openedAt: parts.now(),
  });
}
