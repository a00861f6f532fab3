import type { FastifyReply, FastifyRequest } from 'fastify';

/** Answers with a problem document (RFC 9457). */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: { status: number; code: string; title: string; detail: string },
): FastifyReply {
  const { status, code, title, detail } = problem;
  // The path alone: the query may hold what a client did not mean to see in logs.
  const instance = request.url.split('?')[0];
  const body = { type: `urn:elwatch:problem:${code}`, title, status, detail, instance };
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(body));
}
