import type { FastifyInstance } from 'fastify';
import { easternDay } from '../../days.ts';
import { LIST_NAMES, type ListName } from '../../model.ts';
import { latestSeq } from '../../store/changes.ts';
import { earliestDay } from '../../store/entries.ts';
import { countedChanges, followedRules, leadTimes } from '../../store/figures.ts';
import { represent, sendConditional } from '../conditional.ts';
import { renderChartsPage } from '../pages/charts.ts';
import { changesPerMonth, entriesOverTime, type MonthCounts, type PlaceSeries } from './chart-data.ts';
import { listFilter, readQuery } from './read-query.ts';
import type { SiteParts } from './site-parts.ts';

/** Destinations with a line of their own; more could not be told apart. */
const MOST_PLACES = 5;
/** Rules with a bar of their own, the newest. */
const MOST_RULES = 20;

interface Counted {
  places: PlaceSeries[];
  months: MonthCounts[];
}

/** Adds the charts, each with the numbers that it is drawn from. */
export function addCharts(site: FastifyInstance, { db, now, baseUrl }: SiteParts): void {
  // Counting takes every change of a list; changes are append-only, so the last number says whether it still holds.
  const kept = new Map<ListName, { key: string; counted: Promise<Counted> }>();
  const count = async (list: ListName, today: string): Promise<Counted> => {
    const changes = await countedChanges(db, list, today);
    return { places: entriesOverTime(changes, MOST_PLACES), months: changesPerMonth(changes, today) };
  };
  const countOnce = async (list: ListName, today: string): Promise<Counted> => {
    const key = `${await latestSeq(db)} ${today}`;
    const known = kept.get(list);
    if (known?.key === key) return known.counted;
    const counted = count(list, today);
    kept.set(list, { key, counted });
    // A failure is not kept.
    counted.catch(() => kept.delete(list));
    return counted;
  };
  site.get('/charts', async (request, reply) => {
    const query = readQuery({ list: listFilter.optional() }, request.query);
    const today = easternDay(now());
    let list = query.list;
    for (const one of LIST_NAMES) if (list === undefined && (await earliestDay(db, one)) !== null) list = one;
    list ??= LIST_NAMES[0]!;
    const html = renderChartsPage(
      {
        ...{ list, today },
        ...(await countOnce(list, today)),
        leads: await leadTimes(db, MOST_RULES),
        followed: await followedRules(db, MOST_RULES),
      },
      baseUrl,
    );
    return sendConditional(request, reply, represent('text/html; charset=utf-8', html, null));
  });
}
