import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route that takes a file of up to 50 MB, which a slow line needs minutes for. */
    isUpload?: boolean;
  }
  interface FastifyInstance {
    /** Takes one of the few places for uploads, and answers how to give it back. Throws Problem `uploads-busy`. */
    takeUploadPlace(): () => void;
  }
}

/** How long the headers of a request may take, and the body of one that is no upload. */
export const REQUEST_MS = 30_000;
/** How long an upload may take: 50 MB at 90 kB a second. */
export const UPLOAD_MS = 600_000;
/** So much must come in each 30 seconds of it, or a trickle would hold a place for the whole time. */
const UPLOAD_LEAST_BYTES = 64 * 1024;
/** Each is spooled, read and compared: in sum they must leave the service its memory and its disk. */
const MOST_UPLOADS = 2;

/**
 * Bounds the time that a body may take, for each route by what it reads. The server knows one such time for all of
 * them, which must be the longest.
 */
export function addUploadLimits(server: FastifyInstance): void {
  let uploads = 0;
  server.decorate('takeUploadPlace', () => {
    if (uploads >= MOST_UPLOADS)
      throw new Problem(
        'uploads-busy',
        `${MOST_UPLOADS} files are being taken in. Send this one again later.`,
        {
          'retry-after': '30',
          // Nobody waits for the rest of this one.
          connection: 'close',
        },
      );
    uploads += 1;
    let isHeld = true;
    return () => {
      if (isHeld) uploads -= 1;
      isHeld = false;
    };
  });

  server.addHook('onRequest', async (request, reply) => {
    const { raw, headers } = request;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
    const isUpload = request.routeOptions.config.isUpload === true;
    const { socket } = raw;
    const before = socket.bytesRead;
    let told = before;
    let elapsedMs = 0;
    const look = setInterval(() => {
      // A request that is injected has no "complete".
      if (raw.complete || raw.readableEnded) {
        clearInterval(look);
        return;
      }
      elapsedMs += REQUEST_MS;
      const came = socket.bytesRead - told;
      told = socket.bytesRead;
      // Of a request that was refused, nobody reads the rest.
      if (isUpload && !reply.sent && came >= UPLOAD_LEAST_BYTES && elapsedMs < UPLOAD_MS) return;
      clearInterval(look);
      endSlow(request, reply);
    }, REQUEST_MS);
    look.unref();
    raw.once('close', () => clearInterval(look));
  });
}

function endSlow({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent) {
    raw.destroy();
    return;
  }
  const error = Object.assign(new Error('The body came too slowly.'), { statusCode: 408 });
  // Whoever reads the body would wait for ever: the server forgets a request once it is answered.
  reply.raw.once('finish', () => raw.destroy(error));
  reply.header('connection', 'close').send(error);
}
