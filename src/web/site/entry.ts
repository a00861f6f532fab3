import type { FastifyInstance } from 'fastify';
import { easternDay } from '../../days.ts';
import type { Entry, TracedChange } from '../../model.ts';
import { entriesOfName, entryAsOf, findEntry } from '../../store/entries.ts';
import { readEntryChanges } from '../../store/read-changes.ts';
import { represent, sendConditional } from '../conditional.ts';
import { renderEntryPage } from '../pages/entry.ts';
import { dayFilter, readQuery } from './read-query.ts';
import type { SiteParts } from './site-parts.ts';

const filters = { on: dayFilter.optional() };

/** Adds the page of each entry that ever was on a list. */
export function addEntry(site: FastifyInstance, { db, now, baseUrl }: SiteParts): void {
  site.get<{ Params: { entryId: string } }>('/entries/:entryId', async (request, reply) => {
    const { entryId } = request.params;
    const today = easternDay(now());
    const { on = today } = readQuery(filters, request.query);
    const changes = await readEntryChanges(db, entryId);
    if (changes.length === 0) return reply.callNotFound();
    const listed = await entryAsOf(db, entryId, on);
    const entry = listed ?? (await findEntry(db, entryId)) ?? lastText(changes);
    const html = renderEntryPage(
      {
        ...{ entry, on, today, changes },
        isListed: listed !== null,
        namesakes: (await entriesOfName(db, entry.name)).filter((one) => one.entryId !== entryId),
      },
      baseUrl,
    );
    return sendConditional(request, reply, represent('text/html; charset=utf-8', html, null));
  });
}

/** What an entry that is on no list said last. */
function lastText(changes: readonly TracedChange[]): Entry {
  const { entryId, list, destination, country, before, after } = changes.findLast(
    (change) => (change.after ?? change.before) !== null,
  )!;
  return { ...(after ?? before)!, entryId, list, destination, country };
}
