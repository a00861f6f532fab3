import type { FastifyRequest } from 'fastify';

/** What of a request a schema refused, as Fastify reports it. */
export interface SchemaFault {
  /** Where, as "/filter/0"; "/" for the whole. */
  instancePath: string;
  message?: string;
  /** "unrecognized_keys" has the keys in its params. */
  keyword?: string;
  params?: Record<string, unknown>;
}

/** Parts of a request, and what is in them is called. */
const PARTS: Record<string, { part: string; item: string; items: string }> = {
  querystring: { part: 'the query', item: 'parameter', items: 'parameters' },
  body: { part: 'the body', item: 'field', items: 'fields' },
  params: { part: 'the path', item: 'part', items: 'parts' },
  headers: { part: 'the headers', item: 'header', items: 'headers' },
};
const LONGEST = 500;
const LONGEST_KEY = 40;

/**
 * Says in words what a schema refused; what is unknown is named with what is known instead. 500 characters at most,
 * whatever was sent.
 */
export function describeFaults(
  faults: readonly SchemaFault[],
  context: string,
  { routeOptions }: Pick<FastifyRequest, 'routeOptions'>,
): string {
  const words = PARTS[context] ?? PARTS.body!;
  const schema = (routeOptions.schema as Record<string, unknown> | undefined)?.[context];
  const lines: string[] = [];
  const unknown: string[] = [];
  for (const { instancePath, message, keyword, params } of faults) {
    const path = instancePath.split('/').filter((step) => step !== '');
    if (keyword !== 'unrecognized_keys') {
      const where = path.length === 0 ? words.part : path.join('.');
      lines.push(`${where}: ${message ?? 'is not valid'}`);
      continue;
    }
    const keys = ((params?.keys ?? []) as string[]).map(quote);
    const holder = path.length === 0 ? words.part : `“${path.join('.')}”`;
    const known = keysAt(schema, path);
    unknown.push(
      `${holder} has no ${keys.length === 1 ? words.item : words.items} ${fewOf(keys)}.`,
      ...(known.length === 0 ? [] : [`Known are: ${known.join(', ')}.`]),
    );
  }
  const first = unknown.join(' ');
  const text = [...lines, ...(first === '' ? [] : [first])].join('; ');
  // Names of parameters keep their case.
  return text.replace(/^the\b/u, 'The').slice(0, LONGEST);
}

function quote(key: string): string {
  return `“${key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key}”`;
}

function fewOf(keys: readonly string[]): string {
  const more = keys.length - 3;
  return `${keys.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a schema of zod looks like from outside, as far as a path leads through it. */
interface Schema {
  shape?: Record<string, unknown>;
  element?: unknown;
  in?: unknown;
  unwrap?(): unknown;
}

/** The keys that the object at a path of a schema may have; none where the path leads through a choice. */
function keysAt(schema: unknown, path: readonly string[]): string[] {
  let at = objectIn(schema);
  for (const step of path) at = objectIn(at?.shape?.[step] ?? at?.element);
  return Object.keys(at?.shape ?? {});
}

/** Without what stands around an object or a list: optional, nullable, a default, a transformation. */
function objectIn(schema: unknown): Schema | undefined {
  let at = schema as Schema | undefined;
  while (at !== undefined && at.shape === undefined && at.element === undefined) {
    const inner = (at.unwrap === undefined ? at.in : at.unwrap()) as Schema | undefined;
    if (inner === at) return undefined;
    at = inner;
  }
  return at;
}
