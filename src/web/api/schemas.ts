import { z } from 'zod';
import { isDay } from '../../days.ts';
import { CHANGE_KINDS, LIST_NAMES } from '../../model.ts';
import { FIELD_LABELS } from '../../render/words.ts';
import { isDestination } from '../../subscription-request.ts';

/*
 * The words of the API. What is named here under an id is a component of /openapi.json. Objects leave out what they
 * do not name, so a column that is added to a table is not told by accident.
 */

export const day = z
  .string()
  .refine(isDay, 'must be a day such as 2025-03-28')
  .meta({ format: 'date', example: '2025-03-28' });
const dayOut = z.string().meta({ format: 'date' });
export const instantOut = z.string().meta({ format: 'date-time' });

/** An instant as a query gives it. RFC 3339 with a zone: without one nobody knows which is meant. */
export const instant = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/u,
    'must be an instant with a zone such as 2025-03-28T12:45:00Z',
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an instant such as 2025-03-28T12:45:00Z')
  .transform((text) => new Date(text).toISOString())
  .meta({ format: 'date-time', example: '2025-03-28T16:15:00Z' });

export const listName = z.enum(LIST_NAMES);
export const changeKind = z.enum(CHANGE_KINDS);

/** A whole number in a query: Number() would also take "", "1e3" and "0x1f". */
export const digits = z
  .string()
  .regex(/^\d{1,15}$/u, 'must be a whole number, 0 or more')
  .transform(Number);
export const limit = (most: number, usual: number) =>
  digits
    .pipe(z.number().min(1, `must be 1 to ${most}`).max(most, `must be 1 to ${most}`))
    .default(usual)
    .meta({ description: `Most items of one answer, 1 to ${most}.` });
export const flag = z.enum(['true', 'false']).default('false');

/** Codes of ISO 3166-1, and of 3166-2 for the regions that have headings of their own. */
export const destination = z
  .string()
  .regex(/^[A-Za-z]{2}(?:-[0-9A-Za-z]{1,3})?$/u, 'must be a country code such as CN')
  .transform((code) => code.toUpperCase())
  // An answer without entries would look like good news.
  .refine(isDestination, 'must be the code of a destination that there is, such as CN')
  .meta({ description: 'Country code of the destination.', example: 'CN' });
export const documentNumber = z
  .string()
  .regex(/^[\w-]{1,40}$/u, 'must be a document number such as 2025-05426')
  .meta({ example: '2025-05426' });
/** Ids are ours: letters, digits, and the marks that they are made of. */
export const id = z.string().regex(/^[\w.:-]{1,120}$/u, 'must be an id as an answer gave it');

