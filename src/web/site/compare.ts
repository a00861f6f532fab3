import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addDays, easternDay, laterOf } from '../../days.ts';
import { diffStates } from '../../list/diff.ts';
import { LIST_NAMES, type ListName } from '../../model.ts';
import { renderCsv } from '../../render/csv.ts';
import { latestSeq } from '../../store/changes.ts';
import { earliestDay } from '../../store/entries.ts';
import { represent, sendConditional } from '../conditional.ts';
import { type CompareFacts, renderComparePage, toChange } from '../pages/compare.ts';
import { dayFilter, listFilter, readQuery } from './read-query.ts';
import { COSTLY, FILE, type SiteParts } from './site-parts.ts';

/** How far back the comparison begins where no day is named. */
const DAYS_BACK = 30;

const filters = {
  list: listFilter.optional(),
  from: dayFilter.optional(),
  to: dayFilter.optional(),
  page: z.coerce.number('must be a number').int().min(1).max(10_000).optional(),
};

/** Adds the comparison of a list on two days, as a page and as CSV. */
export function addCompare(site: FastifyInstance, parts: SiteParts): void {
  const { baseUrl } = parts;
  site.get('/compare', COSTLY, async (request, reply) => {
    const html = renderComparePage(await compare(parts, request.query), baseUrl);
    return sendConditional(request, reply, represent('text/html; charset=utf-8', html, null));
  });

  site.get('/compare/differences.csv', FILE, async (request, reply) => {
    const { list, from, to, compared } = await compare(parts, request.query);
    const csv = renderCsv((compared?.differences ?? []).map(toChange));
    reply.header('content-disposition', `attachment; filename="${list}-${from}-to-${to}.csv"`);
    return sendConditional(request, reply, represent('text/csv; charset=utf-8', csv, null));
  });
}

async function compare(parts: SiteParts, asked: unknown): Promise<CompareFacts> {
  const { db, snapshotOf } = parts;
  const { page = 1, ...query } = readQuery(filters, asked);
  const list = query.list ?? (await firstLoaded(parts));
  const since = await earliestDay(db, list);
  const today = easternDay(parts.now());
  const to = query.to ?? today;
  const from = query.from ?? laterOf(addDays(to, -DAYS_BACK), since ?? '');
  const isSwapped = from > to;
  const [first, last] = isSwapped ? [to, from] : [from, to];
  const facts = { list, from: first, to: last, today, isSwapped, since, page };
  if (since === null || first < since || last > today) return { ...facts, compared: null };
  const seq = await latestSeq(db);
  const [before, after] = [
    await snapshotOf(list, { on: first, knownAt: null, seq }),
    await snapshotOf(list, { on: last, knownAt: null, seq }),
  ];
  // Equal hashes are equal lists.
  const differences = before.stateHash === after.stateHash ? [] : diffStates(before.entries, after.entries);
  return { ...facts, compared: { before: before.entries, after: after.entries, differences } };
}

async function firstLoaded({ db }: SiteParts): Promise<ListName> {
  for (const list of LIST_NAMES) if ((await earliestDay(db, list)) !== null) return list;
  return LIST_NAMES[0]!;
}
