import { z } from 'zod';
import { citationUrl } from '../../render/citation.ts';
import { requireScope } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { presentEntry } from './present.ts';
import { Entry } from './schemas.ts';

const text = (most: number) => z.string().trim().max(most);
const texts = (item: z.ZodType<string>, most: number) => z.array(item).max(most).default([]);
const MOST_NAMES = 1_000;

const ScreenName = z
  .strictObject({
    id: text(100).optional().meta({ description: 'Yours; the place in the request, from 0, unless told.' }),
    name: text(300).default(''),
    aliases: texts(text(300), 50),
    addresses: texts(text(300), 20),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}(?:-[0-9A-Za-z]{1,3})?$/u, 'must be a country code such as CN')
      .transform((code) => code.toUpperCase())
      .nullable()
      .default(null),
  })
  .refine((one) => one.name !== '' || one.addresses.length > 0, 'needs a name or an address');
const ScreenRequest = z
  .strictObject({
    names: z.array(ScreenName).min(1).max(MOST_NAMES, `must be at most ${MOST_NAMES}`),
    threshold: z.number().min(0.5).max(1).optional().meta({ description: 'Hits below it are left out.' }),
  })
  .meta({
    id: 'ScreenRequest',
    example: { names: [{ id: '17', name: 'Beijing Example Institute', country: 'CN' }] },
  });

const Hit = z
  .object({
    id: z.string().meta({ description: 'Of the name that was asked for.' }),
    score: z.number(),
    matched: z
      .object({ field: z.enum(['name', 'alias', 'address']), ours: z.string(), theirs: z.string() })
      .meta({ description: 'Which text of the list, and which of yours.' }),
    reasons: z.array(z.string()).meta({ description: 'Why, in words, the most telling first.' }),
    countryAgrees: z.boolean().nullable(),
    entry: Entry,
    url: z.string().nullable().meta({ description: 'The rule that the entry cites last.' }),
  })
  .meta({ id: 'Hit' });
const Screening = z
  .object({
    matcherVersion: z.string(),
    threshold: z.number(),
    latest: z.int().meta({ description: 'The last change that was known.' }),
    names: z.int(),
    hits: z.array(Hit).meta({ description: 'By name, the best first. Empty where nothing is like any.' }),
  })
  .meta({ id: 'Screening' });

/** Adds /screen: names and addresses against the lists as they are now. Nothing of what is sent is kept. */
export function addScreen(server: ApiServer, context: ApiContext): void {
  server.post(
    '/screen',
    {
      preValidation: requireScope('watchlists'),
      bodyLimit: 4 * 1024 * 1024,
      schema: {
        tags: ['screening'],
        summary: 'Compares names and addresses with the lists',
        description: `Up to ${MOST_NAMES} in one request. Nothing of what is sent is kept or logged. Needs a token with the scope “watchlists”.`,
        security: [{ token: [] }],
        body: ScreenRequest,
        response: { 200: Screening },
      },
    },
    async ({ body }) => {
      const queries = body.names.map((one, at) => ({ ...one, id: one.id ?? String(at) }));
      // Two of the same id would be told apart by nobody, so each is asked for by its place.
      const { hits, matcherVersion, threshold, lastSeq } = await context.actions.screen(
        queries.map((one, at) => ({ ...one, id: String(at) })),
        body.threshold ?? null,
      );
      return {
        matcherVersion,
        threshold,
        latest: lastSeq,
        names: queries.length,
        hits: hits.map(({ queryId, entry, score, matched, reasons, countryAgrees }) => {
          const citation = entry.citations.at(-1);
          return {
            id: queries[Number(queryId)]!.id,
            ...{ score, matched, reasons, countryAgrees },
            entry: presentEntry(entry),
            url: citation ? citationUrl(citation) : null,
          };
        }),
      };
    },
  );
}
