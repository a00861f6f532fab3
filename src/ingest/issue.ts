import { easternDay } from '../days.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { latestVersion, saveVersion, wasProcessedFrom } from '../store/document-versions.ts';
import type { StoredDocument } from '../store/documents.ts';
import type { FetchedText } from './fetch.ts';
import { minutesKnown } from './settle.ts';

/** So long a document's own text is waited for alone. */
const OWN_TEXT_MINUTES = 10;
const PAUSE_MINUTES = 5;
/** The longer it was in vain, the less often the issue is asked: some thirty times in a week. */
const PAUSE_SHARE = 0.25;

/**
 * Reads a document whose own text is missing or cannot be read out of the issue of its day, which GovInfo has: its own
 * text is nothing else (sources, §1.7). Null where that does not help, which is logged and never thrown: what is wrong
 * with its own text is why it waits. What was applied or ignored is not read from there again.
 *
 * @throws ElwatchError `closing`, for the next start
 */
export async function readFromIssue<T>(
  parts: Parts,
  document: StoredDocument,
  read: (text: FetchedText) => Promise<T>,
): Promise<T | null> {
  const isPrinted = document.publishedOn <= easternDay(parts.now());
  if (isSettled(document) || !isPrinted || minutesKnown(parts, document) < OWN_TEXT_MINUTES) return null;
  const { number, publishedOn } = document;
  const url = parts.wholeIssues.addressOf(document);
  const text =
    (await orLogged(parts, document, () => cutOut(parts, document))) ??
    (await latestVersion(parts.db, number, publishedOn, 'xml', { url }));
  return text && orLogged(parts, document, () => read(text));
}

/** Whether what was applied or ignored was read out of the issue, so that it needs no text of its own. */
export async function standsFromIssue(parts: Parts, document: StoredDocument): Promise<boolean> {
  const url = parts.wholeIssues.addressOf(document);
  return isSettled(document) && (await wasProcessedFrom(parts.db, document, url));
}

const isSettled = ({ status }: StoredDocument) => status === 'applied' || status === 'ignored';

/** Cuts a document out of the issue and keeps it; null where the issue is not to be asked again yet. */
async function cutOut(parts: Parts, document: StoredDocument): Promise<FetchedText | null> {
  const { number, publishedOn } = document;
  const pauseMinutes = Math.max(PAUSE_MINUTES, minutesKnown(parts, document) * PAUSE_SHARE);
  const issue = await parts.wholeIssues.fetchFor(document, pauseMinutes);
  if (issue === null) return null;
  const bytes = await parts.parser.issue(issue.bytes, number);
  const url = parts.wholeIssues.addressOf(document);
  const { sha256 } = await saveVersion(parts.db, {
    ...{ number, publishedOn, kind: 'xml', url, contentType: issue.contentType, bytes },
    fetchedAt: parts.now(),
  });
  parts.log.info({ document: number, url, bytes: bytes.length }, 'its text was cut out of the issue');
  return { bytes, sha256 };
}

async function orLogged<T>(
  parts: Parts,
  { number }: StoredDocument,
  call: () => Promise<T>,
): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ElwatchError) || error.code === 'closing') throw error;
    // The text of its own is mostly late because the issue is.
    const level = error.code === 'http-404' ? 'info' : 'warn';
    parts.log[level]({ document: number, error: errorLine(error) }, 'the issue of its day does not help');
    return null;
  }
}
