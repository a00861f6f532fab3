import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiContext } from './context.ts';

const transform = createJsonSchemaTransform({});

/** RFC 9457. By its id it stands among the components, to which every refusal refers. */
const PROBLEM = z
  .object({
    type: z.string().meta({ description: 'Address of a page that says what to do.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
  })
  .meta({ id: 'Problem' });

/** Serves /openapi.json: OpenAPI 3.1, made from the schemas that requests and answers are checked with. */
export async function addOpenapi(scope: FastifyInstance, { baseUrl, version }: ApiContext): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Entity List Watch',
        version,
        description:
          'Changes to the US export-control lists, read from the Federal Register. An unofficial source and no legal advice. Errors are problem documents (RFC 9457); every answer has an ETag; a POST may be repeated with the same Idempotency-Key; 429 says when to come back.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: baseUrl }],
      tags: [
        { name: 'changes', description: 'What changed, in the order in which we knew it' },
        { name: 'entries', description: 'The lists, on any day' },
        { name: 'documents', description: 'What was read, and what became of it' },
        { name: 'screening', description: 'Names against the lists' },
        { name: 'subscriptions', description: 'Who is told' },
        { name: 'administration', description: 'Tokens and organisations' },
      ],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A token, as elw_…' },
        },
      },
    },
    transform: (document) => {
      const { schema, url } = transform(document as Parameters<typeof transform>[0]);
      const { method } = (document as { route: { method: string | string[] } }).route;
      const operationId = nameOf([method].flat()[0] ?? '', url);
      return { schema: withProblem({ operationId, ...(schema as Record<string, unknown>) }), url };
    },
    transformObject: createJsonSchemaTransformObject({}) as never,
  });

  let made: string | null = null;
  scope.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    made ??= JSON.stringify(pruneSchemas(scope.swagger() as Description));
    return reply.type('application/json; charset=utf-8').send(made);
  });
}

/** A name for programs that are made from the description: “GET /api/v1/days/:day” is “get_days_day”. */
function nameOf(method: string, url: string): string {
  return `${method.toLowerCase()}${url.replace(/^\/api\/v1/u, '').replace(/\W+/gu, '_')}`;
}

/** Whatever goes wrong is a problem document. */
function withProblem(schema: Record<string, unknown>): Record<string, unknown> {
  const { response } = schema as { response?: object };
  if (response === undefined) return schema;
  const problem = {
    description: 'A problem',
    content: {
      'application/problem+json': { schema: { $ref: `#/components/schemas/${PROBLEM.meta()!.id}` } },
    },
  };
  // Where a status has an answer of its own, a problem may come under it all the same.
  const either = Object.entries(response).map(([status, schema]) => [
    status,
    /^4\d\d$/u.test(status)
      ? {
          description: 'Refused',
          content: { 'application/json': { schema }, ...problem.content },
        }
      : schema,
  ]);
  return { ...schema, response: { ...Object.fromEntries(either), '4XX': problem, default: problem } };
}

interface Description {
  paths?: unknown;
  components?: { schemas?: Record<string, unknown> };
}

/** Leaves out the schemas that nothing refers to: the library writes each for requests and for answers. */
function pruneSchemas(description: Description): Description {
  const all = description.components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (part: unknown) => {
    for (const [, name] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/gu))
      if (!used.has(name!)) {
        used.add(name!);
        visit(all[name!]);
      }
  };
  visit(description.paths);
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  return { ...description, components: { ...description.components, schemas } };
}
