import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { easternDay } from '../../days.ts';
import { renderFoundPart } from '../../render/csv.ts';
import { renderFoundWorkbook } from '../../render/xlsx.ts';
import { everyDestination } from '../../store/destinations.ts';
import { presentEntry } from '../api/present.ts';
import { sendRows } from '../api/send-rows.ts';
import { etagOf, isFresh, represent, sendConditional } from '../conditional.ts';
import { renderListPage } from '../pages/list.ts';
import { type FoundEntries, findOnList, type ListQuery } from './find-entries.ts';
import { dayFilter, destinationFilter, listFilter, readQuery, textFilter } from './read-query.ts';
import { FILE, type SiteParts } from './site-parts.ts';

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Rows that are written at once. */
const PART = 500;

const filters = {
  list: listFilter.optional(),
  destination: destinationFilter.optional(),
  q: textFilter.optional(),
  terms: textFilter.optional(),
  footnote: z.coerce.number('must be a number').int('must be a number').min(1).max(99).optional(),
  on: dayFilter.optional(),
};
const paged = { ...filters, page: z.coerce.number('must be a number').int().min(1).max(10_000).optional() };

/** Adds the list: searched as it is typed, on any day that is known, and as files of what is found. */
export function addList(site: FastifyInstance, parts: SiteParts): void {
  site.get('/list', async (request, reply) => {
    const { page = 1, ...query } = readQuery(paged, request.query);
    // Whoever opens the list is about to search it: the first search after a rule takes half a second to prepare.
    if (query.q === undefined)
      reply.raw.once('finish', () => {
        // A failure is met again, and told, by the search itself.
        parts.actions.screen([], null).catch(() => undefined);
      });
    const result = await findOnList(parts, query);
    if (result.fault !== null)
      request.log.error({ error: result.fault }, 'similar names were not looked for');
    const html = renderListPage(
      {
        ...{ query, result },
        page,
        codes: await everyDestination(parts.db),
        today: easternDay(parts.now()),
      },
      parts.baseUrl,
    );
    return sendConditional(request, reply, represent('text/html; charset=utf-8', html, null));
  });

  const file = async (request: FastifyRequest, extension: string) => {
    const query = readQuery(filters, request.query);
    const result = await findOnList(parts, query);
    // A file has no place to say that it lacks something.
    if (result.fault !== null) throw new Error(result.fault);
    return { query, result, fileName: `entity-list-${result.on}.${extension}` };
  };

  site.get('/list/entries.csv', FILE, async (request, reply) => {
    const { query, result, fileName } = await file(request, 'csv');
    return sendRows(request, reply, {
      type: 'text/csv',
      fileName,
      version: versionOf(query, result),
      async *parts() {
        for (let start = 0; start === 0 || start < result.found.length; start += PART)
          yield renderFoundPart(result.found.slice(start, start + PART), start === 0);
      },
    });
  });

  site.get('/list/entries.json', FILE, async (request, reply) => {
    const { query, result, fileName } = await file(request, 'json');
    const entries = result.found.map(({ entry, startsOn, similar }) => ({
      ...presentEntry(entry),
      notInEffectBefore: startsOn,
      similarBecause: similar,
    }));
    const json = JSON.stringify({ asOf: result.on, filters: query, count: entries.length, entries }, null, 1);
    nameFile(reply, fileName);
    return sendConditional(request, reply, represent('application/json; charset=utf-8', json, null));
  });

  site.get('/list/entries.xlsx', FILE, async (request, reply) => {
    const { query, result, fileName } = await file(request, 'xlsx');
    // A workbook holds the time at which it was written; its content follows from what is found alone.
    const etag = etagOf(`xlsx ${versionOf(query, result)}`);
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (isFresh(request, etag)) return reply.code(304).send();
    nameFile(reply, fileName);
    return reply.type(WORKBOOK).send(await renderFoundWorkbook(result.found));
  });
}

/** Of what is similar, the reasons may change with the matcher. */
function versionOf(query: ListQuery, { version, found, exact }: FoundEntries): string {
  return JSON.stringify([query, version, found.slice(exact).map(({ similar }) => similar)]);
}

function nameFile(reply: FastifyReply, fileName: string): void {
  reply.header('content-disposition', `attachment; filename="${fileName}"`);
}