/** Several values in one parameter, separated by commas. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .string()
    .max(2_000)
    .transform((text): unknown => text.split(','))
    .pipe(z.array(item) as z.ZodType<z.output<T>[], unknown>);
}

export const Citation = z
  .object({ volume: z.int(), page: z.int(), on: dayOut.nullable() })
  .meta({ id: 'Citation', description: 'A place in the Federal Register.' });

const entryText = {
  name: z.string(),
  aliases: z.array(z.string()),
  addresses: z.array(z.string()),
  seeAlso: z.array(z.string()).meta({ description: 'Destinations named by a “See alternate address” note.' }),
  licenseRequirement: z.string(),
  licenseReviewPolicy: z.string(),
  footnotes: z.array(z.int()),
  citations: z.array(Citation),
};
export const EntryText = z
  .object(entryText)
  .meta({ id: 'EntryText', description: 'What a row of the supplement says.' });

const place = {
  list: listName,
  destination: z.string().meta({ description: 'Heading as the supplement prints it.' }),
  country: z.string().nullable().meta({ description: 'ISO 3166 code of the destination, where known.' }),
};

export const Entry = z
  .object({
    entryId: z.string().meta({ description: 'Stays over renames and moves.' }),
    ...place,
    ...entryText,
    hash: z.string().meta({
      description:
        'SHA-256 of the JSON array [list, destination, name, aliases, addresses, seeAlso, licenseRequirement, licenseReviewPolicy, footnotes, [[volume, page, on], …]], without white space. The state hash of a list is the SHA-256 of these, sorted, one a line.',
    }),
  })
  .meta({ id: 'Entry' });

export const Locator = z
  .object({ instruction: z.string(), row: z.int().nullable(), page: z.int().nullable() })
  .meta({ id: 'Locator', description: 'Paragraph, table row and page of the document that made a change.' });

const Place = z.object({ destination: z.string(), country: z.string().nullable() }).meta({ id: 'Place' });

export const Change = z
  .object({
    seq: z.int().meta({ description: 'Place in the one sequence of all changes. Numbers only grow.' }),
    changeSetId: z.string(),
    document: z.string().nullable().meta({ description: 'Number of the document that made it.' }),
    publishedOn: dayOut.nullable(),
    kind: changeKind,
    entryId: z.string(),
    ...place,
    name: z.string(),
    before: EntryText.nullable(),
    after: EntryText.nullable(),
    fields: z.array(z.enum(Object.keys(FIELD_LABELS) as (keyof typeof FIELD_LABELS)[])),
    locator: Locator.nullable(),
    movedFrom: Place.nullable(),
    because: z.enum(['stay', 'delay', 'resume', 'expiry', 'correction']).nullable().meta({
      description: 'Null for an ordinary amendment.',
    }),
    ofSeq: z
      .int()
      .nullable()
      .meta({ description: 'The change that this one puts off, resumes or corrects.' }),
    effectiveOn: dayOut.meta({ description: 'Day of legal effect.' }),
    knownAt: instantOut.meta({ description: 'When we knew it.' }),
    text: z.string().meta({ description: 'The change in one plain sentence.' }),
  })
  .meta({ id: 'Change' });

const Check = z
  .object({
    name: z.string(),
    list: listName.nullable(),
    status: z.enum(['pass', 'fail', 'skip']),
    expected: z.union([z.number(), z.string()]).nullable(),
    found: z.union([z.number(), z.string()]).nullable(),
    message: z.string(),
  })
  .meta({ id: 'Check', description: 'One comparison of what a document states with what was read.' });

const Issue = z
  .object({
    code: z.string(),
    holds: z.boolean(),
    message: z.string(),
    excerpt: z.string().nullable(),
    locator: Locator.nullable(),
  })
  .meta({ id: 'Issue' });

/** Lists without a hash, or without entries, are left out. */
export const stateHashes = z
  .partialRecord(listName, z.string())
  .meta({ description: 'SHA-256 of the whole list, by list; see Entry.hash.' });

export const DocumentHead = z.object({
  number: z.string(),
  title: z.string(),
  type: z.string(),
  abstract: z.string().nullable(),
  dates: z.string().nullable(),
  citation: z.string().nullable(),
  volume: z.int().nullable(),
  startPage: z.int().nullable(),
  endPage: z.int().nullable(),
  publishedOn: dayOut.nullable(),
  effectiveOn: dayOut.nullable(),
  htmlUrl: z.string().nullable(),
  xmlUrl: z.string().nullable(),
  pdfUrl: z.string().nullable(),
  correctionOf: z.string().nullable(),
});

export const Document = DocumentHead.extend({
  status: z.enum(['new', 'provisional', 'applied', 'held', 'ignored', 'withdrawn']),
  statusReason: z.string().nullable(),
  verdict: z.enum(['verified', 'unverified', 'held']).nullable(),
  firstSeenAt: instantOut,
  lastCheckedAt: instantOut,
  changeSetIds: z.array(z.string()).meta({ description: 'Oldest first.' }),
}).meta({ id: 'Document' });

export const ChangeSet = z
  .object({
    changeSetId: z.string(),
    cause: z.enum(['rule', 'baseline', 'reparse']).meta({
      description: '“baseline” loads a list; “reparse” is a correction of our own.',
    }),
    outcome: z.enum(['applied', 'held', 'provisional', 'withdrawn']),
    title: z.string().meta({ description: 'The change set in one line.' }),
    document: z.string().nullable(),
    publishedOn: dayOut.nullable(),
    lists: z.array(listName),
    effectiveOn: dayOut,
    knownAt: instantOut,
    counts: z.partialRecord(changeKind, z.int()),
    firstSeq: z.int().nullable(),
    lastSeq: z.int().nullable(),
    follows: z.string().nullable().meta({ description: 'Change set that told of the same document before.' }),
    differences: z.array(z.string()).meta({ description: 'What was told before and is different now.' }),
    corrects: z.array(z.string()).meta({ description: 'Documents that it corrects.' }),
    stateHashes,
    url: z.string().meta({ description: 'Its page.' }),
  })
  .meta({ id: 'ChangeSet' });

export const WholeChangeSet = ChangeSet.extend({
  checks: z.array(Check),
  issues: z.array(Issue),
  stated: z
    .partialRecord(listName, z.unknown())
    .meta({ description: 'What the document states about itself.' }),
  changes: z.array(Change),
}).meta({ id: 'WholeChangeSet' });
