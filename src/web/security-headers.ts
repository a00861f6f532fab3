import type { FastifyInstance } from 'fastify';

const HEADERS = {
  // No script at all, styles only from our own file; what escaping should ever miss has nothing to run.
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  // The address of an unsubscribe page holds a secret.
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

/** Puts the security headers on every answer, also on errors. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(HEADERS);
  });
}
