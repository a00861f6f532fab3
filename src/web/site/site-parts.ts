import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../api/context.ts';

/** What the pages that people read share. */
export interface SiteParts extends ApiContext {
  /** How often scheduled jobs run, in milliseconds; of those that are known. */
  everyMs: Readonly<Record<string, number>>;
}

/** Adds the routes of one page. */
export type AddPage = (site: FastifyInstance, parts: SiteParts) => void;
