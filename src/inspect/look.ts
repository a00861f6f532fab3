import { ElwatchError, errorLine } from '../errors.ts';
import { type FilingReading, TYPES_NOT_LAW } from '../model.ts';
import type { Parts } from '../parts.ts';
import type { Filing } from '../source/public-inspection.ts';
import { appendChangeSet } from '../store/changes.ts';
import {
  findFiling,
  publishedAs,
  type StoredFiling,
  saveFiling,
  saveFilingVersion,
} from '../store/filings.ts';
import { closeIssuesOf, openIssue } from '../store/issues.ts';
import { inTransaction } from '../store/transaction.ts';
import { judge } from './judge.ts';
import { noticeSet } from './notice.ts';
import { revocationOf } from './relevance.ts';

/** A text can change under the same record, so it is fetched again from time to time. */
const RECHECK_MINUTES = 30;

/**
 * Looks at one filing: keeps its record and text, reads the text, and makes the notice that is due, in one
 * transaction with the filing itself. Answers the id of the change set; null where there is nothing to tell.
 */
export async function lookAt(parts: Parts, filing: Filing): Promise<string | null> {
  const now = parts.now();
  const found = await findFiling(parts.db, filing.number);
  const known = found ?? newFiling(filing, now);
  if (isEnded(known)) {
    await saveFiling(parts.db, { ...known, lastSeenAt: now, missingSince: null });
    return null;
  }
  if (found === null) {
    // Published and read before this installation saw it here: there is nothing early to tell.
    if (await publishedAs(parts.db, filing.number)) known.status = 'confirmed';
    await saveFiling(parts.db, known);
  }
  await saveFilingVersion(parts.db, {
    number: known.number,
    kind: 'record',
    url: filing.htmlUrl ?? '',
    bytes: Buffer.from(JSON.stringify(filing.record)),
    at: now,
  });
  if (isEnded(known)) return null;
  const text = needsText(known, filing, now) ? await readText(parts, known, filing) : null;
  return settle(parts, known, filing, text);
}

const isEnded = (filing: StoredFiling) => filing.status === 'confirmed' || filing.status === 'corrected';

function newFiling(filing: Filing, now: string): StoredFiling {
  return {
    ...recordOf(filing),
    pdfUpdatedAt: null,
    textSha256: null,
    textCheckedAt: null,
    reading: null,
    status: 'new',
    statusReason: null,
    changeSetId: null,
    revision: 0,
    firstSeenAt: now,
    lastSeenAt: now,
    missingSince: null,
  };
}

/** What a row takes over from each record. */
function recordOf(filing: Filing) {
  const { number, filedAt, filingType, publishedOn, title, letters, editorialNote } = filing;
  return { number, filedAt, filingType, publishedOn, title, letters, editorialNote };
}

function needsText(known: StoredFiling, filing: Filing, now: string): boolean {
  if (revocationOf(filing) !== null) return false;
  if (known.reading === null || known.textCheckedAt === null) return true;
  if (known.reading.isDecoy === null && TYPES_NOT_LAW.includes(filing.type)) return true;
  if (known.pdfUpdatedAt !== filing.pdfUpdatedAt || known.title !== filing.title) return true;
  return Date.parse(now) - Date.parse(known.textCheckedAt) >= RECHECK_MINUTES * 60_000;
}

interface ReadText {
  sha256: string;
  reading: FilingReading;
}

/** The text as it is now; null where it cannot be had, which is no reason to hide the filing. */
async function readText(parts: Parts, known: StoredFiling, filing: Filing): Promise<ReadText | null> {
  const at = parts.now();
  try {
    const { bytes, url } = await parts.publicInspection.fetchText(filing);
    const { sha256 } = await saveFilingVersion(parts.db, {
      ...{ number: known.number, kind: 'text', url, bytes, at },
    });
    const { title, type, filedAt } = filing;
    const reading = await parts.parser.filing(bytes.toString('utf8'), { title, type, filedAt });
    return { sha256, reading };
  } catch (error) {
    if (error instanceof ElwatchError && error.code === 'closing') throw error;
    parts.log.warn({ filing: known.number, error: errorLine(error) }, 'the text of a filing cannot be had');
    return null;
  }
}

/** Decides and commits. Of several processes that look at once, one makes the notice. */
async function settle(
  parts: Parts,
  known: StoredFiling,
  filing: Filing,
  text: ReadText | null,
): Promise<string | null> {
  const now = parts.now();
  const readable = text?.reading.readable === true ? text.reading : null;
  const reading = readable ?? known.reading;
  const { status, reason, notice } = judge(known, filing, reading, now);
  const next: StoredFiling = {
    ...known,
    ...recordOf(filing),
    lastSeenAt: now,
    missingSince: null,
    reading,
    status,
    statusReason: reason,
    ...(text === null
      ? {}
      : { pdfUpdatedAt: filing.pdfUpdatedAt, textSha256: text.sha256, textCheckedAt: now }),
  };
  return inTransaction(parts.db, async (tx) => {
    const current = await findFiling(tx, known.number);
    if (current === null || current.changeSetId !== known.changeSetId || current.status !== known.status)
      return null;
    // The notice about a revoked filing still says for which day it was scheduled.
    const scheduled = { ...next, publishedOn: next.publishedOn ?? known.publishedOn };
    const changeSet = notice && noticeSet(notice, scheduled, filing, now);
    if (changeSet) {
      await appendChangeSet(tx, changeSet, []);
      next.changeSetId = changeSet.changeSetId;
      next.revision += 1;
    }
    await saveFiling(tx, next);
    if (reading === null && status === 'provisional')
      await openIssue(tx, {
        code: 'filing-unread',
        holds: false,
        message: 'the text of a filing on public inspection cannot be had or read; its title was told',
        excerpt: next.title.slice(0, 300),
        locator: null,
        number: next.number,
        publishedOn: null,
        openedAt: now,
      });
    else await closeIssuesOf(tx, next.number, now, 'filing-unread');
    if (!changeSet) return null;
    parts.log.info({ filing: next.number, changeSet: changeSet.changeSetId }, `filing ${status}`);
    return changeSet.changeSetId;
  });
}
