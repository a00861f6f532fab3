import { type Kysely, sql } from 'kysely';
import type { AuditSource } from '../model.ts';
import type { Schema } from './schema.ts';

/** How far the newest of each source was behind when we had it; null where nothing can be said of it yet. */
export interface SourceLags {
  /** The newest rule that was read as it was printed. */
  published: { number: string; publishedOn: string; knownAt: string } | null;
  /** The newest filing on public inspection. */
  filed: { number: string; filedAt: string; knownAt: string } | null;
  /** Sources that print the whole lists, as their last comparison found them. */
  compared: readonly ComparedSource[];
}

export interface ComparedSource {
  source: AuditSource;
  /** The day of which the source speaks; of several lists, the oldest. */
  sourceOn: string;
  /** Rules that are not there whole, and the day on which the first of them was printed. */
  waiting: number;
  waitingSince: string | null;
}

/** What is read so long after its print was loaded later, and says nothing of how soon a rule is known. */
const LOADED_LATER_DAYS = 14;

export async function sourceLags(db: Kysely<Schema>): Promise<SourceLags> {
  const published = await sql<NonNullable<SourceLags['published']>>`
    select number, published_on as "publishedOn", min(known_at) as "knownAt"
    from change_set
    where cause = 'rule' and filing is null and outcome in ('applied', 'held') and published_on is not null
    group by number, published_on
    having min(known_at) < published_on + make_interval(days => ${LOADED_LATER_DAYS}::int)
    order by published_on desc, min(known_at) desc
    limit 1`.execute(db);
  const filed = await sql<NonNullable<SourceLags['filed']>>`
    select number, min(filing->>'filedAt') as "filedAt", min(known_at) as "knownAt"
    from change_set
    where outcome = 'provisional' and filing->>'filedAt' is not null
    group by number
    order by min(known_at) desc
    limit 1`.execute(db);
  const compared = await sql<ComparedSource>`
    select last.source, min(last.source_on) as "sourceOn",
      count(distinct audit_ledger.number)::int as waiting, min(audit_ledger.published_on) as "waitingSince"
    from (
      select distinct on (source, list) id, source, source_on
      from audit_run
      where outcome in ('clean', 'lag', 'drift') and source_on is not null
      order by source, list, id desc
    ) last
    left join audit_ledger on audit_ledger.run_id = last.id and audit_ledger.there < audit_ledger.ours
    group by last.source`.execute(db);
  return {
    published: published.rows[0] ?? null,
    filed: filed.rows[0] ?? null,
    compared: compared.rows,
  };
}
