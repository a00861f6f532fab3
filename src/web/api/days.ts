import { z } from 'zod';
import { isBusinessDay } from '../../calendar.ts';
import { addDays, easternDay, endOfDay } from '../../days.ts';
import { readChangeSets, stateHashesAt } from '../../store/read-change-sets.ts';
import { listSourceStates } from '../../store/source-state.ts';
import { Problem } from '../problem.ts';
import { requireReader } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { presentChangeSet } from './present.ts';
import { ChangeSet, day, instantOut, stateHashes } from './schemas.ts';

const Day = z
  .object({
    day: z.string().meta({ format: 'date', description: 'Day in Washington on which we knew.' }),
    isBusinessDay: z.boolean(),
    changeSets: z.array(ChangeSet).meta({ description: 'Oldest first; empty on a quiet day.' }),
    changes: z.int().meta({ description: 'How many changes they have in all.' }),
    isOver: z.boolean().meta({
      description: 'Whether the Federal Register was checked after its end, so that nothing can be added.',
    }),
    checkedAt: instantOut.nullable().meta({ description: 'When it was last checked with success.' }),
    stateHashes,
  })
  .meta({ id: 'Day', description: 'What one day brought, and the state hash of each list at its end.' });

/** Adds /days/:day: a day without a rule has an answer too, that says so and proves the lists unchanged. */
export function addDayRoutes(server: ApiServer, context: ApiContext): void {
  const { db, baseUrl, now, summaryOf } = context;
  server.get(
    '/days/:day',
    {
      preValidation: requireReader(context),
      schema: {
        tags: ['changes'],
        summary: 'What one day brought, also where that is nothing',
        params: z.object({ day }),
        response: { 200: Day },
      },
    },
    async ({ params }) => {
      const today = easternDay(now());
      if (params.day > today) throw new Problem('not-found', 'That day is not here yet.');
      const end = endOfDay(params.day);
      // The last instant of the day before is no part of it.
      const since = new Date(Date.parse(endOfDay(addDays(params.day, -1))) + 1).toISOString();
      const sets = await readChangeSets(db, { since, until: end }, { order: 'oldest', limit: 10_000 });
      const changeSets = [];
      for (const set of sets) changeSets.push(presentChangeSet(set, { ...(await summaryOf(set)), baseUrl }));
      const states = await listSourceStates(db);
      const checkedAt = states.find(({ source }) => source === 'federal-register')?.lastSuccessAt ?? null;
      return {
        day: params.day,
        isBusinessDay: isBusinessDay(params.day),
        changeSets,
        changes: changeSets.reduce(
          (sum, { counts }) => sum + Object.values(counts).reduce((all, count) => all + count, 0),
          0,
        ),
        isOver: checkedAt !== null && checkedAt > end,
        checkedAt,
        stateHashes: await stateHashesAt(db, end),
      };
    },
  );
}
