import type { Kysely } from 'kysely';
import { listIssues, type StoredIssue } from '../../store/issues.ts';
import type { Schema } from '../../store/schema.ts';

const MOST = 1_000;
/** Codes of what the audit finds; other issues are of documents. */
const OF_AUDIT = /^(?:audit|drift|lag)-|^(?:pending-unknown|source-unread)$/u;

/** What the audits found and what is not gone yet, the newest first. */
export async function openAuditIssues(db: Kysely<Schema>): Promise<StoredIssue[]> {
  return (await listIssues(db, { open: true, limit: MOST })).filter(({ code }) => OF_AUDIT.test(code));
}
