import type { FilingReading } from '../model.ts';
import { compareReadings } from '../parse/filing-differences.ts';
import type { Filing } from '../source/public-inspection.ts';
import type { FilingStatus, StoredFiling } from '../store/filings.ts';
import { type Notice, reasonOf } from './notice.ts';
import { revocationOf } from './relevance.ts';

/** What a look at a filing comes to: its next status, and what is to be told. */
export interface Judgement {
  status: FilingStatus;
  reason: string | null;
  notice: Notice | null;
}

/** A text comes minutes after its record at most; from then on the title is told, because silence is worse. */
const PATIENCE_MINUTES = 5;

/**
 * Decides what a filing is now, by what was told of it before.
 *
 * @param known the filing as the last look left it
 * @param reading what its text says now; null while it cannot be had or read
 */
export function judge(
  known: StoredFiling,
  filing: Filing,
  reading: FilingReading | null,
  now: string,
): Judgement {
  const revoked = revocationOf(filing);
  if (revoked !== null) return withdrawOr(known, 'filing-revoked', revoked);
  if (reading === null) return awaitText(known, filing, now);
  if (reading.isDecoy !== null)
    return known.changeSetId === null
      ? { status: 'ignored', reason: reading.isDecoy, notice: null }
      : withdrawOr(known, 'filing-no-change', `Its text shows that it changes no list: ${reading.isDecoy}.`);
  return tell(
    known,
    filing,
    [...(known.status === 'provisional' ? compareReadings(known.reading, reading) : [])],
    known.reading === null,
  );
}

/** Who was told nothing needs no withdrawal. */
function withdrawOr(known: StoredFiling, code: string, reason: string): Judgement {
  const told = known.status === 'provisional' || known.status === 'overdue';
  const notice: Notice | null =
    told && known.changeSetId !== null
      ? { outcome: 'withdrawn', differences: [], issues: [reasonOf(code, reason)] }
      : null;
  return { status: 'withdrawn', reason, notice };
}

function awaitText(known: StoredFiling, filing: Filing, now: string): Judgement {
  if (known.status === 'new') {
    const minutes = (Date.parse(now) - Date.parse(known.firstSeenAt)) / 60_000;
    if (minutes < PATIENCE_MINUTES) return { status: 'new', reason: 'its text is awaited', notice: null };
  }
  return tell(known, filing, [], false);
}

/** Tells a filing that stands, where there is anything that was not told before. */
function tell(known: StoredFiling, filing: Filing, differences: string[], firstRead: boolean): Judgement {
  const standing = known.status === 'provisional';
  const again = known.status === 'withdrawn' || known.status === 'overdue';
  const told = known.changeSetId !== null;
  if (told && again) differences.unshift('It is on public inspection again.');
  if (told && standing && known.publishedOn !== filing.publishedOn && filing.publishedOn !== null)
    differences.push(
      `Its publication moved from ${known.publishedOn ?? 'an unknown day'} to ${filing.publishedOn}.`,
    );
  if (told && standing) differences.push(...newRemarks(known, filing));
  const news = !told || !standing || firstRead || differences.length > 0;
  return {
    status: 'provisional',
    reason: null,
    notice: news ? { outcome: 'provisional', differences, issues: [] } : null,
  };
}

/** Letters and notes that were put beside a filing since it was told, one sentence each. */
function newRemarks(known: StoredFiling, filing: Filing): string[] {
  const before = new Set(known.letters.map(({ title }) => title));
  const note = filing.editorialNote;
  return [
    ...filing.letters
      .filter(({ title }) => !before.has(title))
      .map(({ title }) => `The agency posted a letter about it: “${title.slice(0, 200)}”.`),
    ...(note !== null && note !== known.editorialNote
      ? [`The editors of the Federal Register note: “${note.slice(0, 500)}”.`]
      : []),
  ];
}
