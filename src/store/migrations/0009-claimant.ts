import { type Migration, sql } from 'kysely';

/** Which process is sending a delivery, so that it is taken over when that one is gone, and not before. */
export const claimant: Migration = {
  up: async (db) => {
    await sql.raw('alter table delivery add column claimed_by integer').execute(db);
  },
};
