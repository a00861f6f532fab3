import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { createListSnapshots } from '../list-snapshots.ts';
import type { createSummaries } from '../summaries.ts';
import type { ApiParts } from './api-parts.ts';

/** A server whose schemas are written with zod. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes of the API share. */
export interface ApiContext extends ApiParts {
  /** Public address, without a slash at its end. */
  baseUrl: string;
  snapshotOf: ReturnType<typeof createListSnapshots>;
  summaryOf: ReturnType<typeof createSummaries>;
}
