import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const TYPES = {
  'style.css': 'text/css; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'queues.css': 'text/css; charset=utf-8',
  'queues.js': 'text/javascript; charset=utf-8',
} as const;
type AssetName = keyof typeof TYPES;

const ASSETS = new Map(
  (Object.keys(TYPES) as AssetName[]).map((name) => {
    const body = readFileSync(new URL(`assets/${name}`, import.meta.url));
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
    return [name, { body, hash }];
  }),
);

/** Path of a file that pages need. It names the content, so that a browser may keep it for good. */
export function assetPath(name: AssetName): string {
  return `/assets/${ASSETS.get(name)!.hash}/${name}`;
}

/** Adds the stylesheets, the scripts and the icon. */
export function addAssets(server: FastifyInstance): void {
  for (const [name, { body }] of ASSETS)
    server.get(assetPath(name), async (_request, reply) =>
      reply.type(TYPES[name]).header('cache-control', 'public, max-age=31536000, immutable').send(body),
    );
}
