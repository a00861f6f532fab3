import type { Kysely } from 'kysely';
import type { ListName } from '../model.ts';
import { toJson } from './clean-text.ts';
import type { Schema } from './schema.ts';

/** What the watch over the service remembers from minute to minute, whichever process looks. */
export interface AlarmState {
  /** Since when somebody looks each minute, and when somebody looked last. */
  since: string;
  lastAt: string;
  /** Since when the queue wakes up, as far as was seen: before that no job can be late. */
  awakeSince: string;
  /** The count that a list is measured by, and when it was taken. */
  counts: Partial<Record<ListName, { count: number; at: string }>>;
  /** Mails that are not sent yet, the oldest first. */
  owed: OwedAlarm[];
}

/** A mail about one incident. Its id makes a second try the same message. */
export interface OwedAlarm {
  id: string;
  /** The mail that this one follows up; null for the first about its incident. */
  follows: string | null;
  subject: string;
  paragraphs: string[];
  /** When a process took it to send it; null while none has. */
  claimedAt: string | null;
}

/** Name of the watch among the states of sources; it is none. */
const ALARM = 'alarm';

/**
 * Changes what the watch remembers, in one transaction under a lock on it: of several processes that look in the same
 * minute one opens an incident, and one sends its mail.
 */
export async function changeAlarmState<Result>(
  db: Kysely<Schema>,
  now: string,
  change: (tx: Kysely<Schema>, state: AlarmState) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (tx) => {
    const first: AlarmState = { since: now, lastAt: now, awakeSince: now, counts: {}, owed: [] };
    await tx
      .insertInto('sourceState')
      .values({ source: ALARM, lastSuccessAt: now, detail: toJson(first) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { detail } = await tx
      .selectFrom('sourceState')
      .select('detail')
      .where('source', '=', ALARM)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const state = detail as AlarmState;
    const result = await change(tx, state);
    await tx
      .updateTable('sourceState')
      .set({ detail: toJson(state), lastSuccessAt: now })
      .where('source', '=', ALARM)
      .execute();
    return result;
  });
}

/** The incident of a code about one thing that goes on: its id, or null. */
export async function findIncident(db: Kysely<Schema>, code: string, about: string): Promise<number | null> {
  const row = await db
    .selectFrom('issue')
    .select('id')
    .where('number', 'is', null)
    .where('code', '=', code)
    .where('excerpt', '=', about)
    .where('closedAt', 'is', null)
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function endIncident(db: Kysely<Schema>, id: number, at: string): Promise<void> {
  await db.updateTable('issue').set({ closedAt: at }).where('id', '=', id).execute();
}
