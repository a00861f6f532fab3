import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addDays, endOfDay } from '../../days.ts';
import { findChangeSet } from '../../store/change-sets.ts';
import { everyDestination } from '../../store/destinations.ts';
import { type ChangeSetFilter, countChangeSets, readChangeSets } from '../../store/read-change-sets.ts';
import { represent, sendConditional } from '../conditional.ts';
import { renderChangesPage } from '../pages/changes.ts';
import { dayFilter, destinationFilter, kindFilter, listFilter, readQuery, textFilter } from './read-query.ts';
import type { SiteParts } from './site-parts.ts';
import { sumUp } from './sum-up.ts';

const SHOWN = 25;

const filters = {
  list: listFilter.optional(),
  destination: destinationFilter.optional(),
  kind: kindFilter.optional(),
  from: dayFilter.optional(),
  to: dayFilter.optional(),
  effectiveFrom: dayFilter.optional(),
  effectiveTo: dayFilter.optional(),
  q: textFilter.optional(),
  /** The last change set of the page before. */
  before: z.string().max(120).optional(),
};

/** Adds the timeline of rules and notices, with filters that live in the address. */
export function addChangesPage(site: FastifyInstance, parts: SiteParts): void {
  const { db, baseUrl } = parts;
  site.get('/changes', async (request, reply) => {
    const query = readQuery(filters, request.query);
    const { list, destination, kind, from, to, effectiveFrom, effectiveTo, q, before } = query;
    const filter: ChangeSetFilter = {
      ...(list === undefined ? {} : { list }),
      ...(destination === undefined ? {} : { country: destination }),
      ...(kind === undefined ? {} : { kind }),
      ...(effectiveFrom === undefined ? {} : { effectiveFrom }),
      ...(effectiveTo === undefined ? {} : { effectiveTo }),
      ...(q === undefined ? {} : { text: q.trim() }),
      // Days are those of Washington, as everywhere; the first begins where the day before it ends.
      ...(from === undefined ? {} : { since: endOfDay(addDays(from, -1)) }),
      ...(to === undefined ? {} : { until: endOfDay(to) }),
    };
    const behind = before === undefined ? null : await findChangeSet(db, before);
    const found = await readChangeSets(db, filter, {
      order: 'newest',
      limit: SHOWN + 1,
      ...(behind === null ? {} : { behind }),
    });
    const shown = found.slice(0, SHOWN);
    const html = renderChangesPage(
      {
        rows: await sumUp(parts, shown),
        total: await countChangeSets(db, filter),
        filters: query,
        codes: await everyDestination(db),
        next: found.length > SHOWN ? shown.at(-1)!.changeSetId : null,
      },
      baseUrl,
    );
    return sendConditional(request, reply, represent('text/html; charset=utf-8', html, null));
  });
}
