import { z } from 'zod';
import { findChangeSet } from '../../store/change-sets.ts';
import { readChangeSets } from '../../store/read-change-sets.ts';
import { readChanges } from '../../store/read-changes.ts';
import { Problem } from '../problem.ts';
import { requireReader } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { presentChange, presentChangeSet } from './present.ts';
import {
  ChangeSet,
  destination,
  documentNumber,
  flag,
  id,
  instant,
  limit,
  listName,
  WholeChangeSet,
} from './schemas.ts';

const query = z.strictObject({
  before: id.optional().meta({ description: 'The “next” of the page before.' }),
  limit: limit(200, 50),
  list: listName.optional(),
  destination: destination.optional(),
  document: documentNumber.optional(),
  outcome: z.enum(['applied', 'held', 'provisional', 'withdrawn']).optional(),
  since: instant.optional().meta({ description: 'Known at this instant or later.' }),
  baseline: flag,
});
const ChangeSets = z
  .object({ changeSets: z.array(ChangeSet), next: z.string().nullable() })
  .meta({ id: 'ChangeSets' });

/** One document changes thousands of entries at most. */
const MOST_CHANGES = 50_000;

/** Adds /change-sets: what each document did or may do, with its checks and the state hashes after it. */
export function addChangeSets(server: ApiServer, context: ApiContext): void {
  const { db, baseUrl, summaryOf } = context;
  const tags = ['changes'];
  const preValidation = requireReader(context);

  server.get(
    '/change-sets',
    {
      preValidation,
      schema: {
        tags,
        summary: 'What each document did, newest first',
        description: 'Notices about filings, held rules and withdrawals are change sets without changes.',
        querystring: query,
        response: { 200: ChangeSets },
      },
    },
    async (request) => {
      const { before, limit: most, destination: country, baseline, ...plain } = request.query;
      const behind = before === undefined ? undefined : await findChangeSet(db, before);
      if (behind === null) throw new Problem('invalid-query', 'before: is no change set of ours');
      const sets = await readChangeSets(
        db,
        { ...defined(plain), ...(country ? { country } : {}), includeBaseline: baseline === 'true' },
        { order: 'newest', limit: most + 1, ...(behind === undefined ? {} : { behind }) },
      );
      const shown = sets.slice(0, most);
      const changeSets = [];
      for (const set of shown) changeSets.push(presentChangeSet(set, { ...(await summaryOf(set)), baseUrl }));
      return { changeSets, next: sets.length > most ? shown.at(-1)!.changeSetId : null };
    },
  );

  server.get(
    '/change-sets/:changeSetId',
    {
      preValidation,
      schema: {
        tags,
        summary: 'One change set with its changes, checks and differences',
        params: z.object({ changeSetId: id.meta({ example: 'cs_2025-05426_1' }) }),
        response: { 200: WholeChangeSet },
      },
    },
    async ({ params: { changeSetId } }) => {
      const set = await findChangeSet(db, changeSetId);
      if (set === null) throw new Problem('not-found', 'There is no such change set.');
      const changes = await readChanges(
        db,
        { after: 0, limit: MOST_CHANGES },
        { changeSetId, includeBaseline: true },
      );
      return {
        ...presentChangeSet(set, { ...(await summaryOf(set)), baseUrl }),
        checks: set.checks,
        issues: set.issues,
        stated: set.stated,
        changes: changes.map(presentChange),
      };
    },
  );
}

/** Without the keys that are undefined. */
export function defined<T extends object>(of: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
