import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** An answer that caches may keep and ask about. */
export interface Representation {
  type: string;
  body: string;
  /** Strong validator, from the bytes: equal bytes have equal tags on every machine. */
  etag: string;
  modifiedAt: string | null;
}

/** Makes a representation of a body. */
export function represent(type: string, body: string, modifiedAt: string | null): Representation {
  return { type, body, etag: etagOf(body), modifiedAt };
}

/** The validator of some bytes, or of what they follow from. */
export function etagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

/** Answers with the body, or with 304 where the client has it already (RFC 9110, 13.1). */
export function sendConditional(
  request: FastifyRequest,
  reply: FastifyReply,
  made: Representation,
  cacheControl = 'no-cache',
): FastifyReply {
  reply.header('etag', made.etag).header('cache-control', cacheControl);
  if (made.modifiedAt !== null) reply.header('last-modified', new Date(made.modifiedAt).toUTCString());
  if (isFresh(request, made.etag)) return reply.code(304).send();
  return reply.type(made.type).send(made.body);
}

/** Whether the client has what bears this tag. */
export function isFresh(request: FastifyRequest, etag: string): boolean {
  const tags = request.headers['if-none-match'];
  if (tags !== undefined) {
    // Weak comparison: a proxy that compresses turns our tag into W/"…".
    const list = tags.split(',').map((tag) => tag.trim().replace(/^W\//u, ''));
    return list.includes('*') || list.includes(etag);
  }
  // If-Modified-Since is left aside: its whole seconds would hide a second rule of the same second.
  return false;
}
