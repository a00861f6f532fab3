import type { FastifyInstance } from 'fastify';
import { etagOf, isFresh } from '../conditional.ts';

/**
 * Gives every answer to GET and HEAD its validator, made of its bytes, and answers 304 to who has them (RFC 9110,
 * 13.1). What streams sets its own.
 */
export function addValidators(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      return payload;
    }
    if (reply.statusCode !== 200) return payload;
    if (!reply.hasHeader('cache-control'))
      reply.header('cache-control', request.caller === null ? 'no-cache' : 'private, no-cache');
    if (typeof payload !== 'string' || reply.hasHeader('etag')) return payload;
    const etag = etagOf(payload);
    reply.header('etag', etag);
    if (!isFresh(request, etag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  });
}
