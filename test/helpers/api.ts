import type { FastifyInstance } from 'fastify';
import { createApiActions } from '../../src/api-actions.ts';
import { createBackfillRuns } from '../../src/backfill-runs.ts';
import type { StandIn } from '../../src/demo/stand-in.ts';
import type { Change, ChangeSet, Entry, Scope } from '../../src/model.ts';
import { createOperatorActions } from '../../src/operator-actions.ts';
import type { Parts } from '../../src/parts.ts';
import { createReader } from '../../src/reader.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { commitChanges } from '../../src/store/commit.ts';
import { addOrganisation, findOrganisation } from '../../src/store/organisations.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import type { ApiParts } from '../../src/web/api/api-parts.ts';
import { createWebServer } from '../../src/web/server.ts';
import type { TestDatabase } from './databases.ts';
import { openParts } from './parts.ts';
import { sampleChangeSet, sampleChanges, sampleEntry } from './sample-changes.ts';

type OperatorNeeds = Partial<Parameters<typeof createOperatorActions>[1]>;

export const ADMIN_TOKEN = 'the-admin-token-of-the-tests';

/** Live parts over a database; nothing is asked upstream. */
export function openApiParts(
  database: TestDatabase,
  { outbox = '/nonexistent', clock = { now: '2025-03-31T15:00:00.000Z' } } = {},
): Parts {
  return openParts({
    database,
    upstream: { url: 'http://127.0.0.1:9' } as StandIn,
    outbox,
    now: () => clock.now,
  });
}

/** The whole web server over live parts; without a queue unless one is given. */
export function openApi(
  parts: Parts,
  overrides: Partial<ApiParts> = {},
  { queues = () => null, backfill = createBackfillRuns(parts) }: OperatorNeeds = {},
): FastifyInstance {
  return createWebServer({
    log: parts.log,
    reader: createReader(parts.db),
    baseUrl: parts.baseUrl,
    operator: createOperatorActions(parts, { backfill, queues }),
    api: {
      db: parts.db,
      secrets: parts.secrets,
      now: parts.now,
      version: '0.0.0',
      adminToken: ADMIN_TOKEN,
      requiresToken: false,
      perMinute: 10_000,
      actions: createApiActions(parts),
      ...overrides,
    },
  });
}

/** A header with a new token of an organisation, which is made where it is not there. */
export async function tokenFor(
  { db, now }: Parts,
  scopes: Scope[],
  { organisationId = 'operator', perMinute = 10_000 } = {},
): Promise<{ authorization: string }> {
  if ((await findOrganisation(db, organisationId)) === null)
    await addOrganisation(db, { organisationId, name: organisationId, createdAt: now() });
  const { secret } = await createApiToken(db, {
    organisationId,
    name: 'test',
    scopes,
    perMinute,
    createdAt: now(),
  });
  return { authorization: `Bearer ${secret}` };
}

/** Stores a change set as a rule would. */
export async function store(
  { db }: Parts,
  changeSet: Partial<ChangeSet>,
  changes: readonly Change[],
): Promise<void> {
  await inTransaction(db, (tx) => commitChanges(tx, sampleChangeSet(changeSet), changes));
}

/** The list on 1 March 2025: the two entries that the sample changes revise and remove. */
export async function storeBaseline(parts: Parts): Promise<void> {
  const before = sampleChanges().filter(({ kind }) => kind === 'revised' || kind === 'removed');
  await store(
    parts,
    {
      changeSetId: 'cs_baseline',
      cause: 'baseline',
      document: null,
      effectiveOn: '2025-03-01',
      knownAt: '2025-03-01T12:00:00.000Z',
      checks: [],
      stated: {},
    },
    before.map((change) => addition(change.entryId, change, change.before ?? sampleEntry(change.name))),
  );
}

/** The baseline and the rule of 28 March 2025 with its eight changes. */
export async function storeSample(parts: Parts): Promise<void> {
  await storeBaseline(parts);
  await store(
    parts,
    {},
    sampleChanges().map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change),
  );
}

function addition(
  entryId: string,
  { list, destination, country }: Pick<Entry, 'list' | 'destination' | 'country'>,
  after: ReturnType<typeof sampleEntry>,
): Change {
  return {
    ...{ entryId, list, destination, country, after },
    kind: 'added',
    name: after.name,
    before: null,
    fields: [],
    locator: null,
  };
}
