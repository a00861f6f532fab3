import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Scope } from '../../model.ts';
import { findApiToken, noteTokenUse } from '../../store/api-tokens.ts';
import { Problem } from '../problem.ts';
import type { ApiParts } from './api-parts.ts';

/** Who asks, as far as a token says. */
export interface Caller {
  tokenId: string;
  organisationId: string;
  scopes: readonly Scope[];
  /** Requests a minute. */
  perMinute: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null without a token; `refused` with one that is none of ours. */
    caller: Caller | 'refused' | null;
  }
}

/** The token of the environment is for whoever runs the service. */
const OPERATOR: Caller = {
  tokenId: 'admin',
  organisationId: 'operator',
  scopes: ['admin'],
  perMinute: 6_000,
};

/**
 * Finds out who asks, before anything else. A token that is refused is no error yet: its guesses are counted against
 * the address first, or guessing would know no limit.
 */
export function addCaller(server: FastifyInstance, { db, adminToken, now }: ApiParts): void {
  const admin = adminToken === null ? null : digest(adminToken);
  server.decorateRequest('caller', null);
  server.addHook('onRequest', async (request) => {
    const header = request.headers.authorization;
    if (header === undefined) return;
    const secret = /^Bearer +([\w~+/.=-]{1,200})$/iu.exec(header)?.[1] ?? '';
    if (admin !== null && timingSafeEqual(digest(secret), admin)) {
      request.caller = OPERATOR;
      return;
    }
    const token = await findApiToken(db, secret);
    if (token === null) {
      request.caller = 'refused';
      return;
    }
    await noteTokenUse(db, token, now());
    request.caller = token;
  });
}

/** Hook of a route that is public, unless the service is closed to strangers. */
export function requireReader({ requiresToken }: ApiParts) {
  return async (request: FastifyRequest): Promise<void> => {
    if (request.caller === 'refused' || requiresToken) callerOf(request, 'read');
  };
}

/** Hook of a route that needs a token with a scope. */
export function requireScope(scope: Scope) {
  return async (request: FastifyRequest): Promise<void> => {
    callerOf(request, scope);
  };
}

/**
 * Who asks, with a scope.
 *
 * @throws Problem `token-missing`, `token-refused`, `scope-missing`
 */
export function callerOf({ caller }: FastifyRequest, scope: Scope): Caller {
  const challenge = { 'www-authenticate': 'Bearer realm="Entity List Watch"' };
  if (caller === null)
    throw new Problem('token-missing', `This needs a token with the scope “${scope}”.`, challenge);
  if (caller === 'refused')
    throw new Problem('token-refused', 'The token is unknown or was revoked.', {
      'www-authenticate': `${challenge['www-authenticate']}, error="invalid_token"`,
    });
  if (!caller.scopes.includes(scope) && !caller.scopes.includes('admin'))
    throw new Problem('scope-missing', `This needs a token with the scope “${scope}”.`);
  return caller;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
