import { easternDay, laterOf } from '../days.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import { foldName } from '../fold.ts';
import { explainLag } from '../list/lag.ts';
import { ledgerOf, rulesToWatch } from '../list/ledger.ts';
import { indexPages, isWithin } from '../list/reconcile-tolerance.ts';
import { entriesOf, pastsOf } from '../list/versions.ts';
import type { AuditOutcome, AuditSource, LedgerLine, ListName } from '../model.ts';
import type { Parts } from '../parts.ts';
import {
  type AuditCounts,
  changesOfList,
  documentPages,
  findSnapshot,
  heldAmendments,
  rulesInLedger,
} from '../store/audit.ts';
import { earliestDay } from '../store/entries.ts';
import { listIssues } from '../store/issues.ts';
import { type Finding, findingsOf } from './findings.ts';
import { assertWhole } from './guard.ts';
import type { Reading, Row, Source } from './reading.ts';

/** What came of one audit of one list. */
export interface Audited {
  source: AuditSource;
  list: ListName;
  ranAt: string;
  sourceOn: string | null;
  /** Rows of the source; null where it was not read. */
  rows: number | null;
  outcome: AuditOutcome;
  /** Why it was refused or failed. */
  reason: string | null;
  counts: AuditCounts;
  ledger: LedgerLine[];
  findings: Finding[];
}

const NOTHING: AuditCounts = { missingThere: 0, missingHere: 0, differs: 0, explained: 0 };
const REFUSALS = ['source-empty', 'source-shrank', 'source-too-small'];

/** What a look came to: what was read, or what to do about a source that is not to be trusted. */
export type Looked =
  | { audited: Audited; reading: Reading<Row> }
  | { audited: Audited; reading: null; hint: string };

/** Reads a list of one source and compares; nothing is stored. */
export async function look<Theirs extends Row>(
  parts: Parts,
  source: Source<Theirs>,
  list: ListName,
  { acceptShrink }: { acceptShrink: boolean },
): Promise<Looked> {
  const ranAt = parts.now();
  const begun = { source: source.name, list, ranAt, sourceOn: null, rows: null, ledger: [], findings: [] };
  let reading: Reading<Theirs> | null = null;
  try {
    reading = await source.read(list);
    const audited = await compare(parts, source, list, { ranAt, reading, acceptShrink });
    return { audited, reading };
  } catch (error) {
    if (!(error instanceof ElwatchError) || error.code === 'closing') throw error;
    return {
      audited: {
        ...begun,
        ...(reading === null ? {} : { sourceOn: reading.on, rows: reading.rows.length }),
        outcome: REFUSALS.includes(error.code) ? 'refused' : 'failed',
        reason: errorLine(error),
        counts: NOTHING,
      },
      reading: null,
      hint: error.hint,
    };
  }
}

/** @throws ElwatchError of the guard */
async function compare<Theirs extends Row>(
  parts: Parts,
  source: Source<Theirs>,
  list: ListName,
  { ranAt, reading, acceptShrink }: { ranAt: string; reading: Reading<Theirs>; acceptShrink: boolean },
): Promise<Audited> {
  const { db } = parts;
  const today = easternDay(ranAt);
  const since = (await earliestDay(db, list)) ?? today;
  const changes = await changesOfList(db, list);
  const documents = await documentPages(db);
  const snapshot = await findSnapshot(db, source.name, list);
  const ledger = await rulesInLedger(db, source.name, list);

  // A list that was loaded from a file of today begins behind eCFR's day: it shows the same text.
  const pasts = pastsOf(changes, laterOf(reading.on, since));
  const pending = documents.filter((document) =>
    reading.pending.some(({ citation }) => citation !== null && isWithin(document, citation)),
  );
  const watched = rulesToWatch(changes, {
    ...{ source: source.name, today, ledger },
    pending: new Set(pending.map(({ number }) => number)),
  });
  const isOpen = (number: string) => watched.get(number)?.isOpen === true;
  assertWhole({ source: source.name, list, reading, pasts, isOpen, snapshot, acceptShrink });

  const pairing = source.pairing(indexPages(documents));
  const found = pairing.reconcile(entriesOf(pasts), reading.rows);
  const { drift, shown } = explainLag(found, pasts, isOpen, pairing);
  const lines = ledgerOf(watched, pasts, shown, today, pairing);
  const known = new Set(
    (await listIssues(db, { limit: 10_000 }))
      .filter(({ number }) => number === null)
      .map(({ code, excerpt }) => `${code} ${excerpt}`),
  );
  const findings = findingsOf({
    ...{ source: source.name, list, drift, lines, watched, documents },
    namedByHeld: await namesOfHeld(parts, list),
    // The baseline has told already of rows that nobody can read.
    reading: {
      ...reading,
      unread: reading.unread.filter(({ code, excerpt }) => !known.has(`${code} ${excerpt}`)),
    },
  });
  const count = (kind: (typeof found)[number]['kind']) => found.filter((one) => one.kind === kind).length;
  const lags = found.length > 0 || lines.some(({ ours, there }) => there < ours);
  return {
    ...{ source: source.name, list, ranAt, sourceOn: reading.on, rows: reading.rows.length, reason: null },
    outcome: findings.length > 0 ? 'drift' : lags ? 'lag' : 'clean',
    counts: {
      missingThere: count('missing-there'),
      missingHere: count('missing-here'),
      differs: count('differs'),
      explained: Math.max(0, found.length - drift.length),
    },
    ledger: lines,
    findings,
  };
}

async function namesOfHeld(parts: Parts, list: ListName): Promise<Map<string, Set<string>>> {
  const held = await heldAmendments(parts.db);
  return new Map(
    held.map(({ number, amendments }) => {
      const own = amendments.filter((amendment) => amendment.list === list && amendment.name !== '');
      return [number, new Set(own.map(({ target, name }) => foldName(target?.name ?? name)))];
    }),
  );
}
