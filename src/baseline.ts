import { createHash } from 'node:crypto';
import { addDays, easternDay } from './days.ts';
import { ElwatchError, errorLine } from './errors.ts';
import { textOfEntry } from './list/apply.ts';
import { entryKey } from './list/key.ts';
import {
  type ChangeSet,
  type Entry,
  type Issue,
  LIST_NAMES,
  type ListName,
  type PlacedEntry,
} from './model.ts';
import type { Parts } from './parts.ts';
import { commitChanges } from './store/commit.ts';
import { currentEntries, earliestDay } from './store/entries.ts';
import { openIssue } from './store/issues.ts';
import { recordFailure, recordSuccess } from './store/source-state.ts';
import { inTransaction } from './store/transaction.ts';

/** Where a list starts: its entries on a day. */
export interface Baseline {
  list: ListName;
  on: string;
  entries: PlacedEntry[];
  issues: Issue[];
}

/** A poll looks back seven days, so a baseline of the day before that lets each rule since be applied. */
const LOOK_BACK_DAYS = 8;

/** The list as eCFR had it at a day, or (`on` null) just before the window that polls look at. */
export async function fetchBaseline(parts: Parts, list: ListName, on: string | null): Promise<Baseline> {
  const wanted = on ?? addDays(easternDay(parts.now()), -LOOK_BACK_DAYS);
  const fetched = await parts.ecfr.fetchSupplement(list, wanted);
  const { entries, issues } = await parts.parser.supplement(fetched.bytes, list);
  return { list, on: wanted, entries, issues };
}

/**
 * The list as the bulk file of the whole title has it, which is its newest state: for when the versioner does
 * not answer. Rules of the last days that it holds already are taken for done when they are read.
 *
 * @throws ElwatchError `bulk-undated` for a file that does not say to which day it is amended
 */
export async function fetchBulkBaseline(parts: Parts, list: ListName): Promise<Baseline> {
  const { bytes, on, url } = await parts.ecfr.fetchFromBulk(list);
  if (on === null)
    throw new ElwatchError('bulk-undated', `${url} does not say to which day it is amended`, {
      retry: false,
      hint: 'download it, find its day, and run elwatch baseline <file> --on <day>',
    });
  const { entries, issues } = await parts.parser.supplement(bytes, list);
  return { list, on, entries, issues };
}

/** From the versioner, else from the bulk file; where both fail, the first failure tells more. */
async function fetchEither(parts: Parts, list: ListName): Promise<Baseline> {
  try {
    return await fetchBaseline(parts, list, null);
  } catch (error) {
    if (isCode(error, 'closing')) throw error;
    // Half updated, the title is half updated in both places.
    const isProcessing = await parts.ecfr.upToDateAsOf().then(
      () => false,
      (fault: unknown) => isCode(fault, 'ecfr-processing'),
    );
    if (isProcessing) throw error;
    return fetchBulkBaseline(parts, list).catch(() => Promise.reject(error));
  }
}

/**
 * Loads a list where there is none. The entries become changes like any other, so that the list is the sum of
 * its changes; they alert nobody.
 *
 * @throws ElwatchError `baseline-exists` where the list was loaded before, `baseline-empty` for no entries
 */
export async function loadBaseline(
  parts: Parts,
  baseline: Baseline,
): Promise<{ entries: number; issues: number; stateOn: string }> {
  const { list, on } = baseline;
  if (baseline.entries.length === 0)
    throw new ElwatchError('baseline-empty', `the text holds no entry of the ${list}`, {
      retry: false,
      hint: 'give the supplement with its table; elwatch snapshot shows what is read from it',
    });
  return inTransaction(parts.db, async (tx) => {
    const since = await earliestDay(tx, list);
    if (since !== null || (await currentEntries(tx, list)).length > 0)
      throw new ElwatchError(
        'baseline-exists',
        `the ${list} was loaded before, as of ${since ?? 'an earlier day'}`,
        {
          retry: false,
          hint: 'a list is loaded once and then follows the rules; use another DATA_DIR or database for another start',
        },
      );
    const seen = new Map<string, number>();
    const entries = baseline.entries.map((entry): Entry => {
      const key = entryKey({ ...entry, list });
      const occurrence = (seen.get(key) ?? 0) + 1;
      seen.set(key, occurrence);
      const entryId = createHash('sha256').update(`${key}|${occurrence}`).digest('hex').slice(0, 24);
      return { ...entry, entryId };
    });
    const knownAt = parts.now();
    const changeSet: ChangeSet = {
      changeSetId: `baseline.${list}.${on}`,
      cause: 'baseline',
      outcome: 'applied',
      document: null,
      lists: [list],
      effectiveOn: on,
      knownAt,
      checks: [],
      issues: baseline.issues,
      stated: {},
      firstSeq: null,
      lastSeq: null,
      follows: null,
    };
    await commitChanges(
      tx,
      changeSet,
      entries.map((entry) => ({
        kind: 'added',
        entryId: entry.entryId,
        list,
        destination: entry.destination,
        country: entry.country,
        name: entry.name,
        before: null,
        after: textOfEntry(entry),
        fields: [],
        locator: null,
      })),
    );
    // A doubt about a row of the baseline keeps nothing from being applied.
    for (const issue of baseline.issues)
      await openIssue(tx, { ...issue, holds: false, number: null, publishedOn: null, openedAt: knownAt });
    return { entries: entries.length, issues: baseline.issues.length, stateOn: on };
  });
}

const isCode = (of: unknown, code: string) => of instanceof ElwatchError && of.code === code;

/**
 * Loads the lists that are not there yet from eCFR. Only the Entity List is required for the service to be
 * of use; a list that cannot be had now is tried again at the next run. Answers whether one was loaded.
 *
 * @throws ElwatchError `closing`, for the next start
 */
export async function ensureBaseline(parts: Parts): Promise<boolean> {
  let any = false;
  for (const list of LIST_NAMES) {
    if ((await earliestDay(parts.db, list)) !== null) continue;
    try {
      const loaded = await loadBaseline(parts, await fetchEither(parts, list));
      any = true;
      await recordSuccess(parts.db, 'ecfr', parts.now(), { list, ...loaded });
      parts.log.info({ list, ...loaded }, 'baseline loaded');
    } catch (error) {
      // The service ends; nothing is wrong with the source.
      if (isCode(error, 'closing')) throw error;
      await recordFailure(parts.db, 'ecfr', parts.now(), errorLine(error), { list });
      parts.log.error({ list, error: errorLine(error) }, 'no baseline yet; rules wait for it');
    }
  }
  return any;
}
