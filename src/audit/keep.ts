import type { AuditSource, ListName } from '../model.ts';
import type { Parts } from '../parts.ts';
import { closeDriftIssues, insertAuditRun, keepSnapshot } from '../store/audit.ts';
import { openIssue } from '../store/issues.ts';
import { recordFailure, recordSuccess } from '../store/source-state.ts';
import { aboutOf, FINDING_CODES, type Finding } from './findings.ts';
import { pack } from './guard.ts';
import type { Audited } from './look.ts';
import type { Reading, Row } from './reading.ts';

const FAULT_CODES = ['audit-failed', 'audit-refused'];

/**
 * Keeps an audit with its ledger, in one transaction with what follows from it: new findings become issues, those
 * that are gone are closed, and the source is the snapshot that the next look is measured against.
 */
export async function keep(parts: Parts, audited: Audited, reading: Reading<Row>): Promise<void> {
  const { source, list, ranAt, ledger, findings } = audited;
  await parts.db.transaction().execute(async (tx) => {
    await insertAuditRun(tx, runOf(audited), ledger);
    const rows = reading.rows.length;
    await keepSnapshot(tx, {
      ...{ source, list, sourceOn: reading.on, rows, acceptedAt: ranAt },
      content: pack(reading.rows),
    });
    for (const finding of findings) await openIssue(tx, issueOf(finding, ranAt));
    await closeDriftIssues(tx, {
      about: aboutOf(source, list),
      codes: [...FINDING_CODES, ...FAULT_CODES],
      stillSeen: new Set(findings.map(({ code, excerpt }) => `${code} ${excerpt}`)),
      at: ranAt,
    });
  });
  await recordSuccess(parts.db, source, ranAt, { list, rows: audited.rows, outcome: audited.outcome });
}

/** Keeps an audit that came to nothing, with an issue. Nothing else changes. */
export async function keepFault(parts: Parts, audited: Audited, hint: string): Promise<void> {
  const { source, list, ranAt, outcome, reason } = audited;
  const code = outcome === 'refused' ? 'audit-refused' : 'audit-failed';
  await parts.db.transaction().execute(async (tx) => {
    await insertAuditRun(tx, runOf(audited), []);
    await openIssue(tx, issueOf(faultOf(code, source, list, reason!, hint), ranAt));
  });
  await recordFailure(parts.db, source, ranAt, reason!, { list });
}

function runOf(audited: Audited) {
  const { source, list, sourceOn, ranAt, rows, outcome, reason, counts } = audited;
  return { source, list, sourceOn, ranAt, rows, outcome, reason, counts };
}

/** The same fault night after night is one issue. */
function faultOf(code: string, source: AuditSource, list: ListName, reason: string, hint: string) {
  return {
    ...{ code, number: null, publishedOn: null },
    excerpt: aboutOf(source, list) + reason.slice(0, reason.indexOf(':')),
    message: `the ${list} was not compared with ${source}: ${reason}; next: ${hint}; it is tried again by itself`,
  };
}

function issueOf(finding: Omit<Finding, 'code'> & { code: string }, openedAt: string) {
  const { code, number, publishedOn, excerpt, message } = finding;
  return { code, number, publishedOn, excerpt, message, holds: false, locator: null, openedAt };
}
