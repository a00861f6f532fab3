import { type Kysely, sql } from 'kysely';
import type { ListName } from '../model.ts';
import { countEntries } from './entries.ts';
import type { Schema } from './schema.ts';
import { listSourceStates, type SourceState } from './source-state.ts';

/** What the tables say of how the service does. */
export interface Observed {
  states: SourceState[];
  entries: Partial<Record<ListName, number>>;
  heldDocuments: number;
  /** Deliveries that are not done, by status. */
  waiting: Record<'due' | 'sending' | 'gathered', number>;
  /** Since when the longest due delivery is due; null where none is. */
  oldestDueAt: string | null;
  /** Change sets that were not told yet, and those that no watchlist was compared with yet. */
  untold: number;
  unscreened: number;
  /** Open issues by code. */
  issues: { code: string; count: number }[];
}

/** Reads it by indexes and small tables, so that it may be asked every few seconds. */
export async function observe(db: Kysely<Schema>, now: string): Promise<Observed> {
  const count = sql<number>`count(*)::int`;
  const waiting = { due: 0, sending: 0, gathered: 0 };
  for (const row of await db
    .selectFrom('delivery')
    .select(['status', count.as('count')])
    .where('status', 'in', ['due', 'sending', 'gathered'])
    .groupBy('status')
    .execute())
    waiting[row.status as keyof typeof waiting] = row.count;
  const oldest = await db
    .selectFrom('delivery')
    .select('dueAt')
    .where('status', '=', 'due')
    .where('dueAt', '<=', now)
    .orderBy('dueAt')
    .limit(1)
    .executeTakeFirst();
  const sets = await db
    .selectFrom('changeSet')
    .select((eb) => [
      eb.fn.countAll<number>().filterWhere('notifiedAt', 'is', null).as('untold'),
      eb.fn
        .countAll<number>()
        .filterWhere(eb.and([eb('screenedAt', 'is', null), eb('firstSeq', 'is not', null)]))
        .as('unscreened'),
    ])
    .where('cause', '!=', 'baseline')
    .executeTakeFirstOrThrow();
  const held = await db
    .selectFrom('document')
    .select(count.as('count'))
    .where('status', '=', 'held')
    .executeTakeFirstOrThrow();
  const issues = await db
    .selectFrom('issue')
    .select(['code', count.as('count')])
    .where('closedAt', 'is', null)
    .groupBy('code')
    .orderBy('code')
    .execute();
  return {
    states: await listSourceStates(db),
    entries: await countEntries(db),
    heldDocuments: held.count,
    waiting,
    oldestDueAt: oldest?.dueAt ?? null,
    untold: Number(sets.untold),
    unscreened: Number(sets.unscreened),
    issues,
  };
}
