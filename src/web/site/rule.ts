import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ChangeSet } from '../../model.ts';
import { renderCsv } from '../../render/csv.ts';
import { renderChangesWorkbook } from '../../render/xlsx.ts';
import { chainAfter, chainBefore } from '../../store/change-chain.ts';
import { changeSetsThatCorrect, findChangeSet, latestChangeSets } from '../../store/change-sets.ts';
import { changesOf } from '../../store/changes.ts';
import { countDeliveries } from '../../store/who-was-told.ts';
import { presentChange } from '../api/present.ts';
import { etagOf, isFresh, represent, sendConditional } from '../conditional.ts';
import { pathOf } from '../pages/change-set-rows.ts';
import { renderRulePage } from '../pages/rule.ts';
import type { SiteParts } from './site-parts.ts';

type OfChangeSet = FastifyRequest<{ Params: { changeSetId: string } }>;

/** A document is corrected once or twice; a page of more would say no more. */
const MOST_CORRECTIONS = 20;
const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Adds the page of each rule or notice, with what it changed as files. */
export function addRule(site: FastifyInstance, { db, baseUrl, actions }: SiteParts): void {
  const find = ({ params }: OfChangeSet) => findChangeSet(db, params.changeSetId);
  const sourceOf = ({ document }: ChangeSet): Promise<ReadonlyMap<string, string>> =>
    document === null || document.publishedOn === null
      ? Promise.resolve(new Map())
      : actions.sourceTexts(document.number, document.publishedOn);

  site.get('/changes/:changeSetId', async (request: OfChangeSet, reply) => {
    const changeSet = await find(request);
    if (changeSet === null) return reply.callNotFound();
    const html = renderRulePage(
      {
        changeSet,
        changes: await changesOf(db, changeSet.changeSetId),
        earlier: await chainBefore(db, changeSet),
        later: await chainAfter(db, changeSet.changeSetId),
        correctedBy:
          changeSet.document === null
            ? []
            : await changeSetsThatCorrect(db, changeSet.document.number, { limit: MOST_CORRECTIONS }),
        source: await sourceOf(changeSet),
        told: await countDeliveries(db, changeSet.changeSetId),
      },
      baseUrl,
    );
    return sendConditional(request, reply, represent('text/html; charset=utf-8', html, null));
  });

  /** By the number that the Federal Register gives it, which is what people have at hand. */
  site.get<{ Params: { number: string } }>('/documents/:number', async ({ params }, reply) => {
    const [last] = await latestChangeSets(db, { limit: 1, document: params.number });
    return last === undefined ? reply.callNotFound() : reply.redirect(pathOf(last), 302);
  });

  site.get('/changes/:changeSetId/changes.csv', async (request: OfChangeSet, reply) => {
    const changeSet = await find(request);
    if (changeSet === null) return reply.callNotFound();
    const csv = renderCsv(await changesOf(db, changeSet.changeSetId), changeSet.document);
    nameFile(reply, changeSet, 'csv');
    return sendConditional(request, reply, represent('text/csv; charset=utf-8', csv, changeSet.knownAt));
  });

  site.get('/changes/:changeSetId/changes.json', async (request: OfChangeSet, reply) => {
    const changeSet = await find(request);
    if (changeSet === null) return reply.callNotFound();
    const { changeSetId, document, effectiveOn, knownAt } = changeSet;
    const changes = (await changesOf(db, changeSetId)).map((change) =>
      presentChange({
        ...change,
        number: document?.number ?? null,
        publishedOn: document?.publishedOn ?? null,
      }),
    );
    const json = JSON.stringify({ changeSetId, document, effectiveOn, knownAt, changes }, null, 1);
    nameFile(reply, changeSet, 'json');
    return sendConditional(request, reply, represent('application/json; charset=utf-8', json, knownAt));
  });

  site.get('/changes/:changeSetId/changes.xlsx', async (request: OfChangeSet, reply) => {
    const changeSet = await find(request);
    if (changeSet === null) return reply.callNotFound();
    // A workbook holds the time at which it was written; its content follows from the change set alone.
    const etag = etagOf(`xlsx ${changeSet.changeSetId}`);
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (isFresh(request, etag)) return reply.code(304).send();
    nameFile(reply, changeSet, 'xlsx');
    return reply
      .type(WORKBOOK)
      .send(await renderChangesWorkbook(await changesOf(db, changeSet.changeSetId), changeSet.document));
  });
}

function nameFile(reply: FastifyReply, { document, changeSetId }: ChangeSet, extension: string): void {
  const number = (document?.number ?? changeSetId).replace(/[^\w-]+/gu, '-');
  reply.header('content-disposition', `attachment; filename="entity-list-changes-${number}.${extension}"`);
}
