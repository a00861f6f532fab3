import { type Migration, sql } from 'kysely';

/** Up to which delivery refusals count no more, so that who is resumed begins anew. */
export const forgiven: Migration = {
  up: async (db) => {
    await sql.raw('alter table subscription add column forgiven_until timestamptz').execute(db);
  },
};
