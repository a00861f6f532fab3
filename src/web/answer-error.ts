import type { FastifyReply, FastifyRequest } from 'fastify';
import { ElwatchError, errorLine } from '../errors.ts';
import { isDatabaseAway } from '../store/database-away.ts';
import { describeFaults, type SchemaFault } from './describe-faults.ts';
import { Problem, sendProblem } from './problem.ts';
import type { ProblemCode } from './problems.ts';

/** What other layers refuse, as a problem: by the code of the error, and else by its last word. */
const OF_CODE: Record<string, ProblemCode> = {
  'target-not-public': 'invalid-body',
  'no-signing-secret': 'conflict',
  'address-suppressed': 'conflict',
  'watchlist-in-use': 'conflict',
  'watchlist-replaced': 'conflict',
  'watchlist-overtaken': 'conflict',
  'watchlist-no-name': 'invalid-body',
  'watchlist-two-columns': 'invalid-body',
  'watchlist-unreadable': 'invalid-body',
  'watchlist-too-many-rows': 'invalid-body',
  'too-many-hits': 'conflict',
  'no-list': 'not-ready',
};
const OF_FORM: [RegExp, ProblemCode][] = [
  [/^(?:invalid|unknown)-|^too-many-|-too-(?:large|long|many)$/u, 'invalid-body'],
  [/-exists$/u, 'conflict'],
  [/-unknown$/u, 'not-found'],
];
/** Fastify's own refusals. */
const OF_STATUS: Record<number, ProblemCode> = {
  404: 'not-found',
  408: 'request-too-slow',
  413: 'body-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

/** The server of the database is down, starts, or takes no writes after a failover. */
export const DATABASE_AWAY = {
  code: 'not-ready',
  detail: 'The database does not answer, or takes no writes now. Nothing was changed.',
  headers: { 'retry-after': '5' },
} as const;

/** Answers whatever a route of the API threw with a problem document; what is our fault is logged and not told. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return sendProblem(request, reply, error);
  if (error instanceof ElwatchError) {
    const code = OF_CODE[error.code] ?? OF_FORM.find(([form]) => form.test(error.code))?.[1];
    if (code !== undefined) return sendProblem(request, reply, { code, detail: detailOf(error) });
  }
  const { statusCode, validation, validationContext, message } = error as Error & {
    statusCode?: number;
    validation?: SchemaFault[];
    validationContext?: string;
  };
  if (validation !== undefined)
    return sendProblem(request, reply, {
      code: validationContext === 'body' ? 'invalid-body' : 'invalid-query',
      detail: describeFaults(validation, validationContext ?? 'body', request),
    });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return sendProblem(request, reply, { code: OF_STATUS[statusCode] ?? 'bad-request', detail: message });
  request.log.error({ error: errorLine(error) }, 'request failed');
  if (isDatabaseAway(error)) return sendProblem(request, reply, DATABASE_AWAY);
  if (error instanceof ElwatchError && error.retry)
    return sendProblem(request, reply, {
      code: 'not-ready',
      detail: 'The service cannot answer now.',
      headers: { 'retry-after': '30' },
    });
  // What went wrong inside is for the log; it may name hosts or hold data.
  return sendProblem(request, reply, {
    code: 'internal',
    detail: 'The fault is on our side and has been logged.',
  });
}

function detailOf({ message, hint }: ElwatchError): string {
  return `${sentence(message)} ${sentence(hint)}`.slice(0, 700);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/u.test(text) ? '' : '.'}`;
}
