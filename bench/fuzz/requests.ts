import type { FastifyInstance } from 'fastify';
import type { FuzzedReader } from './readers.ts';

/** Requests as they should be: method, address, and a body where there is one. */
const REQUESTS = [
  'GET /api/v1/entries?q=inspur&list=entity-list&destination=CN&limit=20',
  'GET /api/v1/changes?after=0&limit=50&kind=added',
  'GET /api/v1/changes/2025-05426',
  'GET /api/v1/lists/entity-list?on=2025-03-28',
  'GET /changes?from=2025-01-01&to=2025-12-31&destination=CN',
  'GET /search?q=%E5%8C%97%E4%BA%AC',
  'GET /feed.atom?destination=CN,HK&list=entity-list',
  'GET /compare?from=2025-03-24&to=2025-03-28',
  'GET /unsubscribe/abcdefghijklmnop',
  'POST /unsubscribe/abcdefghijklmnop List-Unsubscribe=One-Click',
  'POST /subscribe email=ana%40example.org&destination=CN&schedule=daily',
  'POST /api/v1/screen {"counterparties":[{"name":"Inspur Group","country":"CN"}],"threshold":0.8}',
  'POST /api/v1/subscriptions {"channel":"email","target":"ana@example.org","filter":{"destinations":["CN"]}}',
  'POST /api/v1/watchlists {"name":"suppliers"}',
  'PUT /api/v1/watchlists/1/rows id,name\n1,Example',
] as const;

/**
 * The whole web server, asked in process with whatever comes of a request when it is changed at random. Whatever is
 * asked, the answer is none of a server at fault.
 */
export function fuzzedRequests(server: FastifyInstance, headers: Record<string, string>): FuzzedReader {
  return {
    name: 'requests',
    samples: REQUESTS,
    async read(text, sample) {
      const [method] = REQUESTS[sample]!.split(' ') as ['GET' | 'POST' | 'PUT'];
      const rest = text.slice(text.indexOf(' ') + 1);
      const end = rest.search(/[ \n]/u);
      const [url, body] = end === -1 ? [rest, ''] : [rest.slice(0, end), rest.slice(end + 1)];
      const type = body.startsWith('{')
        ? 'application/json'
        : /^\w+=/u.test(body)
          ? 'application/x-www-form-urlencoded'
          : 'text/csv';
      const answer = await server.inject({
        method,
        // What a client can send at all: anything else is refused by the parser of HTTP before us.
        url: `/${url.replace(/^\/+/u, '').replace(/[^\x21-\x7E]|\\/gu, (sign) => encodeURIComponent(Buffer.from(sign).toString()))}`,
        headers: { ...headers, ...(method === 'GET' ? {} : { 'content-type': type }) },
        ...(method === 'GET' ? {} : { payload: body }),
      });
      const status = answer.statusCode;
      return status >= 500 && status !== 503
        ? `broken: ${status} ${answer.body.slice(0, 200)}`
        : String(status);
    },
  };
}
