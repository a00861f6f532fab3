import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { renderPlainPage } from './pages/plain.ts';

export const HTML = 'text/html; charset=utf-8';
/** Requests a minute of one address to pages with forms. */
const PER_MINUTE = 30;
const MOST_BYTES = 16 * 1024;

/** The fields of a form, each with all its values. */
export type Form = URLSearchParams;

/**
 * Adds pages that read forms, in a scope of their own: what is posted is read as a form and nothing else, requests are
 * limited by address, and no answer is stored by anybody.
 */
export function addFormScope(
  server: FastifyInstance,
  add: (scope: FastifyInstance) => void | Promise<void>,
  { perMinute = PER_MINUTE } = {},
): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MOST_BYTES },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store').header('x-robots-tag', 'noindex');
    });
    await scope.register(rateLimit, {
      timeWindow: 60_000,
      max: perMinute,
      errorResponseBuilder: (_request, { ttl }) => tooManyRequests(ttl),
    });
    await add(scope);
  });
}

/** What is told to who asks too often; `ttl` is how long that counts, in milliseconds. */
export function tooManyRequests(ttl: number): Error & { statusCode: number } {
  const seconds = Math.ceil(ttl / 1000);
  return Object.assign(new Error(`Too many requests. Try again in ${seconds} seconds.`), { statusCode: 429 });
}

/** Answers that a link is unknown, ended or void, without saying which. */
export function refuseLink(reply: FastifyReply, baseUrl: string): FastifyReply {
  const text = 'This link is not valid, or no longer. Use the link in a recent message.';
  return reply
    .code(404)
    .type(HTML)
    .send(renderPlainPage('Unknown link', text, baseUrl));
}
