import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SCOPES } from '../../model.ts';
import { type ApiToken, createApiToken, listApiTokens, revokeApiToken } from '../../store/api-tokens.ts';
import { addOrganisation, listOrganisations } from '../../store/organisations.ts';
import { Problem } from '../problem.ts';
import { callerOf, OPERATOR, requireScope } from './caller.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { id, instantOut } from './schemas.ts';

const Token = z
  .object({
    tokenId: z.string(),
    organisationId: z.string(),
    name: z.string(),
    hint: z.string().meta({ description: 'Its first characters.' }),
    scopes: z.array(z.enum(SCOPES)),
    perMinute: z.int(),
    createdAt: instantOut,
    lastUsedAt: instantOut.nullable(),
    revokedAt: instantOut.nullable(),
  })
  .meta({ id: 'Token' });
const NewToken = Token.extend({ token: z.string().meta({ description: 'Shown this once.' }) }).meta({
  id: 'NewToken',
});
const organisationId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/u, 'must be lower-case letters, digits and hyphens, at most 40');
const TokenRequest = z.strictObject({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(z.enum(SCOPES)).min(1),
  perMinute: z.int().min(1).max(100_000).default(600),
  organisationId: organisationId.optional().meta({ description: 'Your own unless told.' }),
});
const Organisation = z
  .object({ organisationId: z.string(), name: z.string(), createdAt: instantOut })
  .meta({ id: 'Organisation' });

/** Adds /tokens and /organisations, for administrators. */
export function addTokens(server: ApiServer, context: ApiContext): void {
  const { db, now } = context;
  const preValidation = requireScope('admin');
  const tags = ['administration'];
  const security = [{ token: [] }];
  const reachOf = (request: FastifyRequest) => {
    const caller = callerOf(request, 'admin');
    return caller.organisationId === OPERATOR ? {} : { organisationId: caller.organisationId };
  };
  const assertOperator = (request: FastifyRequest) => {
    if (callerOf(request, 'admin').organisationId !== OPERATOR)
      throw new Problem('scope-missing', 'Only whoever runs the service may do this.');
  };

  server.get(
    '/tokens',
    {
      preValidation,
      schema: {
        ...{ tags, security },
        summary: 'All tokens, those that were revoked too',
        response: { 200: z.object({ tokens: z.array(Token) }).meta({ id: 'Tokens' }) },
      },
    },
    async (request) => ({ tokens: (await listApiTokens(db, reachOf(request))) as Mutable<ApiToken>[] }),
  );

  server.post(
    '/tokens',
    {
      preValidation,
      schema: {
        ...{ tags, security },
        summary: 'Make a token',
        body: TokenRequest.meta({ example: { name: 'feed reader', scopes: ['read'] } }),
        response: { 201: NewToken },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, 'admin');
      const of = request.body.organisationId ?? caller.organisationId;
      if (of !== caller.organisationId) assertOperator(request);
      const { token, secret } = await createApiToken(db, {
        ...request.body,
        organisationId: of,
        createdAt: now(),
      });
      return reply.code(201).send({ ...token, token: secret });
    },
  );

  server.delete(
    '/tokens/:tokenId',
    {
      preValidation,
      schema: {
        ...{ tags, security },
        summary: 'Revoke a token at once',
        params: z.object({ tokenId: id }),
        response: { 200: Token },
      },
    },
    async (request) => {
      const revoked = await revokeApiToken(db, request.params.tokenId, now(), reachOf(request));
      if (revoked === null)
        throw new Problem('not-found', 'There is no such token, or it was revoked before.');
      return revoked;
    },
  );

  server.get(
    '/organisations',
    {
      preValidation,
      schema: {
        ...{ tags, security },
        summary: 'All organisations',
        response: {
          200: z.object({ organisations: z.array(Organisation) }).meta({ id: 'Organisations' }),
        },
      },
    },
    async (request) => {
      assertOperator(request);
      return { organisations: await listOrganisations(db) };
    },
  );

  server.post(
    '/organisations',
    {
      preValidation,
      schema: {
        ...{ tags, security },
        summary: 'Add an organisation',
        body: z
          .strictObject({ organisationId, name: z.string().trim().min(1).max(120) })
          .meta({ example: { organisationId: 'acme', name: 'Acme Ltd.' } }),
        response: { 201: Organisation },
      },
    },
    async (request, reply) => {
      assertOperator(request);
      return reply.code(201).send(await addOrganisation(db, { ...request.body, createdAt: now() }));
    },
  );
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
