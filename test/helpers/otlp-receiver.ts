import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A span as a collector is handed it, its attributes by name. */
export interface ReceivedSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  attributes: Record<string, unknown>;
  /** What the process said of itself. */
  resource: Record<string, unknown>;
}

export interface OtlpReceiver {
  url: string;
  spans: ReceivedSpan[];
  /** All bodies as they came. */
  bodies: string[];
  headers: Record<string, unknown>[];
  /** Answers this status from now on. */
  answer: number;
  close(): Promise<void>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}
const toObject = (attributes: Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** Takes traces by OTLP over HTTP, in JSON, on a port of its own. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      if (receiver.answer === 200 && request.method === 'POST' && request.url === '/v1/traces') {
        const bytes = Buffer.concat(pieces);
        const isPacked = request.headers['content-encoding'] === 'gzip';
        take((isPacked ? gunzipSync(bytes) : bytes).toString('utf8'));
        receiver.headers.push(request.headers);
      }
      const status = request.url === '/v1/traces' ? receiver.answer : 404;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const take = (body: string) => {
    receiver.bodies.push(body);
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans)
      for (const { spans } of scopeSpans)
        for (const { name, kind, traceId, spanId, parentSpanId, attributes } of spans)
          receiver.spans.push({
            ...{ name, kind, traceId, spanId, parentSpanId: parentSpanId || null },
            ...{ attributes: toObject(attributes), resource: toObject(resource.attributes) },
          });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    bodies: [],
    headers: [],
    answer: 200,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
