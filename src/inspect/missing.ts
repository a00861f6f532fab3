import { addBusinessDays } from '../calendar.ts';
import { easternDay } from '../days.ts';
import { ElwatchError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { appendChangeSet } from '../store/changes.ts';
import { findFiling, listFilings, publishedAs, type StoredFiling, saveFiling } from '../store/filings.ts';
import { openIssue } from '../store/issues.ts';
import { inTransaction } from '../store/transaction.ts';
import { noticeSet, reasonOf } from './notice.ts';

/** A filing that is not published so many business days after its day probably never will be (sources, §2.5). */
const PATIENCE_DAYS = 3;

export interface Missing {
  changeSetIds: string[];
  /** Published after all, and not known here yet. */
  published: { number: string; publishedOn: string }[];
}

/**
 * Looks after filings that left public inspection. Mostly they are published, and ingesting the document ends
 * them; one that is not, days after it should have been, is told to those who were told of it.
 *
 * @param present numbers that are on public inspection now
 */
export async function lookAfterMissing(parts: Parts, present: ReadonlySet<string>): Promise<Missing> {
  const missing: Missing = { changeSetIds: [], published: [] };
  const now = parts.now();
  for (const filing of await listFilings(parts.db, { status: ['new', 'provisional'] })) {
    if (present.has(filing.number)) continue;
    const gone = { ...filing, missingSince: filing.missingSince ?? now };
    if (filing.missingSince === null) await saveFiling(parts.db, gone);
    if (easternDay(now) <= lastDayOf(gone) || (await publishedAs(parts.db, gone.number))) continue;
    const publishedOn = await askForPublication(parts, gone.number);
    if (publishedOn !== null) missing.published.push({ number: gone.number, publishedOn });
    else if (gone.status === 'new')
      await saveFiling(parts.db, { ...gone, status: 'ignored', statusReason: 'it was never published' });
    else {
      const changeSetId = await tellOverdue(parts, gone, now);
      if (changeSetId !== null) missing.changeSetIds.push(changeSetId);
    }
  }
  return missing;
}

function lastDayOf(filing: StoredFiling): string {
  return addBusinessDays(
    filing.publishedOn ?? easternDay(filing.filedAt ?? filing.firstSeenAt),
    PATIENCE_DAYS,
  );
}

/** The day on which the Federal Register says that it was published; null where it has no such document. */
async function askForPublication(parts: Parts, number: string): Promise<string | null> {
  try {
    const { record } = await parts.federalRegister.fetchRecord(number, null);
    const { publication_date: publishedOn } = record as { publication_date?: unknown };
    return typeof publishedOn === 'string' ? publishedOn : null;
  } catch (error) {
    if (error instanceof ElwatchError && error.code === 'http-404') return null;
    throw error;
  }
}

async function tellOverdue(parts: Parts, filing: StoredFiling, now: string): Promise<string | null> {
  const due = filing.publishedOn === null ? 'it was filed' : `${filing.publishedOn}, its day of publication`;
  const reason = `It has not been published within ${PATIENCE_DAYS} business days after ${due}, and is no longer on public inspection.`;
  const changeSet = noticeSet(
    { outcome: 'withdrawn', differences: [], issues: [reasonOf('filing-overdue', reason)] },
    filing,
    null,
    now,
  );
  return inTransaction(parts.db, async (tx) => {
    const current = await findFiling(tx, filing.number);
    if (current?.status !== filing.status || current.changeSetId !== filing.changeSetId) return null;
    await appendChangeSet(tx, changeSet, []);
    await saveFiling(tx, {
      ...filing,
      status: 'overdue',
      statusReason: reason,
      changeSetId: changeSet.changeSetId,
      revision: filing.revision + 1,
    });
    await openIssue(tx, {
      ...reasonOf('filing-overdue', reason),
      number: filing.number,
      publishedOn: null,
      openedAt: now,
    });
    parts.log.warn({ filing: filing.number }, 'a filing has not been published');
    return changeSet.changeSetId;
  });
}
