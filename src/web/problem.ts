import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS, type ProblemCode } from './problems.ts';

/** A refusal with its problem document; thrown by routes, answered by `answerError`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string;
  readonly headers: Record<string, string>;

  constructor(code: ProblemCode, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }
}

/** Answers with a problem document (RFC 9457). Its type is the address of a page that explains it. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, detail, headers }: Pick<Problem, 'code' | 'detail'> & { headers?: Record<string, string> },
): FastifyReply {
  const { status, title } = PROBLEMS[code];
  // The path alone: the query may hold what a client did not mean to see in logs.
  const instance = request.url.split('?')[0];
  const body = { type: `/problems/${code}`, title, status, detail, instance };
  return reply
    .code(status)
    .headers(headers ?? {})
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => String(payload))
    .send(JSON.stringify(body));
}
