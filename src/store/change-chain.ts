import type { Kysely } from 'kysely';
import type { ChangeSet } from '../model.ts';
import { findChangeSet, type StoredChangeSet } from './change-sets.ts';
import type { Schema } from './schema.ts';

/** A document that was told in more steps than this is told by its last ones. */
const MOST_STEPS = 50;

/** What was told before about the same document, the nearest first: held, provisional, withdrawn. */
export async function chainBefore(
  db: Kysely<Schema>,
  changeSet: Pick<ChangeSet, 'follows'>,
): Promise<StoredChangeSet[]> {
  const chain: StoredChangeSet[] = [];
  for (let id = changeSet.follows; id !== null && chain.length < MOST_STEPS; id = chain.at(-1)!.follows) {
    const before = await findChangeSet(db, id);
    if (before === null) break;
    chain.push(before);
  }
  return chain;
}

/** What was told later about the same document, the oldest first. */
export async function chainAfter(db: Kysely<Schema>, changeSetId: string): Promise<StoredChangeSet[]> {
  const chain: StoredChangeSet[] = [];
  for (let ids = [changeSetId]; ids.length > 0 && chain.length < MOST_STEPS; ) {
    const rows = await db
      .selectFrom('changeSet')
      .select('changeSetId')
      .where('follows', 'in', ids)
      .orderBy('knownAt')
      .execute();
    ids = rows.map((row) => row.changeSetId);
    for (const id of ids) chain.push((await findChangeSet(db, id))!);
  }
  return chain;
}

/** Whether the deliveries of a change set are made. */
export async function isNotified(db: Kysely<Schema>, changeSetId: string): Promise<boolean> {
  const row = await db
    .selectFrom('changeSet')
    .select('notifiedAt')
    .where('changeSetId', '=', changeSetId)
    .executeTakeFirst();
  return row !== undefined && row.notifiedAt !== null;
}
