import type { Kysely, Selectable } from 'kysely';
import { ElwatchError } from '../errors.ts';
import type { OrganisationTable, Schema } from './schema.ts';

export type Organisation = Selectable<OrganisationTable>;

/**
 * Adds an organisation: whose subscriptions, watchlists and tokens no other can see.
 *
 * @throws ElwatchError `organisation-exists`
 */
export async function addOrganisation(db: Kysely<Schema>, added: Organisation): Promise<Organisation> {
  const row = await db
    .insertInto('organisation')
    .values(added)
    .onConflict((conflict) => conflict.column('organisationId').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new ElwatchError(
    'organisation-exists',
    `there is an organisation “${added.organisationId}” already`,
    {
      retry: false,
      hint: 'Give the new one another id.',
    },
  );
}

export async function findOrganisation(
  db: Kysely<Schema>,
  organisationId: string,
): Promise<Organisation | null> {
  const row = await db
    .selectFrom('organisation')
    .selectAll()
    .where('organisationId', '=', organisationId)
    .executeTakeFirst();
  return row ?? null;
}

/** Oldest first. */
export async function listOrganisations(db: Kysely<Schema>): Promise<Organisation[]> {
  return db.selectFrom('organisation').selectAll().orderBy('createdAt').orderBy('organisationId').execute();
}
