import { z } from 'zod';
import { easternDay, isDay } from '../../days.ts';
import { foldName } from '../../fold.ts';
import { LIST_NAMES, type Entry as ListEntry } from '../../model.ts';
import { renderListPart } from '../../render/csv.ts';
import { latestSeq } from '../../store/changes.ts';
import { earliestDay, findEntry } from '../../store/entries.ts';
import { readEntryChanges } from '../../store/read-changes.ts';
import type { ListSnapshot, SnapshotAt } from '../list-snapshots.ts';
import { Problem } from '../problem.ts';
import { requireReader } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { presentChange, presentEntry } from './present.ts';
import { Change, day, destination, Entry, flag, id, instant, limit, listName, listOf } from './schemas.ts';
import { sendRows } from './send-rows.ts';

const wanted = {
  list: listOf(listName).optional(),
  destination: listOf(destination).optional(),
  q: z.string().max(200).optional().meta({
    description: 'Stands in a name, an alias or an address, whatever case, accents or marks.',
    example: 'institute',
  }),
  asOf: day.optional().meta({ description: 'The day on which it had legal effect; today unless told.' }),
  knownAt: instant.optional().meta({ description: 'Only what we knew at this instant.' }),
  includePending: flag.meta({
    description:
      'Whether what is ordered and not in effect yet counts: the state that stateHashes of change sets speak of. Not with asOf.',
  }),
};
const cursor = z
  .string()
  .regex(/^[\w-]{1,80}$/u, 'must be the “next” of the page before')
  .optional()
  .meta({ description: 'The “next” of the page before.' });
const page = z.strictObject({ cursor, limit: limit(1_000, 100), ...wanted });
const bulk = z.strictObject(wanted);
type Wanted = z.output<typeof bulk>;

const Entries = z
  .object({
    asOf: z.string().nullable().meta({ description: 'Null where what is pending counts.' }),
    knownAt: z.string().nullable(),
    latest: z.int().meta({ description: 'The last change that counts: go on with /changes?after=latest.' }),
    lists: z
      .array(z.object({ list: listName, entries: z.int(), stateHash: z.string() }))
      .meta({ description: 'The whole lists that were looked through.' }),
    matching: z.int(),
    entries: z.array(Entry),
    next: z.string().nullable(),
  })
  .meta({ id: 'Entries' });
const EntryHistory = z
  .object({
    entry: Entry.nullable().meta({ description: 'Null where it is on no list.' }),
    changes: z.array(Change),
  })
  .meta({ id: 'EntryHistory' });

const PART = 500;

