import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** An answer that caches may keep and ask about. */
export interface Representation {
  type: string;
  body: string;
  /** Strong validator, from the bytes: equal bytes have equal tags on every machine. */
  etag: string;
  /** As the header says it; null where nothing is known. */
  lastModified: string | null;
}

/** Makes a representation of a body; `modifiedAt` is an instant. */
export function represent(type: string, body: string, modifiedAt: string | null): Representation {
  const lastModified = modifiedAt === null ? null : new Date(modifiedAt).toUTCString();
  return { type, body, etag: etagOf(body), lastModified };
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
  if (made.lastModified !== null) reply.header('last-modified', made.lastModified);
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
