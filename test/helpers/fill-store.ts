import { sql } from 'kysely';
import { saveVersion } from '../../src/store/document-versions.ts';
import { upsertDocument } from '../../src/store/documents.ts';
import { refoldEntries } from '../../src/store/entries.ts';
import { findServerSecret } from '../../src/store/server-secret.ts';
import { makeHead } from '../store/facts.ts';
import type { MailSetting } from './mail-setting.ts';

const AT = '2025-03-28T12:45:00.123456Z';
/** Every byte there is. */
export const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
/** Texts that a file of lines could lose. */
export const HARD_TEXT = 'a\nb\r\tc "d" \\u0000 \\ 北京 𠮷 e\u0301 \u2028 \u202E';

/** Rows in every table that the mail setting leaves empty, with values that a copy could bend. */
export async function fillStore(setting: MailSetting): Promise<void> {
  const { db } = setting.parts;
  await refoldEntries(db, ['entry-1']);
  await findServerSecret(db, AT);
  const head = makeHead({ title: HARD_TEXT });
  await upsertDocument(db, head, AT);
  const version = { number: head.number, publishedOn: head.publishedOn!, kind: 'xml' as const };
  for (const bytes of [ALL_BYTES, Buffer.alloc(3_000_000, ALL_BYTES)])
    await saveVersion(db, { ...version, url: 'https://x.test/', contentType: null, bytes, fetchedAt: AT });
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `insert into organisation values ('acme', 'Acme “Optics”', '${AT}')`,
  `insert into api_token values ('t1', 'acme', 'n', 'h', 'x', '["read"]', 60, '${AT}', null, '${AT}')`,
  `insert into idempotency_key values ('t1', 'k', 'h', 201, 's1.abc', '${AT}')`,
  `insert into source_state values ('ecfr', '${AT}', null, null, '{"a":[1.50,1e3,null]}')`,
  `insert into "override" (number, published_on, kind, reason, who, made_at)
    values ('2025-05427', '2025-03-28', 'accept', 'r', 'w', '${AT}')`,
  `insert into issue (number, code, holds, message, opened_at) values ('2025-05427', 'c', true, 'm', '${AT}')`,
  `insert into filing (number, title, status, first_seen_at, last_seen_at) values ('2025-05427', 't', 'new', '${AT}', '${AT}')`,
  `insert into filing_version (number, kind, sha256, url, bytes, fetched_at, last_seen_at)
    values ('2025-05427', 'text', 's', 'u', '\\x00ff0a', '${AT}', '${AT}')`,
  // The first by its key follows the last, more rows apart than one statement takes.
  `insert into change_set (change_set_id, revision, cause, outcome, lists, effective_on, known_at, checks, issues,
      stated, notified_at, screened_at)
    select 'z' || to_char(n, 'FM00000'), 1, 'rule', 'held', '[]', '2025-01-01', '2025-01-01T00:00:00Z', '[]', '[]',
      '{}', now(), now() from generate_series(1, 1500) as n`,
  `insert into change_set (change_set_id, revision, cause, outcome, lists, effective_on, known_at, checks, issues,
      stated, follows, notified_at, screened_at)
    values ('a', 1, 'rule', 'held', '[]', '2025-01-01', '2025-01-01T00:00:00Z', '[]', '[]', '{}', 'z01500', now(), now())`,
  `insert into suppressed_address values ('h', 'bounced', '${AT}')`,
  `insert into watchlist (watchlist_id, organisation_id, name, threshold, created_at)
    values ('w1', 'acme', 'customers', 0.7654321, '${AT}')`,
  `insert into watchlist_version values ('w1', 1, 'current', 's', 'csv', 'utf-8', 1, 0, '${AT}', 'me')`,
  `insert into watchlist_row values ('w1', 1, 1, 'k', '1', '北京', '["x"]', '[]', 'CN', '')`,
  `insert into watchlist_feed values ('w1', 'salt', '${AT}')`,
  `insert into watchlist_page values ('w1', 'salt', '${AT}')`,
  `insert into screening_run values ('r1', 'w1', 1, 's', 'demand', null, '{}', 1, 'v', 0.1, 1, 1, 1, 0, '${AT}', '${AT}')`,
  `insert into screening_hit (run_id, row_number, row_key, ref, their_name, entry_id, entry_hash, entry_name, list,
      destination, score, matched, reasons, is_hidden)
    values ('r1', 1, 'k', '1', 'a', 'entry-1', 'h', 'b', 'entity-list', 'CHINA', 0.30000000000000004, '{}', '[]', false)`,
  // A number that was given out and is gone must not be given out again.
  `delete from screening_hit`,
  `insert into screening_hit (run_id, row_number, row_key, ref, their_name, entry_id, entry_hash, entry_name, list,
      destination, score, matched, reasons, is_hidden)
    select 'r1', n, 'k', '1', 'a', 'entry-1', 'h', 'b', 'entity-list', 'CHINA', 0.30000000000000004, '{}', '[]', false
    from generate_series(1, 2) as n`,
  `delete from screening_hit where row_number = 2`,
  `insert into screening_decision values ('d1', 'w1', 'k', 'entry-1', 'h', 'not-a-match', 'r', 'me', '${AT}', null, null, 'a', 'b')`,
  `insert into audit_run (source, list, ran_at, outcome, counts) values ('ecfr', 'entity-list', '${AT}', 'clean', '{}')`,
  `insert into audit_ledger (run_id, number, published_on, ours, there, missing, day)
    select id, '2025-05427', '2025-03-28', 1, 1, '[]', 0 from audit_run`,
  `insert into audit_snapshot values ('ecfr', 'entity-list', '2025-03-28', 1, '\\x1f8b', '${AT}')`,
];
