import type { FastifyInstance } from 'fastify';

/** On every answer. */
export const SECURITY_HEADERS = {
  // Script and styles only from files of ours, nothing inline: what escaping should ever miss has nothing to run.
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  // The address of an unsubscribe page holds a secret.
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

/** Puts the security headers on every answer, also on errors. A route may have a policy of its own, as a shown mail. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onSend', async (_request, reply) => {
    const own = reply.getHeader('content-security-policy');
    reply.headers(SECURITY_HEADERS);
    if (own !== undefined) reply.header('content-security-policy', own);
  });
}
