import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../api/context.ts';

/** What the pages that people read share. */
export interface SiteParts extends ApiContext {
  /** How often scheduled jobs run, in milliseconds; of those that are known. */
  everyMs: Readonly<Record<string, number>>;
}

/** Options of a route that answers with a file of a whole list, which takes some ten times the work of a page. */
export const FILE = { config: { rateLimit: { max: 30, timeWindow: 60_000 } } };

/** Options of a page that looks through dozens of rules, or computes lists of days that nobody asked for before. */
export const COSTLY = { config: { rateLimit: { max: 240, timeWindow: 60_000 } } };

/** Adds the routes of one page. */
export type AddPage = (site: FastifyInstance, parts: SiteParts) => void;
