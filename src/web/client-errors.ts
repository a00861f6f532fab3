import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** What Node's parser of HTTP says, and how it is told; every other code is a request that cannot be read. */
const TOLD: Record<string, { code: ProblemCode; detail: string }> = {
  HPE_HEADER_OVERFLOW: { code: 'headers-too-large', detail: 'The headers are larger than 16 kB in all.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    code: 'body-too-large',
    detail: 'The extensions of a chunk are larger than 16 kB.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request-too-slow',
    detail: 'The request did not come whole in the time that it has.',
  },
};
const UNREADABLE = { code: 'bad-request', detail: 'What was sent is no request of HTTP/1.1.' } as const;
/** How long a client may take to read the answer and close; at once would cut the answer off (RFC 9112, 9.6). */
const LINGER_MS = 2_000;

/** Answers what no route ever sees, since it could not be read as a request. */
export interface ClientErrors {
  /** The `clientErrorHandler` of the server. */
  answer(error: Error & { code?: string }, socket: Socket): void;
  /** Notes which answers are under way, so that none is written into another. */
  follow(server: FastifyInstance): void;
}

/** Makes the answers of one server: a problem document with our headers, after which the connection ends. */
export function createClientErrors(): ClientErrors {
  const underWay = new WeakMap<object, { request: IncomingMessage; response: ServerResponse }>();
  const ending = new WeakSet<Socket>();
  return {
    follow(server) {
      server.addHook('onRequest', async ({ raw }, reply) => {
        underWay.set(raw.socket, { request: raw, response: reply.raw });
      });
    },
    answer({ code = '' }, socket) {
      // The parser goes on to complain about what follows.
      if (ending.has(socket)) return;
      ending.add(socket);
      const last = underWay.get(socket);
      // A fault behind a whole request must not be taken for its answer, nor one in its body for a part of that.
      const isOfAnother =
        last !== undefined &&
        !last.response.writableFinished &&
        (last.request.complete || last.response.headersSent);
      if (code === 'ECONNRESET' || !socket.writable || isOfAnother) {
        socket.destroy();
        return;
      }
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      timer.unref();
      socket.once('close', () => clearTimeout(timer));
      socket.on('error', () => socket.destroy());
      socket.end(write(TOLD[code] ?? UNREADABLE));
    },
  };
}

function write({ code, detail }: { code: ProblemCode; detail: string }): string {
  const { status, title } = PROBLEMS[code];
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, detail });
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    date: new Date().toUTCString(),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n');
}
