import { addDays, easternDay } from './days.ts';
import { type ElwatchError, errorLine } from './errors.ts';
import type { Parts } from './parts.ts';
import { wasProcessedFrom } from './store/document-versions.ts';
import { documentsToRecheck, findDocument, type StoredDocument } from './store/documents.ts';
import { openIssue } from './store/issues.ts';
import { recordFailure, recordSuccess } from './store/source-state.ts';

/** Published records gain their XML late, change, or vanish within days (sources, §1.7). */
const WINDOW_DAYS = 7;
const RECHECK_HOURS = 6;
const MOST_RECHECKS = 50;

/** A document to ingest, with the reason for it. */
export interface Due {
  number: string;
  publishedOn: string;
  why: 'new' | 'unfinished' | 'recheck';
}

/**
 * Looks for rules published in the last days and answers those that need a look: not yet known, not finished,
 * or not looked at for some hours. In the order of print, which is the order in which they amend.
 *
 * @throws ElwatchError of the client; the failure is on record by then
 */
export async function poll(parts: Parts): Promise<Due[]> {
  const now = parts.now();
  const today = easternDay(now);
  const from = addDays(today, -WINDOW_DAYS);
  try {
    const malformed: ElwatchError[] = [];
    const found = await parts.federalRegister.searchRules({ from, to: today }, (fault) =>
      malformed.push(fault),
    );
    for (const fault of malformed) await noteMalformed(parts, fault, now);
    const due: Due[] = [];
    for (const { number, publishedOn } of found) {
      const known = await findDocument(parts.db, number, publishedOn);
      if (known === null) due.push({ number, publishedOn, why: 'new' });
      else if (known.status === 'new') due.push({ number, publishedOn, why: 'unfinished' });
      // Held without a text of its own, or taken for withdrawn: it may be there by now.
      else if (
        known.status === 'withdrawn' ||
        (known.status === 'held' && (await lacksOwnText(parts, known)))
      )
        due.push({ number, publishedOn, why: 'recheck' });
    }
    const checkedBefore = new Date(Date.parse(now) - RECHECK_HOURS * 3_600_000).toISOString();
    for (const { number, publishedOn } of await documentsToRecheck(parts.db, {
      since: from,
      checkedBefore,
      limit: MOST_RECHECKS,
    }))
      if (!due.some((other) => other.number === number && other.publishedOn === publishedOn))
        due.push({ number, publishedOn, why: 'recheck' });
    await recordSuccess(parts.db, 'federal-register', now, {
      from,
      to: today,
      found: found.length,
      due: due.length,
    });
    parts.log.info({ from, to: today, found: found.length, due: due.length }, 'polled the Federal Register');
    return due;
  } catch (error) {
    await recordFailure(parts.db, 'federal-register', now, errorLine(error));
    throw error;
  }
}

/** Whether it was processed from no text, or from that of the issue of its day. */
async function lacksOwnText({ db, wholeIssues }: Parts, document: StoredDocument): Promise<boolean> {
  return document.xmlSha256 === null || wasProcessedFrom(db, document, wholeIssues.addressOf(document));
}

/** One result that cannot be read must not hide the others, nor vanish. */
async function noteMalformed(parts: Parts, fault: ElwatchError, openedAt: string): Promise<void> {
  parts.log.error({ error: errorLine(fault) }, 'a search result cannot be read');
  const issue = {
    code: 'malformed-record',
    holds: true,
    message: fault.message,
    excerpt: fault.message.slice(0, 200),
    locator: null,
  };
  await openIssue(parts.db, { ...issue, number: null, publishedOn: null, openedAt });
}
