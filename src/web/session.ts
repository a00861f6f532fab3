import { createHash } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../model.ts';
import { findApiTokenById, noteTokenUse } from '../store/api-tokens.ts';
import type { ApiParts } from './api/api-parts.ts';
import { ADMIN, type Caller, OPERATOR } from './api/caller.ts';
import { HTML } from './form-scope.ts';
import { renderPlainPage } from './pages/plain.ts';
import type { SignedIn } from './pages/session-line.ts';
import { renderSignInPage } from './pages/sign-in.ts';

/** Who signed in. Its name, that of the token, is for ledgers. */
export interface Session extends Caller, SignedIn {}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null outside of the scope of sessions, and for who has not signed in. */
    session: Session | null;
  }
  interface FastifyContextConfig {
    /** The form by which a session begins: it cannot carry the mark of one. */
    beginsSession?: boolean;
  }
}

type SessionParts = Pick<ApiParts, 'db' | 'secrets' | 'now' | 'adminToken'>;

const LASTS_DAYS = 0.5;
const MARK = 'csrf';

/**
 * Finds out who signed in, for all pages of a scope, and keeps other sites from posting to them.
 *
 * The cookie names a token and its last instant, and is signed over the hash of the token: it ends with the token, and
 * holds nothing of it. At each request the token is looked up anew.
 *
 * Other sites are kept out twice: by what the browser says of where a form stood, and by a mark in each form that
 * follows from the cookie, which no other site can read.
 */
export async function addSessions(
  scope: FastifyInstance,
  parts: SessionParts,
  baseUrl: string,
): Promise<void> {
  const { secrets, now } = parts;
  const { name } = cookieOf(baseUrl);
  await scope.register(cookie);
  scope.decorateRequest('session', null);

  scope.addHook('onRequest', async (request, reply) => {
    if (isAct(request) && !isFromHere(request, baseUrl)) {
      const text = `This form did not come from a page of ${baseUrl}, so nothing was done. Open that address and send the form from there.`;
      return reply
        .code(403)
        .type(HTML)
        .send(renderPlainPage('Not accepted', text, baseUrl));
    }
    const value = request.cookies[name];
    if (value !== undefined) request.session = await readSession(value);
  });

  scope.addHook('preHandler', async (request, reply) => {
    const value = request.cookies[name];
    if (!isAct(request) || request.session === null || request.routeOptions.config.beginsSession) return;
    if (value !== undefined && secrets.checkLink('session-form', markIn(request), value, now())) return;
    const text =
      'This form belongs to a session that ended, so nothing was done. Go back, load the page anew and send it again.';
    return reply
      .code(403)
      .type(HTML)
      .send(renderPlainPage('Not accepted', text, baseUrl));
  });

  // Forms of these pages say where they come from, but only to us; no-referrer makes browsers say "null".
  scope.addHook('onSend', async (_request, reply) => {
    reply.header('referrer-policy', 'same-origin');
  });

  async function readSession(value: string): Promise<Session | null> {
    const tokenId = secrets.readLink(value);
    const holder = tokenId === null ? null : await findHolder(parts, tokenId);
    if (holder === null || !secrets.checkLink('session', value, holder.salt, now())) return null;
    const csrf = secrets.signLink('session-form', holder.caller.tokenId, value, now(), LASTS_DAYS);
    return { ...holder.caller, name: holder.name, csrf };
  }
}

/**
 * Hook (`onRequest`) of a page for who signed in by a token with a scope. Who has not is led to the page for that, and
 * back; a form is refused.
 */
export function requireSession(scope: Scope, baseUrl: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { session } = request;
    if (session === null) {
      if (!isAct(request)) return reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
      return refuse(request, reply, 'You are not signed in, or no longer, so nothing was done.', baseUrl);
    }
    if (session.scopes.includes(scope) || session.scopes.includes('admin')) return undefined;
    const text = `You are signed in as “${session.name}”, a token without the scope “${scope}”, which this page needs.`;
    return refuse(request, reply, text, baseUrl);
  };
}

