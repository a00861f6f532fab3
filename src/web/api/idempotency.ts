import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  claimIdempotencyKey,
  keepIdempotentAnswer,
  releaseIdempotencyKey,
} from '../../store/idempotency-keys.ts';
import { Problem } from '../problem.ts';
import type { ApiParts } from './api-parts.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that this request took; null without one. */
    idempotent: { tokenId: string; key: string } | null;
  }
}

/**
 * Makes a POST with JSON safe to repeat: with the same Idempotency-Key the answer of the first is given again, and
 * nothing is done twice. Only success is kept; what failed may be tried anew under the same key.
 */
export function addIdempotency(server: FastifyInstance, { db, secrets, now }: ApiParts): void {
  server.decorateRequest('idempotent', null);

  server.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined) return;
    const { caller } = request;
    if (caller === null || caller === 'refused') return;
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/u.test(key))
      throw new Problem('bad-request', 'Idempotency-Key must be 1 to 200 printable ASCII characters.');
    const claim = { tokenId: caller.tokenId, key };
    const requestHash = hashOf(request);
    const earlier = await claimIdempotencyKey(db, { ...claim, requestHash, now: now() });
    if (earlier === null) {
      request.idempotent = claim;
      return;
    }
    if (earlier.requestHash !== requestHash)
      throw new Problem('idempotency-key-reused', 'This key was used for another path or another body.');
    if (earlier.status === null || earlier.sealedBody === null)
      throw new Problem('request-under-way', 'The first request with this key is not done yet.', {
        'retry-after': '2',
      });
    return reply
      .code(earlier.status)
      .header('idempotency-replayed', 'true')
      .type('application/json; charset=utf-8')
      .serializer((body: unknown) => String(body))
      .send(secrets.unseal(earlier.sealedBody));
  });

  server.addHook('onSend', async (request, reply, payload) => {
    const claim = request.idempotent;
    if (claim === null) return payload;
    const status = reply.statusCode;
    if (status >= 200 && status < 300 && (typeof payload === 'string' || payload == null))
      await keepIdempotentAnswer(db, claim, { status, sealedBody: secrets.seal(payload ?? '') });
    else await releaseIdempotencyKey(db, claim);
    return payload;
  });
}

function hashOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest('hex');
}
