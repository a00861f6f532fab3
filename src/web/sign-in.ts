import type { FastifyInstance } from 'fastify';
import type { ApiParts } from './api/api-parts.ts';
import { findCaller } from './api/caller.ts';
import { type Form, HTML } from './form-scope.ts';
import { renderSignInPage } from './pages/sign-in.ts';
import { beginSession, endSession } from './session.ts';

/** Tries a minute of one address. */
const TRIES = 30;

/** Adds the page on which somebody signs in by a token of the API, and the way out. */
export function addSignIn(scope: FastifyInstance, parts: ApiParts, baseUrl: string): void {
  scope.get<{ Querystring: { next?: unknown } }>('/sign-in', async ({ query, session }, reply) => {
    const next = localPath(query.next);
    if (session !== null && next !== null) return reply.redirect(next, 303);
    return reply.type(HTML).send(renderSignInPage({ next: next ?? '', session }, baseUrl));
  });

  scope.post<{ Body: Form | undefined }>(
    '/sign-in',
    { config: { beginsSession: true, rateLimit: { max: TRIES, timeWindow: 60_000 } } },
    async ({ body }, reply) => {
      const next = localPath(body?.get('next'));
      const secret = (body?.get('token') ?? '').trim();
      const caller = secret === '' ? null : await findCaller(parts, secret);
      if (caller === null) {
        const said = secret === '' ? 'Enter a token.' : 'This token is unknown, or was revoked.';
        return reply
          .code(403)
          .type(HTML)
          .send(renderSignInPage({ next: next ?? '', said }, baseUrl));
      }
      await beginSession(reply, parts, caller, baseUrl);
      return reply.redirect(next ?? (caller.scopes.includes('admin') ? '/operator' : '/screening'), 303);
    },
  );

  scope.post('/sign-out', async (_request, reply) => {
    endSession(reply, baseUrl);
    return reply.redirect('/sign-in', 303);
  });
}

/**
 * Where to go on, if that is a path of ours. Two slashes, or one and a backslash, would be another host, and browsers
 * drop tabs and line breaks before they look.
 */
function localPath(text: unknown): string | null {
  return typeof text === 'string' && text.length <= 2_000 && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/u.test(text)
    ? text
    : null;
}
