import { easternDay } from '../days.ts';
import type { ChangeSet, DocumentHead, FilingReading, Issue, ListName } from '../model.ts';
import { listsNamedIn } from '../parse/filing.ts';
import type { Filing } from '../source/public-inspection.ts';
import type { StoredFiling } from '../store/filings.ts';

/** What subscribers are to be told about a filing. */
export interface Notice {
  outcome: 'provisional' | 'withdrawn';
  /** What differs from the notice before. */
  differences: string[];
  /** Why it is withdrawn; codes `filing-revoked`, `filing-overdue`, `filing-no-change`. */
  issues: Issue[];
}

export function reasonOf(code: string, message: string): Issue {
  return { code, holds: false, message, excerpt: null, locator: null };
}

/** The change set that tells a notice: no change is in it, so that no list can take one from it. */
export function noticeSet(
  notice: Notice,
  filing: StoredFiling,
  record: Pick<Filing, 'type' | 'htmlUrl' | 'pdfUrl'> | null,
  knownAt: string,
): ChangeSet {
  const { reading } = filing;
  return {
    changeSetId: `filing.${filing.number}.${filing.revision + 1}`,
    cause: 'rule',
    outcome: notice.outcome,
    document: headOf(filing, record),
    lists: listsOf(filing.title, reading),
    effectiveOn: reading?.effectiveOn ?? filing.publishedOn ?? easternDay(filing.filedAt ?? knownAt),
    knownAt,
    checks: [],
    issues: [...notice.issues, ...(reading?.issues ?? [])],
    stated: reading?.stated ?? {},
    firstSeq: null,
    lastSeq: null,
    follows: filing.changeSetId,
    differences: notice.differences,
    filing: {
      filedAt: filing.filedAt,
      filingType: filing.filingType,
      scheduledOn: filing.publishedOn,
      seenAt: filing.firstSeenAt,
      reading,
      letters: filing.letters,
      editorialNote: filing.editorialNote,
    },
  };
}

function listsOf(title: string, reading: FilingReading | null): ListName[] {
  return reading !== null && reading.lists.length > 0 ? reading.lists : listsNamedIn(title);
}

function headOf(
  filing: StoredFiling,
  record: Pick<Filing, 'type' | 'htmlUrl' | 'pdfUrl'> | null,
): DocumentHead {
  return {
    number: filing.number,
    title: filing.title,
    type: record?.type ?? 'Rule',
    abstract: null,
    dates: null,
    citation: null,
    volume: null,
    startPage: null,
    endPage: null,
    publishedOn: filing.publishedOn,
    effectiveOn: filing.reading?.effectiveOn ?? null,
    htmlUrl: record?.htmlUrl ?? null,
    xmlUrl: null,
    pdfUrl: record?.pdfUrl ?? null,
    correctionOf: null,
  };
}
