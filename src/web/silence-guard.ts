import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A reader is answered within two seconds: so long is waited before the database is asked, and then for it. */
const WAIT_MS = 1_000;
const PING_MS = 700;

/**
 * Refuses who waits for a database that does not answer at all: a server that hangs, or a network that swallows what
 * is sent, says nothing for minutes. A statement that is merely slow is waited for, since the database then answers
 * another. What changes something is never refused so: it may have been done.
 */
export function addSilenceGuard(
  server: FastifyInstance,
  ping: () => Promise<void>,
  refuse: (request: FastifyRequest, reply: FastifyReply) => unknown,
): void {
  server.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET') return;
    const timer = setTimeout(() => {
      void isSilent(ping).then((silent) => {
        if (silent && !reply.sent) refuse(request, reply);
      });
    }, WAIT_MS);
    timer.unref();
    reply.raw.once('close', () => clearTimeout(timer));
  });
}

/** An error is an answer, and the route has it too. */
async function isSilent(ping: () => Promise<void>): Promise<boolean> {
  const heard = ping().then(
    () => false,
    () => false,
  );
  return Promise.race([heard, sleep(PING_MS, true, { ref: false })]);
}
