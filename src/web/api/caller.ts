import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Scope } from '../../model.ts';
import { findApiToken, noteTokenUse } from '../../store/api-tokens.ts';
import { isDatabaseAway } from '../../store/database-away.ts';
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

/** The organisation of whoever runs the service; an administrator of another one rules that one alone. */
export const OPERATOR = 'operator';
/** The token of the environment. */
export const ADMIN: Caller = {
  tokenId: 'admin',
  organisationId: OPERATOR,
  scopes: ['admin'],
  perMinute: 6_000,
};

/**
 * Finds out who asks, before anything else. A token that is refused is no error yet: its guesses are counted against
 * the address first, or guessing would know no limit.
 */
export function addCaller(server: FastifyInstance, parts: ApiParts): void {
  server.decorateRequest('caller', null);
  server.addHook('onRequest', async (request) => {
    const header = request.headers.authorization;
    if (header === undefined) return;
    const secret = /^Bearer +([\w~+/.=-]{1,200})$/iu.exec(header)?.[1] ?? '';
    request.caller = (await findCaller(parts, secret)) ?? 'refused';
  });
}

/** Whose token a text is; null where it is none of ours, or was revoked. */
export async function findCaller(
  { db, adminToken, now }: Pick<ApiParts, 'db' | 'adminToken' | 'now'>,
  secret: string,
): Promise<Caller | null> {
  if (adminToken !== null && timingSafeEqual(digest(secret), digest(adminToken))) return ADMIN;
  const token = await findApiToken(db, secret);
  if (token === null) return null;
  try {
    await noteTokenUse(db, token, now());
  } catch (error) {
    // A database that takes no writes after a failover can be read all the same.
    if (!isDatabaseAway(error)) throw error;
  }
  return token;
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
