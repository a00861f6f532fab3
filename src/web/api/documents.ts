import { z } from 'zod';
import { changeSetsOf } from '../../store/change-sets.ts';
import { findDocument, type StoredDocument } from '../../store/documents.ts';
import { readDocuments } from '../../store/read-documents.ts';
import { Problem } from '../problem.ts';
import { requireReader } from './caller.ts';
import { defined } from './change-sets.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { Document, day, documentNumber, limit } from './schemas.ts';

const query = z.strictObject({
  before: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}~[\w-]{1,40}$/u, 'must be the “next” of the page before')
    .optional()
    .meta({ description: 'The “next” of the page before.' }),
  limit: limit(1_000, 100),
  status: Document.shape.status.optional(),
  since: day.optional().meta({ description: 'Published on this day or later.' }),
  until: day.optional(),
});
const Documents = z
  .object({ documents: z.array(Document), next: z.string().nullable() })
  .meta({ id: 'Documents' });

/** Adds /documents: what was looked at, and what became of it, also where that changed nothing. */
export function addDocuments(server: ApiServer, context: ApiContext): void {
  const { db } = context;
  const tags = ['documents'];
  const preValidation = requireReader(context);

  server.get(
    '/documents',
    {
      preValidation,
      schema: {
        tags,
        summary: 'What was looked at, newest first, and what became of it',
        querystring: query,
        response: { 200: Documents },
      },
    },
    async (request) => {
      const { before, limit: most, ...filter } = request.query;
      const [publishedOn, number] = before?.split('~') ?? [];
      const behind = publishedOn && number ? { behind: { publishedOn, number } } : {};
      const found = await readDocuments(db, defined(filter), { limit: most + 1, ...behind });
      const shown = found.slice(0, most);
      const last = shown.at(-1);
      return {
        documents: shown.map((document) => present(document, document.changeSetIds)),
        next: found.length > most && last ? `${last.publishedOn}~${last.number}` : null,
      };
    },
  );

  server.get(
    '/documents/:number',
    {
      preValidation,
      schema: {
        tags,
        summary: 'One document',
        params: z.object({ number: documentNumber }),
        querystring: z.strictObject({
          publishedOn: day
            .optional()
            .meta({ description: 'Where a number was used twice; the newest unless told.' }),
        }),
        response: { 200: Document },
      },
    },
    async (request) => {
      const document = await findDocument(db, request.params.number, request.query.publishedOn ?? null);
      if (document === null) throw new Problem('not-found', 'This document was not looked at.');
      const sets = await changeSetsOf(db, document.number, document.publishedOn);
      return present(
        document,
        sets.map(({ changeSetId }) => changeSetId),
      );
    },
  );
}

function present(document: StoredDocument, changeSetIds: string[]) {
  const { head, status, statusReason, verdict, firstSeenAt, lastCheckedAt } = document;
  return { ...head, status, statusReason, verdict, firstSeenAt, lastCheckedAt, changeSetIds };
}
