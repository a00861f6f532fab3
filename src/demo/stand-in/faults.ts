import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Reply, replyHtml, replyJson, replyNotFound } from './reply.ts';

/**
 * What can go wrong with an answer. A number is a status as the site gives it (403 and 503 are pages, 404 is the
 * API's own, 429 says Retry-After: 1); `{ status, retryAfter, html }` says more. `truncate` and `truncate-gzip`
 * cut the true answer; `slow` sends it after two seconds, `stall` sends nothing and `stall-body` one byte; `huge` and
 * `gzip-bomb` send 1 GB.
 */
export type Fault =
  | number
  | { status: number; retryAfter?: number | string; html?: boolean }
  | `redirect:${string}`
  | 'request-access-html'
  | 'wrong-type'
  | 'empty'
  | 'truncate'
  | 'truncate-gzip'
  | 'slow'
  | 'stall'
  | 'stall-body'
  | 'huge'
  | 'gzip-bomb'
  | 'reset'
  | 'invalid-json'
  | 'no-results-key'
  | 'paging-reset';

const MEGABYTE = 1024 * 1024;
const SLOW_MS = 2_000;

/** The answer in place of the true one, for faults that are answers; null for those in how it is sent. */
export function replyFaulty(fault: Fault, reply: Reply): Reply | null {
  if (typeof fault === 'number')
    return replyStatus(fault, fault === 429 ? 1 : undefined, fault === 403 || fault === 503);
  if (typeof fault === 'object') return replyStatus(fault.status, fault.retryAfter, fault.html ?? false);
  if (fault.startsWith('redirect:'))
    return {
      status: 302,
      type: 'text/html',
      body: Buffer.from('Moved'),
      headers: { location: fault.slice('redirect:'.length) },
    };
  if (fault === 'request-access-html') return replyHtml('Federal Register :: Request Access', 200);
  if (fault === 'wrong-type') return { ...reply, type: 'image/png' };
  if (fault === 'empty') return { ...reply, body: Buffer.alloc(0) };
  if (fault === 'invalid-json')
    return { ...reply, body: reply.body.subarray(0, Math.ceil(reply.body.length / 2)) };
  if (fault === 'no-results-key') return replyJson({ count: 5, description: 'Documents' });
  return null;
}

function replyStatus(status: number, retryAfter: number | string | undefined, html: boolean): Reply {
  const reply = html
    ? replyHtml(`${status} refused`, status)
    : status === 404
      ? replyNotFound()
      : replyJson(
          { status, message: status === 500 ? 'Internal Server Error' : `refused with ${status}` },
          status,
        );
  return retryAfter === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfter) } };
}

/** Sends an answer the faulty way; false for a fault that is none of sending. */
export async function sendFaulty(fault: Fault, reply: Reply, response: ServerResponse): Promise<boolean> {
  const { body } = reply;
  const begin = (headers: Record<string, string | number>) =>
    response.writeHead(200, { 'content-type': reply.type, ...headers });
  if (fault === 'stall') return true;
  if (fault === 'slow') await wait(SLOW_MS);
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
  } else if (fault === 'stall-body') {
    begin({ 'content-length': body.length });
    response.write(body.subarray(0, 1));
  } else if (fault === 'truncate') {
    begin({ 'content-length': body.length });
    response.write(body.subarray(0, Math.ceil(body.length / 2)));
    // The other side must see the half before it sees the end.
    await wait(20);
    response.socket?.destroy();
  } else if (fault === 'truncate-gzip') {
    const cut = gzipSync(body).subarray(0, -20);
    begin({ 'content-encoding': 'gzip', 'content-length': cut.length });
    response.end(cut);
  } else if (fault === 'huge') {
    begin({});
    await pour(response, Buffer.alloc(MEGABYTE, 0x20), 1024);
  } else if (fault === 'gzip-bomb') {
    begin({ 'content-encoding': 'gzip' });
    // Members of a gzip stream that follow each other decode as one text.
    await pour(response, gzipSync(Buffer.alloc(8 * MEGABYTE, 0x20)), 128);
  } else return false;
  return true;
}

async function pour(response: ServerResponse, chunk: Buffer, times: number): Promise<void> {
  // The other side is expected to hang up in the middle.
  await pipeline(Readable.from(Array.from({ length: times }, () => chunk)), response).catch(() => {});
}
