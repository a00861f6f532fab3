import type { FastifyInstance } from 'fastify';
import { isBusinessDay } from '../../calendar.ts';
import { easternDay } from '../../days.ts';
import type { ChangeSet } from '../../model.ts';
import { changeSetsOf, findChangeSet, latestChangeSets } from '../../store/change-sets.ts';
import { listDocuments } from '../../store/documents.ts';
import { countEntries } from '../../store/entries.ts';
import { listFilings } from '../../store/filings.ts';
import { readChangeSets } from '../../store/read-change-sets.ts';
import { sourceLags } from '../../store/source-lags.ts';
import { listSourceStates } from '../../store/source-state.ts';
import { represent, sendConditional } from '../conditional.ts';
import { renderTodayPage } from '../pages/today.ts';
import type { SiteParts } from './site-parts.ts';
import { viewSources } from './sources.ts';
import { sumUp } from './sum-up.ts';

const LATEST = 8;
const MOST_OPEN = 50;
const DAY_MS = 86_400_000;

/** Adds the first page: what changed last, what is open, and whether silence can be trusted. */
export function addToday(site: FastifyInstance, parts: SiteParts): void {
  const { db, now, baseUrl, everyMs } = parts;
  const findAll = async (ids: readonly (string | null)[]): Promise<ChangeSet[]> => {
    const found: ChangeSet[] = [];
    for (const id of ids) {
      const changeSet = id === null ? null : await findChangeSet(db, id);
      if (changeSet !== null) found.push(changeSet);
    }
    return found;
  };

  site.get('/', async (request, reply) => {
    const at = now();
    const day = easternDay(at);
    const since = new Date(Date.parse(at) - 2 * DAY_MS).toISOString();
    const recent = await readChangeSets(db, { since }, { order: 'newest', limit: MOST_OPEN });
    const filings = await listFilings(db, { status: ['provisional', 'overdue'], limit: MOST_OPEN });
    const held: ChangeSet[] = [];
    for (const { number, publishedOn } of await listDocuments(db, { status: 'held', limit: MOST_OPEN })) {
      const last = (await changeSetsOf(db, number, publishedOn)).at(-1);
      if (last !== undefined) held.push(last);
    }
    const today = recent.filter(({ knownAt }) => easternDay(knownAt) === day);
    const known = new Set(today.map(({ changeSetId }) => changeSetId));
    const latest = await latestChangeSets(db, { limit: LATEST + today.length, includeBaseline: true });
    const html = renderTodayPage(
      {
        now: at,
        day,
        isBusinessDay: isBusinessDay(day),
        today: await sumUp(parts, today),
        provisional: await sumUp(parts, await findAll(filings.map(({ changeSetId }) => changeSetId))),
        held: await sumUp(parts, held),
        latest: await sumUp(
          parts,
          latest.filter(({ changeSetId }) => !known.has(changeSetId)).slice(0, LATEST),
        ),
        sources: viewSources(await listSourceStates(db), at, everyMs, await sourceLags(db)),
        listCounts: await countEntries(db),
      },
      baseUrl,
    );
    return sendConditional(request, reply, represent('text/html; charset=utf-8', html, null));
  });
}
