import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf, isFresh } from '../conditional.ts';

/** A table of any length, told part by part. */
export interface Rows {
  type: 'application/x-ndjson' | 'text/csv';
  fileName: string;
  /** What its content follows from: equal where the content is equal. */
  version: string;
  parts(): AsyncIterable<string>;
}

/**
 * Streams a table, and keeps no more of it in memory than a part. A fault on the way cuts the connection, so that half
 * a table is never taken for a whole one.
 */
export function sendRows(request: FastifyRequest, reply: FastifyReply, rows: Rows): FastifyReply {
  const etag = etagOf(`${rows.type} ${rows.fileName} ${rows.version}`);
  reply.header('etag', etag);
  if (isFresh(request, etag)) return reply.code(304).send();
  reply
    .type(`${rows.type}; charset=utf-8`)
    .header('content-disposition', `attachment; filename="${rows.fileName}"`);
  if (request.method === 'HEAD') return reply.send('');
  return reply.send(Readable.from(rows.parts(), { objectMode: false, highWaterMark: 64 * 1024 }));
}
