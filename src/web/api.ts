import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { represent, sendConditional } from './conditional.ts';
import { sendProblem } from './problem.ts';
import type { WebReader } from './web-reader.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** A query value is text; Number() would also take "", "1e3" and "0x1f". */
const digits = z
  .string()
  .regex(/^\d{1,15}$/u, 'must be a whole number, 0 or more')
  .transform(Number);

const changesQuery = z.strictObject({
  after: digits.default(0),
  limit: digits.pipe(z.number().min(1).max(1000)).default(100),
});
const documentsQuery = z.strictObject({ limit: digits.pipe(z.number().min(1).max(1000)).default(100) });

/** Adds the JSON API below /api/v1. */
export function addApi(server: FastifyInstance, reader: WebReader): void {
  server.get('/api/v1/changes', async (request, reply) => {
    const query = changesQuery.safeParse(request.query);
    if (!query.success) return refuseQuery(request, reply, query.error);
    const { after, limit } = query.data;
    // The latest number is read first: a change that comes in between is then on this page or on the next.
    const latest = await reader.latestSeq();
    const changes = await reader.changesAfter(after, limit);
    const last = changes.at(-1) ?? null;
    const next = last !== null && last.seq < latest ? last.seq : null;
    const body = JSON.stringify({ changes, next, latest });
    return sendConditional(request, reply, represent(JSON_TYPE, body, last?.knownAt ?? null));
  });

  server.get('/api/v1/documents', async (request, reply) => {
    const query = documentsQuery.safeParse(request.query);
    if (!query.success) return refuseQuery(request, reply, query.error);
    const documents = await reader.latestDocuments(query.data.limit);
    const body = JSON.stringify({
      documents: documents.map(({ head, status, changeSetIds }) => ({ ...head, status, changeSetIds })),
    });
    return sendConditional(request, reply, represent(JSON_TYPE, body, null));
  });
}

function refuseQuery(
  request: Parameters<typeof sendProblem>[0],
  reply: Parameters<typeof sendProblem>[1],
  error: z.ZodError,
) {
  const detail = error.issues
    .map((issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`)
    .join('; ');
  return sendProblem(request, reply, {
    status: 400,
    code: 'invalid-query',
    title: 'The query is not valid',
    detail: detail.slice(0, 500),
  });
}