/** The same for pages of whoever runs the service: an administrator of another organisation rules that one alone. */
export function requireOperator(baseUrl: string) {
  const requireAdmin = requireSession('admin', baseUrl);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (request.session?.scopes.includes('admin') && request.session.organisationId !== OPERATOR)
      return refuse(request, reply, 'Only whoever runs the service may open this page.', baseUrl);
    return requireAdmin(request, reply);
  };
}

/** Who signed in, behind `requireSession`. */
export function sessionOf({ session }: FastifyRequest): Session {
  if (session === null) throw new Error('a page without requireSession reads the session');
  return session;
}

/**
 * The mark of a form, for a hidden field `csrf`. A form with a file, which is not read before its route, carries it
 * in its address: `?csrf=…`.
 */
export function csrfOf(request: FastifyRequest): string {
  return sessionOf(request).csrf;
}

/** Signs a caller in, for twelve hours. */
export async function beginSession(
  reply: FastifyReply,
  parts: SessionParts,
  { tokenId }: Caller,
  baseUrl: string,
): Promise<void> {
  const holder = await findHolder(parts, tokenId);
  // Revoked at this very moment.
  if (holder === null) return;
  const value = parts.secrets.signLink('session', tokenId, holder.salt, parts.now(), LASTS_DAYS);
  const { name, options } = cookieOf(baseUrl);
  reply.setCookie(name, value, { ...options, maxAge: LASTS_DAYS * 86_400 });
}

/** Takes the cookie away. */
export function endSession(reply: FastifyReply, baseUrl: string): void {
  const { name, options } = cookieOf(baseUrl);
  reply.clearCookie(name, options);
}

/** Name and reach of the cookie. */
function cookieOf(baseUrl: string) {
  const secure = baseUrl.startsWith('https:');
  return {
    // The prefix keeps hosts beside ours from setting it; browsers take it over https alone.
    name: secure ? '__Host-elw-session' : 'elw-session',
    // Lax, so that a link in a mail opens for who is signed in: a page that asks for a token after a click in a mail
    // teaches what phishing needs. A link changes nothing, and forms of other sites are refused anyway.
    options: { path: '/', httpOnly: true, sameSite: 'lax', secure } as const,
  };
}

async function findHolder(
  { db, adminToken, now }: SessionParts,
  tokenId: string,
): Promise<{ caller: Caller; name: string; salt: string } | null> {
  if (tokenId === ADMIN.tokenId)
    return adminToken === null
      ? null
      : { caller: ADMIN, name: 'admin token', salt: createHash('sha256').update(adminToken).digest('hex') };
  const found = await findApiTokenById(db, tokenId);
  if (found === null) return null;
  await noteTokenUse(db, found.token, now());
  const { organisationId, scopes, perMinute, name } = found.token;
  return { caller: { tokenId, organisationId, scopes, perMinute }, name, salt: found.hash };
}

/** Refuses with the form by which another token can sign in. Where something was sent, there is no page to go on to. */
function refuse(request: FastifyRequest, reply: FastifyReply, text: string, baseUrl: string): FastifyReply {
  const next = isAct(request) ? '' : request.url;
  return reply
    .code(403)
    .type(HTML)
    .send(renderSignInPage({ next, said: text, session: request.session }, baseUrl));
}

function isAct({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** Whether a form stood on a page of ours, as far as the browser says. */
function isFromHere({ headers }: FastifyRequest, baseUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  return (
    (site === undefined || site === 'same-origin' || site === 'none') &&
    (origin === undefined || origin === new URL(baseUrl).origin)
  );
}

function markIn({ headers, body, query }: FastifyRequest): string {
  if (body instanceof URLSearchParams) return body.get(MARK) ?? '';
  const inAddress = (query as Record<string, unknown>)[MARK];
  const isMultipart = headers['content-type']?.toLowerCase().startsWith('multipart/form-data');
  return isMultipart && typeof inAddress === 'string' ? inAddress : '';
}