/** Adds /entries: the lists on any day, as we knew them at any time, whole or in part. */
export function addEntries(server: ApiServer, context: ApiContext): void {
  const { db, now } = context;
  const tags = ['entries'];
  const preValidation = requireReader(context);

  const settle = (query: Wanted, seq: number, on?: string | null): SnapshotAt => {
    if (query.includePending === 'true' && query.asOf !== undefined)
      throw new Problem('invalid-query', 'includePending: asks for what asOf leaves out');
    const today = on === undefined ? easternDay(now()) : on;
    return {
      on: query.includePending === 'true' ? null : (query.asOf ?? today),
      knownAt: query.knownAt ?? null,
      seq,
    };
  };

  server.get(
    '/entries',
    {
      preValidation,
      schema: {
        tags,
        summary: 'The lists on a day',
        description:
          'Follow “next” for all of them; the pages are of one state, whatever rule comes in between.',
        querystring: page,
        response: { 200: Entries },
      },
    },
    async ({ query }) => {
      const begun = query.cursor === undefined ? null : readCursor(query.cursor);
      const seq = begun?.seq ?? (await latestSeq(db));
      const at = settle(query, seq, begun?.on);
      const snapshots = await snapshotsOf(context, query, at);
      const found = snapshots.flatMap((snapshot) => select(snapshot, query));
      const from = begun?.offset ?? 0;
      const end = from + query.limit;
      return {
        asOf: at.on,
        knownAt: at.knownAt,
        latest: seq,
        lists: snapshots.map(({ list, entries, stateHash }) => ({
          list,
          entries: entries.length,
          stateHash,
        })),
        matching: found.length,
        entries: found.slice(from, end).map(presentEntry),
        next: end < found.length ? writeCursor({ seq, on: at.on, offset: end }) : null,
      };
    },
  );

  for (const [format, type, render] of [
    ['ndjson', 'application/x-ndjson', renderLines],
    ['csv', 'text/csv', renderListPart],
  ] as const) {
    server.get(
      `/entries.${format}`,
      {
        preValidation,
        schema: {
          tags,
          summary: `The lists as ${format === 'csv' ? 'CSV for a spreadsheet' : 'JSON, one entry a line'}`,
          querystring: bulk,
          response: { 200: { description: 'The entries', content: { [type]: { schema: z.string() } } } },
        },
      },
      async (request, reply) => {
        const { query } = request;
        const at = settle(query, await latestSeq(db));
        const snapshots = await snapshotsOf(context, query, at);
        reply.header('elwatch-latest', String(at.seq));
        return sendRows(request, reply, {
          type,
          fileName: `entity-list.${format}`,
          version: JSON.stringify([query, snapshots.map(({ list, stateHash }) => [list, stateHash])]),
          async *parts() {
            const found = snapshots.flatMap((snapshot) => select(snapshot, query));
            for (let start = 0; start === 0 || start < found.length; start += PART)
              yield render(found.slice(start, start + PART), start === 0);
          },
        });
      },
    );
  }

  server.get(
    '/entries/:entryId',
    {
      preValidation,
      schema: {
        tags,
        summary: 'One entry as it is now, with everything that happened to it',
        params: z.object({ entryId: id }),
        response: { 200: EntryHistory },
      },
    },
    async ({ params }) => {
      const changes = await readEntryChanges(db, params.entryId);
      if (changes.length === 0) throw new Problem('not-found', 'There never was such an entry.');
      const entry = await findEntry(db, params.entryId);
      return { entry: entry && presentEntry(entry), changes: changes.map(presentChange) };
    },
  );
}

async function snapshotsOf(
  { db, snapshotOf }: ApiContext,
  query: Wanted,
  at: SnapshotAt,
): Promise<ListSnapshot[]> {
  const snapshots: ListSnapshot[] = [];
  for (const list of query.list ?? LIST_NAMES) {
    const since = await earliestDay(db, list);
    if (since !== null && (at.on === null || at.on >= since)) {
      snapshots.push(await snapshotOf(list, at));
      continue;
    }
    // A list that nobody asked for by name may be one that is not kept here.
    if (query.list === undefined && (since === null || query.asOf === undefined)) continue;
    throw since === null
      ? new Problem('not-ready', `The ${list} is not loaded yet.`)
      : new Problem('invalid-query', `asOf: the ${list} is known from ${since} on`);
  }
  return snapshots;
}

function select({ entries, folded }: ListSnapshot, query: Wanted): readonly ListEntry[] {
  const { destination: countries, q } = query;
  const needle = q === undefined ? '' : foldName(q);
  // Marks alone fold to nothing, and would find everything.
  if (q !== undefined && q !== '' && needle === '') return [];
  if (needle === '' && countries === undefined) return entries;
  const texts = needle === '' ? null : folded();
  return entries.filter(
    (entry, at) =>
      (countries === undefined || (entry.country !== null && countries.includes(entry.country))) &&
      (texts === null || texts[at]!.includes(needle)),
  );
}

function renderLines(entries: readonly ListEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(presentEntry(entry))}\n`).join('');
}

interface Cursor {
  seq: number;
  on: string | null;
  offset: number;
}

function writeCursor({ seq, on, offset }: Cursor): string {
  return Buffer.from(`${seq},${on ?? ''},${offset}`).toString('base64url');
}

function readCursor(text: string): Cursor {
  const match = /^(\d{1,15}),(\d{4}-\d{2}-\d{2})?,(\d{1,9})$/u.exec(
    Buffer.from(text, 'base64url').toString('latin1'),
  );
  if (match === null || (match[2] !== undefined && !isDay(match[2])))
    throw new Problem('invalid-query', 'cursor: must be the “next” of the page before');
  return { seq: Number(match[1]), on: match[2] ?? null, offset: Number(match[3]) };
}
