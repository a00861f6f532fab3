import type { FastifyInstance } from 'fastify';
import { addAudit } from './operator/audit.ts';
import { addBackfill } from './operator/backfill.ts';
import { addDeliveries } from './operator/deliveries.ts';
import { addHeld } from './operator/held.ts';
import type { OperatorParts } from './operator/operator-parts.ts';
import { addOverview } from './operator/overview.ts';
import { addQueues } from './operator/queues.ts';
import { addSources } from './operator/sources.ts';
import { requireOperator } from './session.ts';

const PAGES = [addOverview, addHeld, addDeliveries, addSources, addAudit, addBackfill, addQueues];

/** Adds the pages of whoever runs the service, behind one door. Its scope has sessions (`addSessions`). */
export function addOperator(scope: FastifyInstance, parts: OperatorParts): void {
  scope.register(async (pages) => {
    pages.addHook('onRequest', requireOperator(parts.baseUrl));
    for (const add of PAGES) add(pages, parts);
  });
}
