import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { CHANNELS, type DeliveryStatus } from '../../model.ts';
import { findDelivery, listDeliveries, makeDueAgain } from '../../store/deliveries.ts';
import { type Form, HTML } from '../form-scope.ts';
import { renderDeliveriesPage, STATUS_TITLES } from '../pages/operator/deliveries.ts';
import { renderPlainPage } from '../pages/plain.ts';
import { sessionOf } from '../session.ts';
import { readQuery, textFilter } from '../site/read-query.ts';
import type { OperatorParts } from './operator-parts.ts';

const SHOWN = 50;

const filters = {
  status: z.enum(Object.keys(STATUS_TITLES) as [DeliveryStatus], 'is no state of a delivery').optional(),
  channel: z.enum(CHANNELS, 'is no channel').optional(),
  q: textFilter.optional(),
  before: z.string().max(120).optional(),
  done: z.enum(['retry']).optional().catch(undefined),
};

type OfDelivery = { Params: { deliveryId: string }; Body: Form | undefined };

/** Adds the ledger of deliveries, with what failed to be sent again, and the whole of it as a file. */
export function addDeliveries(scope: FastifyInstance, { db, now, baseUrl, operator }: OperatorParts): void {
  scope.get('/operator/deliveries', async (request, reply) => {
    const query = readQuery(filters, request.query);
    const { status, channel, q, before, done } = query;
    const behind = before === undefined ? null : await findDelivery(db, before);
    const found = await listDeliveries(db, {
      ...(status === undefined ? {} : { status }),
      ...(channel === undefined ? {} : { channel }),
      ...(q === undefined ? {} : { text: q.trim() }),
      ...(behind === null ? {} : { behind }),
      limit: SHOWN + 1,
    });
    const deliveries = found.slice(0, SHOWN);
    const html = renderDeliveriesPage(
      {
        ...{ deliveries, filters: query },
        next: found.length > SHOWN ? deliveries.at(-1)!.deliveryId : null,
        back: queryOf({ status, channel, q, before }),
        said: done === 'retry' ? 'It is to be sent again, and goes out within half a minute.' : '',
      },
      sessionOf(request),
      baseUrl,
    );
    return reply.type(HTML).send(html);
  });

  scope.post<OfDelivery>('/operator/deliveries/:deliveryId/retry', async (request, reply) => {
    const { deliveryId } = request.params;
    if (!(await makeDueAgain(db, deliveryId, now(), ['failed']))) {
      const text =
        'This delivery has not failed, or not any longer, so nothing was done. The list of deliveries says how it stands.';
      return reply
        .code(409)
        .type(HTML)
        .send(renderPlainPage('Not sent again', text, baseUrl));
    }
    const { name: who } = sessionOf(request);
    request.log.info({ delivery: deliveryId, who }, 'a failed delivery is to be sent again');
    const query = new URLSearchParams(request.body?.get('back') ?? '');
    query.set('done', 'retry');
    return reply.redirect(`/operator/deliveries?${query}`, 303);
  });

  for (const format of ['csv', 'json'] as const)
    scope.get(`/operator/deliveries/ledger.${format}`, async (_request, reply) =>
      sendLedger(reply, operator.ledger(format), format),
    );
}

/** Sends a file that is named by its hash. It is written down first: the hash is known at its end only. */
async function sendLedger(
  reply: FastifyReply,
  parts: AsyncIterable<string>,
  format: 'csv' | 'json',
): Promise<FastifyReply> {
  const path = join(tmpdir(), `elwatch-ledger-${randomUUID()}`);
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    try {
      for await (const part of parts) {
        hash.update(part);
        await file.write(part);
      }
    } finally {
      await file.close();
    }
    const { size } = await stat(path);
    const stream = createReadStream(path);
    stream.once('close', () => void rm(path, { force: true }));
    return reply
      .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
      .header('content-length', size)
      .header('content-disposition', `attachment; filename="deliveries-${hash.digest('hex')}.${format}"`)
      .send(stream);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

function queryOf(fields: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value);
  return query.toString();
}
