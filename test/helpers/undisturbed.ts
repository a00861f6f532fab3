import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { addDays } from '../../src/days.ts';
import {
  type StandIn,
  type StandInDocument,
  type StandInOptions,
  startStandIn,
} from '../../src/demo/stand-in.ts';
import { entryHash, stateHash } from '../../src/list/state-hash.ts';
import type { Parts } from '../../src/parts.ts';
import { startService } from '../../src/service.ts';
import { latestChangeSets } from '../../src/store/change-sets.ts';
import { changesAfter } from '../../src/store/changes.ts';
import { listDocuments } from '../../src/store/documents.ts';
import { currentEntries, earliestDay } from '../../src/store/entries.ts';
import { until } from './until.ts';

/** More than a run publishes, or changes. */
const ALL = 100_000;

/** The Entity List of March 2025 as eCFR has it, and no rule yet. Any day will do for today. */
export async function startListUpstream(
  today: string,
  drawFault: StandInOptions['drawFault'] = () => null,
): Promise<StandIn> {
  const supplement = new URL('../../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url);
  return startStandIn({
    documents: [],
    supplements: [{ list: 'entity-list', from: addDays(today, -30), xml: await readFile(supplement) }],
    today,
    drawFault,
  });
}

/** The addresses of a service whose upstream this is. */
export function upstreamAddresses({ url }: StandIn): Record<string, string> {
  return { FEDERAL_REGISTER_URL: url, ECFR_URL: url, GOVINFO_URL: url, CSL_URL: url };
}

/** All that a run must end with, whoever was killed: but for the instants, and numbers that a killed process drew. */
export async function readOutcome(db: Parts['db']) {
  const changeSets = (await latestChangeSets(db, { limit: ALL })).reverse();
  const numberOfSet = new Map(changeSets.map((set) => [set.changeSetId, set.document?.number]));
  return {
    stateHash: stateHash((await currentEntries(db)).map(entryHash)),
    changeSets: changeSets.map(
      ({ changeSetId: _id, knownAt: _known, firstSeq: _first, lastSeq: _last, document, ...content }) => ({
        ...content,
        // Each run has an upstream of its own, at an address of its own.
        document: { ...document, xmlUrl: document?.xmlUrl && new URL(document.xmlUrl).pathname },
      }),
    ),
    changes: (await changesAfter(db, { after: 0, limit: ALL })).map(
      ({ seq: _seq, changeSetId, knownAt: _known, ...change }) => ({
        ...change,
        document: numberOfSet.get(changeSetId),
      }),
    ),
    documents: (await listDocuments(db, { order: 'oldest', limit: ALL })).map(({ number, status }) => ({
      number,
      status,
    })),
  };
}

/** What rules lead to, one after the other, in one process that nobody kills or disturbs, on the embedded store. */
export async function runUndisturbed(
  rules: readonly StandInDocument[],
  today: string,
): Promise<Awaited<ReturnType<typeof readOutcome>>> {
  const upstream = await startListUpstream(today);
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-undisturbed-'));
  try {
    const app = await openApp(
      readConfig({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent', ...upstreamAddresses(upstream) }),
      { pace: { perSecond: 1_000, xmlPerSecond: 1_000 } },
    );
    const service = await startService(app, { role: 'all', host: '127.0.0.1', everyMs: { poll: 300 } });
    try {
      const { db } = app.parts;
      await until('the list', async () => (await earliestDay(db, 'entity-list')) !== null, 60);
      for (const rule of rules) {
        upstream.addDocument(rule);
        const document = String(rule.record.document_number);
        const isTold = async () => (await latestChangeSets(db, { limit: 1, document })).length > 0;
        await until(`rule ${document}, undisturbed`, isTold, 60);
      }
      return await readOutcome(db);
    } finally {
      await app.interrupt();
      await service.close();
      await app.close();
    }
  } finally {
    await upstream.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
