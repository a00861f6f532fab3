import { z } from 'zod';
import type { TracedChange } from '../../model.ts';
import { renderChangesPart } from '../../render/csv.ts';
import { latestSeq } from '../../store/changes.ts';
import { type ChangeFilter, readChanges } from '../../store/read-changes.ts';
import { requireReader } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { presentChange } from './present.ts';
import {
  Change,
  changeKind,
  destination,
  digits,
  documentNumber,
  flag,
  id,
  limit,
  listName,
  listOf,
} from './schemas.ts';
import { sendRows } from './send-rows.ts';

const filter = {
  list: listOf(listName).optional(),
  destination: listOf(destination).optional(),
  kind: listOf(changeKind).optional(),
  document: documentNumber.optional(),
  changeSet: id.optional(),
  baseline: flag.meta({ description: 'Whether the first load of each list counts too.' }),
};
const after = digits
  .default(0)
  .meta({ description: 'Last sequence number that you have; 0 for none.', example: '0' });
const page = z.strictObject({ after, limit: limit(1_000, 100), ...filter });
const bulk = z.strictObject({ after, ...filter });

const Changes = z
  .object({
    changes: z.array(Change),
    next: z
      .int()
      .nullable()
      .meta({ description: 'Ask for after=next to go on; null where nothing is left now.' }),
    latest: z.int().meta({
      description:
        'Everything up to this number was looked through. Where next is null, ask for after=latest later.',
    }),
  })
  .meta({ id: 'Changes' });

const PART = 1_000;

/** Adds /changes: every change of every list in one order, without a cap over the whole. */
export function addChanges(server: ApiServer, context: ApiContext): void {
  const { db } = context;
  const tags = ['changes'];
  const preValidation = requireReader(context);

  server.get(
    '/changes',
    {
      preValidation,
      schema: {
        tags,
        summary: 'Changes after a sequence number',
        description: 'Ascending. Follow “next” for all of them: there is no cap over the whole.',
        querystring: page,
        response: { 200: Changes },
      },
    },
    async ({ query }) => {
      // The latest number is read first: a change that comes in between is then on this page or on the next.
      const known = await latestSeq(db);
      const changes = await readChanges(db, query, filterOf(query));
      const last = changes.at(-1)?.seq ?? 0;
      const next = changes.length === query.limit && last < known ? last : null;
      return { changes: changes.map(presentChange), next, latest: Math.max(known, last) };
    },
  );

  for (const [format, type, render] of [
    ['ndjson', 'application/x-ndjson', renderLines],
    ['csv', 'text/csv', renderChangesPart],
  ] as const) {
    server.get(
      `/changes.${format}`,
      {
        preValidation,
        schema: {
          tags,
          summary: `All changes as ${format === 'csv' ? 'CSV for a spreadsheet' : 'JSON, one a line'}`,
          querystring: bulk,
          response: { 200: { description: 'The changes', content: { [type]: { schema: z.string() } } } },
        },
      },
      async (request, reply) => {
        const upTo = await latestSeq(db);
        const { query } = request;
        reply.header('elwatch-latest', String(upTo));
        return sendRows(request, reply, {
          type,
          fileName: `entity-list-changes.${format}`,
          version: JSON.stringify([upTo, query]),
          async *parts() {
            let from = query.after;
            for (let isFirst = true; ; isFirst = false) {
              const part = await readChanges(db, { after: from, upTo, limit: PART }, filterOf(query));
              if (isFirst || part.length > 0) yield render(part, isFirst);
              if (part.length < PART) return;
              from = part.at(-1)!.seq;
            }
          },
        });
      },
    );
  }
}

function renderLines(changes: readonly TracedChange[]): string {
  return changes.map((change) => `${JSON.stringify(presentChange(change))}\n`).join('');
}

function filterOf(query: Omit<z.output<typeof bulk>, 'after'>): ChangeFilter {
  const { list, destination: countries, kind, document, changeSet, baseline } = query;
  return {
    ...(list === undefined ? {} : { lists: list }),
    ...(countries === undefined ? {} : { countries }),
    ...(kind === undefined ? {} : { kinds: kind }),
    ...(document === undefined ? {} : { document }),
    ...(changeSet === undefined ? {} : { changeSetId: changeSet }),
    includeBaseline: baseline === 'true',
  };
}
