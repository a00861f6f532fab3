import { type Kysely, type SqlBool, sql } from 'kysely';
import type { AuditSource, Change, ListName } from '../model.ts';
import type { Schema } from './schema.ts';

/** What a change does to the counts of a list, without the texts. */
export type CountedChange = Pick<Change, 'kind' | 'entryId' | 'destination' | 'country'> & {
  effectiveOn: string;
  /** Whether it is a part of the first load of the list. */
  isBaseline: boolean;
  /** Whether it puts off, resumes or corrects another change. */
  isSecondary: boolean;
};

/** The changes that bring an entry to a list, take it away or move it, up to a day, in the order of their effect. */
export async function countedChanges(
  db: Kysely<Schema>,
  list: ListName,
  until: string,
): Promise<CountedChange[]> {
  const rows = await db
    .selectFrom('change')
    .innerJoin('changeSet', 'changeSet.changeSetId', 'change.changeSetId')
    .select(['change.kind', 'change.entryId', 'change.destination', 'change.country', 'change.effectiveOn'])
    .select(['change.because', 'changeSet.cause'])
    .where('change.list', '=', list)
    .where('change.effectiveOn', '<=', until)
    .where((eb) =>
      eb.or([
        eb('change.kind', 'in', ['added', 'removed']),
        sql<SqlBool>`change.fields @> '["destination"]'::jsonb`,
      ]),
    )
    .orderBy('change.effectiveOn')
    .orderBy('change.seq')
    .execute();
  return rows.map(({ because, cause, ...change }) => ({
    ...change,
    isBaseline: cause === 'baseline',
    isSecondary: because !== null,
  }));
}

/** How early a rule was known by its filing on public inspection. */
export interface Lead {
  number: string;
  filedAt: string | null;
  /** When it was first told here. */
  toldAt: string;
  /** Day of publication; of what is not published yet, the day for which that is scheduled. */
  publishedOn: string | null;
  isPublished: boolean;
}

/** Of the documents that were told by their filing, the newest first; those that were withdrawn are left out. */
export async function leadTimes(db: Kysely<Schema>, limit: number): Promise<Lead[]> {
  const { rows } = await sql<Lead>`
    select number,
      min(filing->>'filedAt') as "filedAt",
      min(known_at) filter (where outcome = 'provisional') as "toldAt",
      coalesce(
        min(published_on) filter (where filing is null and outcome in ('applied', 'held')),
        max(published_on) filter (where outcome = 'provisional')
      ) as "publishedOn",
      bool_or(filing is null and outcome in ('applied', 'held')) as "isPublished"
    from change_set
    where number in (select number from change_set where outcome = 'provisional' and filing is not null)
    group by number
    having bool_or(filing is null and outcome in ('applied', 'held')) or not bool_or(outcome = 'withdrawn')
    order by min(known_at) filter (where outcome = 'provisional') desc
    limit ${limit}
  `.execute(db);
  return rows;
}

/** How long another source took to show a rule whole. */
export interface Followed {
  number: string;
  publishedOn: string;
  list: ListName;
  source: AuditSource;
  /** Business days from publication to the first night on which all of it was there; null where it never was. */
  days: number | null;
  /** Business days from publication to the last night on which that was looked at. */
  lastDay: number;
}

/** What the ledger says of each rule, the newest first; `limit` is of rules. */
export async function followedRules(db: Kysely<Schema>, limit: number): Promise<Followed[]> {
  const { rows } = await sql<Followed>`
    select number, published_on as "publishedOn", list, source,
      min(day) filter (where ours = there) as days, max(day) as "lastDay"
    from audit_ledger join audit_run on audit_run.id = audit_ledger.run_id
    where number in (
      select number from audit_ledger group by number order by max(published_on) desc, number desc limit ${limit})
    group by number, published_on, list, source
    order by published_on desc, number desc, list, source desc
  `.execute(db);
  return rows;
}
