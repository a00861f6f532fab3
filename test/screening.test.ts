import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadBaseline } from '../src/baseline.ts';
import { deliver } from '../src/deliver.ts';
import { type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { ingest } from '../src/ingest.ts';
import { stateHash } from '../src/list/state-hash.ts';
import { type ChangeSet, type PlacedEntry, type Watchlist, WHOLE_FILTER } from '../src/model.ts';
import { notify, notifyScreened } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { screenChangeSet, screenUpload, screenWatchlist } from '../src/screening.ts';
import { commitChanges } from '../src/store/commit.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { currentEntries } from '../src/store/entries.ts';
import { listIssues } from '../src/store/issues.ts';
import { currentHits, findRun, hitsOfRun, listRuns } from '../src/store/screening.ts';
import { decideNotAMatch, endDecision, listDecisions } from '../src/store/screening-decisions.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import {
  findWatchlist,
  listWatchlists,
  removeWatchlist,
  removeWatchlistsOf,
} from '../src/store/watchlists.ts';
import { sweep } from '../src/sweep.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { sampleChangeSet } from './helpers/sample-changes.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';
import { uploadCsv } from './helpers/watchlist.ts';

const NUMBER = '2031-00001';
const ON = '2031-03-04';
const DAY_MS = 86_400_000;

function listed(name: string, more: Partial<PlacedEntry> = {}): PlacedEntry {
  return {
    list: 'entity-list',
    destination: "CHINA, PEOPLE'S REPUBLIC OF",
    country: 'CN',
    name,
    aliases: [],
    addresses: [],
    seeAlso: [],
    licenseRequirement: 'For all items subject to the EAR.',
    licenseReviewPolicy: 'Presumption of denial',
    footnotes: [],
    citations: [{ volume: 84, page: 1, on: '2019-01-02' }],
    ...more,
  };
}

describe.each(backends)('screening on $name', ({ open }) => {
  let database: TestDatabase;
  let upstream: StandIn;
  let sink: SmtpSink;
  let outbox: string;
  let parts: Parts;
  let now = '';

  beforeAll(async () => {
    database = await open();
    outbox = await mkdtemp(join(tmpdir(), 'elwatch-test-'));
    sink = await startSmtpSink();
  });
  afterAll(async () => {
    await database.close();
    await sink.close();
    await rm(outbox, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.empty();
    sink.received.length = 0;
    now = '2031-03-04T14:00:00.000Z';
    upstream = await startStandIn({ documents: [], supplements: [], today: ON });
    parts = openParts({ database, upstream, outbox, smtpUrl: sink.url, now: () => now });
    await loadBaseline(parts, {
      list: 'entity-list',
      on: '2031-01-01',
      entries: [
        listed('Old Lathe Works', { aliases: ['OLW Precision'] }),
        listed('Harbin Turbine Research Institute'),
      ],
      issues: [],
    });
  });
  afterEach(async () => {
    await parts.email.close();
    await upstream.close();
  });

  async function applyRule(rule: Parameters<typeof makeSmallRule>[0] = {}): Promise<string> {
    upstream.addDocument(makeSmallRule(rule));
    const { outcome, changeSetId } = await ingest(parts, rule?.number ?? NUMBER, rule?.publishedOn ?? ON);
    expect(outcome).toBe('applied');
    return changeSetId!;
  }
  async function tell(changeSetId: string): Promise<string[]> {
    const plain = await notify(parts, changeSetId);
    const { failed } = await screenChangeSet(parts, changeSetId);
    const screened = await notifyScreened(parts, changeSetId, { isComplete: failed === 0 });
    for (const deliveryId of [...plain, ...screened]) await deliver(parts, deliveryId);
    return sink.received.map(({ to }) => to.join()).sort();
  }
  const subscribe = (target: string, watchlists: string[], organisationId = 'operator') =>
    addSubscription(parts.db, {
      target,
      organisationId,
      filter: { ...WHOLE_FILTER, watchlists },
      createdAt: now,
    });
  /** Gives an entry another text, as a rule that revises it would. */
  async function revise(name: string, text: Partial<PlacedEntry>): Promise<string> {
    const entry = (await currentEntries(parts.db)).find((one) => one.name === name)!;
    const { entryId, list, destination, country, ...before } = entry;
    const changeSet: ChangeSet = sampleChangeSet({
      changeSetId: `cs_${now}`,
      document: null,
      knownAt: now,
      effectiveOn: ON,
    });
    await inTransaction(parts.db, (tx) =>
      commitChanges(tx, changeSet, [
        {
          kind: 'revised',
          ...{ entryId, list, destination, country, before },
          name: text.name ?? name,
          after: { ...before, ...text },
          fields: ['addresses'],
          locator: null,
        },
      ]),
    );
    return changeSet.changeSetId;
  }

  test('the moment a rule is applied, every watchlist is compared with what it added and removed', async () => {
    const ours = await uploadCsv(
      parts,
      'customers',
      'id,name,country\n4711,"Optics Acme Co., Ltd.",CN\n1,Nobody,\n2,Old Lathe Works,CN\n',
    );
    const theirs = await uploadCsv(parts, 'suppliers', 'name\nQuite Another\n');
    const changeSetId = await applyRule({ adds: ['Acme Optics Co., Ltd.'], removes: ['Old Lathe Works'] });
    expect(await screenChangeSet(parts, changeSetId)).toEqual({ failed: 0 });

    const [run] = await listRuns(parts.db, ours.watchlistId);
    expect(run).toMatchObject({
      cause: 'rule',
      changeSetId,
      names: 3,
      entries: 2,
      hits: 2,
      hidden: 0,
      version: 1,
    });
    expect(run!.sha256).toBe(ours.sha256);
    const hits = await hitsOfRun(parts.db, run!.runId);
    expect(hits).toMatchObject([
      {
        ref: '4711',
        rowNumber: 2,
        entryName: 'Acme Optics Co., Ltd.',
        changeKind: 'added',
        matched: { field: 'name', ours: 'Acme Optics Co., Ltd.', theirs: 'Optics Acme Co., Ltd.' },
        reasons: [expect.stringMatching(/same words in another order/u)],
        countryAgrees: true,
      },
      { ref: '2', theirName: 'Old Lathe Works', changeKind: 'removed', score: 1 },
    ]);

    // A run that hits nothing is evidence: of what was compared, with what, and that it was nothing.
    const [empty] = await listRuns(parts.db, theirs.watchlistId);
    expect(empty).toMatchObject({ cause: 'rule', names: 1, entries: 2, hits: 0 });
    expect(empty!.stateHashes['entity-list']).toMatch(/^[0-9a-f]{64}$/u);
    expect(empty!.stateHashes['entity-list']).toBe(run!.stateHashes['entity-list']);
  });

  test('screening twice stores one run', async () => {
    const { watchlistId } = await uploadCsv(parts, 'customers', 'name\nAcme Optics\n');
    const changeSetId = await applyRule();
    await Promise.all([screenChangeSet(parts, changeSetId), screenChangeSet(parts, changeSetId)]);
    await screenChangeSet(parts, changeSetId);
    expect(await listRuns(parts.db, watchlistId)).toHaveLength(1);
  });

  test('a watchlist is compared with the whole list at its upload, once, and on demand as often as asked', async () => {
    const watchlist = await uploadCsv(
      parts,
      'customers',
      'name\nHarbin Turbine Institute of Research\nNobody\n',
    );
    expect((await sweep(parts)).watchlistIds).toEqual([watchlist.watchlistId]);
    expect(await screenUpload(parts, watchlist.watchlistId)).toMatchObject({
      cause: 'upload',
      hits: 1,
      entries: 2,
    });
    expect((await sweep(parts)).watchlistIds).toEqual([]);
    expect(await screenUpload(parts, watchlist.watchlistId)).toBeNull();
    await screenWatchlist(parts, watchlist, 'demand');
    await screenWatchlist(parts, watchlist, 'demand');
    expect((await listRuns(parts.db, watchlist.watchlistId)).map(({ cause }) => cause).sort()).toEqual([
      'demand',
      'demand',
      'upload',
    ]);
    expect(await currentHits(parts.db, watchlist.watchlistId, now)).toHaveLength(1);
    const [run] = await listRuns(parts.db, watchlist.watchlistId);
    expect(run!.stateHashes['entity-list']).not.toBe(stateHash([]));
  });

  describe('“not a match”', () => {
    let watchlist: Watchlist;
    beforeEach(async () => {
      watchlist = await uploadCsv(parts, 'customers', 'name\nHarbin Turbine Research Institute\n');
    });
    const screenNow = async () => (await screenWatchlist(parts, watchlist, 'demand'))!;
    async function decide(expiresOn: string | null) {
      const [hit] = await currentHits(parts.db, watchlist.watchlistId, now);
      return decideNotAMatch(parts.db, watchlist.watchlistId, hit!, {
        reason: 'another city',
        who: 'ana',
        madeAt: now,
        expiresOn,
      });
    }

    const shown = () => currentHits(parts.db, watchlist.watchlistId, now);

    test('hides its pair at once, and shows it at once when it is taken back, expires or the entry changes', async () => {
      await screenNow();
      const { decisionId } = await decide(null);
      expect(await shown()).toEqual([]);
      expect(await currentHits(parts.db, watchlist.watchlistId, now, { hidden: true })).toMatchObject([
        { decisionId, isHidden: true },
      ]);
      expect(await endDecision(parts.db, watchlist.watchlistId, decisionId, now)).toBe(true);
      expect(await shown()).toMatchObject([{ isHidden: false }]);

      await decide('2031-03-04');
      // The last day is one of Washington: five hours after midnight by the clock of the world.
      now = '2031-03-05T04:59:00.000Z';
      expect(await shown()).toEqual([]);
      now = '2031-03-05T05:00:00.000Z';
      expect(await shown()).toMatchObject([{ isHidden: false }]);

      await decide(null);
      expect(await shown()).toEqual([]);
      await revise('Harbin Turbine Research Institute', { addresses: ['1 New Road, Harbin'] });
      expect(await shown()).toMatchObject([{ isHidden: false }]);
      expect(await listRuns(parts.db, watchlist.watchlistId)).toHaveLength(1);
    });

    test('shows at once what was hidden when it was found', async () => {
      await screenNow();
      const { decisionId } = await decide('2031-03-04');
      const { runId } = await screenNow();
      now = '2031-03-05T14:00:00.000Z';
      expect(await shown()).toHaveLength(1);
      await endDecision(parts.db, watchlist.watchlistId, decisionId, now);
      expect(await shown()).toHaveLength(1);
      // The run is the evidence that it was.
      expect(await findRun(parts.db, watchlist.watchlistId, runId)).toMatchObject({ hits: 1, hidden: 1 });
      expect(await hitsOfRun(parts.db, runId)).toEqual([]);
    });

    test('is one for a pair: another takes its place, the same is answered, and taking back ends all', async () => {
      await screenNow();
      const [hit] = await shown();
      const say = (reason: string) =>
        decideNotAMatch(parts.db, watchlist.watchlistId, hit!, {
          ...{ reason, who: 'ana', madeAt: now, expiresOn: null },
        });
      const first = await say('another city');
      expect(await say('another city')).toEqual(first);
      const said = await Promise.all([say('another owner'), say('another street'), say('another trade')]);
      const all = await listDecisions(parts.db, watchlist.watchlistId);
      expect(all).toHaveLength(4);
      const counting = all.filter(({ endedAt }) => endedAt === null);
      expect(counting).toHaveLength(1);
      expect(said.map(({ decisionId }) => decisionId)).toContain(counting[0]!.decisionId);
      expect(await endDecision(parts.db, watchlist.watchlistId, counting[0]!.decisionId, now)).toBe(true);
      expect(await endDecision(parts.db, watchlist.watchlistId, counting[0]!.decisionId, now)).toBe(false);
      expect(await shown()).toHaveLength(1);
    });

    test('says by the same rule what a rule that is applied tells', async () => {
      watchlist = await uploadCsv(parts, 'customers', 'name\nOld Lathe Works\n');
      await subscribe('ana@example.org', [watchlist.watchlistId]);
      await screenNow();
      const { decisionId } = await decide(null);
      await endDecision(parts.db, watchlist.watchlistId, decisionId, now);
      await decide('2031-03-04');
      now = '2031-03-05T14:00:00.000Z';
      expect(await tell(await applyRule({ removes: ['Old Lathe Works'] }))).toEqual(['ana@example.org']);
    });

    test('tells nothing of a pair while it holds', async () => {
      watchlist = await uploadCsv(parts, 'customers', 'name\nOld Lathe Works\n');
      await subscribe('ana@example.org', [watchlist.watchlistId]);
      await screenNow();
      await decide('2031-03-04');
      expect(await tell(await applyRule({ removes: ['Old Lathe Works'] }))).toEqual([]);
    });

    test('survives screening again, and a new upload of the same counterparty', async () => {
      await screenNow();
      const { decisionId } = await decide(null);
      expect(await screenNow()).toMatchObject({ hits: 1, hidden: 1 });
      watchlist = await uploadCsv(
        parts,
        'customers',
        'name,note\nOther,\n"HARBIN TURBINE Research Institute",new\n',
      );
      expect(await screenNow()).toMatchObject({ version: 2, hits: 1, hidden: 1 });
      expect(await currentHits(parts.db, watchlist.watchlistId, now)).toEqual([]);
      expect(await currentHits(parts.db, watchlist.watchlistId, now, { hidden: true })).toMatchObject([
        { decisionId, isHidden: true },
      ]);
    });

    test('ends with its last day, and when it is taken back', async () => {
      await screenNow();
      const { decisionId } = await decide('2031-03-05');
      now = new Date(Date.parse(now) + DAY_MS).toISOString();
      expect(await screenNow()).toMatchObject({ hidden: 1 });
      now = new Date(Date.parse(now) + DAY_MS).toISOString();
      const run = await screenNow();
      expect(run).toMatchObject({ hits: 1, hidden: 0 });
      expect((await hitsOfRun(parts.db, run.runId))[0]!.reasons[0]).toContain('was good until 2031-03-05');
      await decide(null);
      expect(await screenNow()).toMatchObject({ hidden: 1 });
      // The second took the place of the first.
      expect(await endDecision(parts.db, watchlist.watchlistId, decisionId, now)).toBe(false);
      const [hidden] = await currentHits(parts.db, watchlist.watchlistId, now, { hidden: true });
      await endDecision(parts.db, watchlist.watchlistId, hidden!.decisionId!, now);
      expect(await screenNow()).toMatchObject({ hidden: 0 });
    });

    test('never hides an entry that has changed, and says that it has', async () => {
      await screenNow();
      await decide(null);
      now = '2031-03-04T15:00:00.000Z';
      const changeSetId = await revise('Harbin Turbine Research Institute', {
        addresses: ['1 New Road, Harbin'],
      });
      await screenChangeSet(parts, changeSetId);
      const [run] = await listRuns(parts.db, watchlist.watchlistId);
      expect(run).toMatchObject({ cause: 'rule', hits: 1, hidden: 0 });
      expect((await hitsOfRun(parts.db, run!.runId))[0]!.reasons[0]).toBe(
        'the entry has changed since “not a match” was decided on 2031-03-04',
      );
      expect(await screenNow()).toMatchObject({ hits: 1, hidden: 0 });
    });
  });

  test('a name that a revision takes off an entry is a hit that says so: what it blocked may be free', async () => {
    await uploadCsv(parts, 'customers', 'name\nOLW Precision\n');
    const changeSetId = await revise('Old Lathe Works', { aliases: [] });
    await screenChangeSet(parts, changeSetId);
    const [{ watchlistId }] = (await listWatchlists(parts.db)) as [Watchlist];
    expect(
      (await hitsOfRun(parts.db, (await listRuns(parts.db, watchlistId))[0]!.runId))[0]!.reasons[0],
    ).toBe('the change took “OLW Precision” off the entry');
  });

  test('whoever watches counterparties is told of what hits them, and nobody of what hits others', async () => {
    const hit = await uploadCsv(parts, 'customers', 'id,name\n4711,Optics Acme Company Limited\n');
    const missed = await uploadCsv(parts, 'suppliers', 'name\nNobody\n');
    await subscribe('all@example.org', []);
    await subscribe('hit@example.org', [missed.watchlistId, hit.watchlistId]);
    await subscribe('missed@example.org', [missed.watchlistId]);
    // An id that was guessed opens nothing of another organisation.
    await subscribe('thief@example.org', [hit.watchlistId], 'public');
    const changeSetId = await applyRule({ adds: ['Acme Optics Co., Ltd.', 'Zeta 3 Institute'] });

    const plain = await notify(parts, changeSetId);
    expect(plain).toHaveLength(1);
    expect((await sweep(parts)).unscreenedIds).toEqual([changeSetId]);
    expect(await tell(changeSetId)).toEqual(['hit@example.org']);
    for (const deliveryId of plain) await deliver(parts, deliveryId);
    expect((await sweep(parts)).unscreenedIds).toEqual([]);

    const text = sink.received.find(({ to }) => to.includes('hit@example.org'))!.raw.toString();
    expect(text).toContain('Acme Optics');
    expect(text).not.toContain('Zeta 3 Institute');
    expect(text.replace(/=\r\n/gu, '').replace(/\s+/gu, ' ')).toContain(
      'YOUR COUNTERPARTIES - Your counterparty',
    );
    expect(text).toMatch(/\(row 2,\s+id\s+4711\)/u);
    const other = sink.received.find(({ to }) => to.includes('all@example.org'))!.raw.toString();
    expect(other).not.toContain('Your counterparty');
    expect(other).toContain('Zeta 3 Institute');
  });

  test('a held notice goes to whoever watches counterparties, and so does its end, hit or not', async () => {
    const { watchlistId } = await uploadCsv(parts, 'customers', 'name\nNobody\n');
    await subscribe('ana@example.org', [watchlistId]);
    upstream.addDocument(makeSmallRule({ adds: ['Acme Optics Co., Ltd.'], statedAdditions: 2 }));
    const held = await ingest(parts, NUMBER, ON);
    expect(held.outcome).toBe('held');
    expect(await tell(held.changeSetId!)).toEqual(['ana@example.org']);
    upstream.replaceDocument(NUMBER, makeSmallRule({ adds: ['Acme Optics Co., Ltd.'] }));
    now = '2031-03-04T20:30:00.000Z';
    const applied = await ingest(parts, NUMBER, ON);
    expect(applied.outcome).toBe('applied');
    expect(await tell(applied.changeSetId!)).toEqual(['ana@example.org', 'ana@example.org']);
  });

  test('a screening that fails stops no other and nobody else, is an issue, and is made up for', async () => {
    const broken = await uploadCsv(parts, 'broken', 'name\nAcme Optics\n');
    const sound = await uploadCsv(parts, 'sound', 'name\nAcme Optics\n');
    await subscribe('all@example.org', []);
    await subscribe('broken@example.org', [broken.watchlistId]);
    await subscribe('sound@example.org', [sound.watchlistId]);
    // A row that is missing: what is screened is not what was uploaded.
    await parts.db
      .updateTable('watchlist')
      .set({ rows: 2 })
      .where('watchlistId', '=', broken.watchlistId)
      .execute();
    const changeSetId = await applyRule();
    expect(await tell(changeSetId)).toEqual(['all@example.org', 'sound@example.org']);
    expect(await listIssues(parts.db, { open: true })).toMatchObject([
      { code: 'screening-failed', number: NUMBER },
    ]);
    expect((await sweep(parts)).unscreenedIds).toEqual([changeSetId]);

    await parts.db
      .updateTable('watchlist')
      .set({ rows: 1 })
      .where('watchlistId', '=', broken.watchlistId)
      .execute();
    expect(await tell(changeSetId)).toEqual(['all@example.org', 'broken@example.org', 'sound@example.org']);
    expect(await listIssues(parts.db, { open: true })).toEqual([]);
    expect((await sweep(parts)).unscreenedIds).toEqual([]);
    expect(await listDeliveries(parts.db, { changeSetId })).toHaveLength(3);
  });

  test('an upload that breaks leaves the old version as it is, and so does one with a faulty row', async () => {
    const before = await uploadCsv(parts, 'customers', 'name\nAcme\nBeta\n');
    const many = Array.from({ length: 3_000 }, (_, at) => `Company ${at}`).join('\n');
    await expect(uploadCsv(parts, 'customers', `name\n${many}\n"Open quote\n`)).rejects.toMatchObject({
      code: 'watchlist-unreadable',
    });
    await expect(
      uploadCsv(parts, 'customers', `id,name\n1,${many.replaceAll('\n', '\n1,')}\n2,\n`),
    ).rejects.toThrow();
    expect(await findWatchlist(parts.db, 'operator', 'customers')).toEqual(before);
    const { rows } = await parts.db
      .selectFrom('watchlistRow')
      .select(({ fn }) => fn.countAll().as('rows'))
      .executeTakeFirstOrThrow();
    expect(Number(rows)).toBe(2);
    const after = await uploadCsv(parts, 'customers', `name\n${many}`);
    expect(after).toMatchObject({ rows: 3_000, version: 4 });
  });

  test('a watchlist in use is not removed; one that is removed leaves nothing, and so does a tenant', async () => {
    const watchlist = await uploadCsv(parts, 'customers', 'name\nHarbin Turbine Research Institute\n');
    await uploadCsv(parts, 'theirs', 'name\nHarbin Turbine Research Institute\n', {
      organisationId: 'public',
    });
    await screenWatchlist(parts, watchlist, 'demand');
    const { subscriptionId } = await subscribe('ana@example.org', [watchlist.watchlistId]);
    await expect(removeWatchlist(parts.db, watchlist)).rejects.toMatchObject({ code: 'watchlist-in-use' });
    await parts.db.deleteFrom('subscription').where('subscriptionId', '=', subscriptionId).execute();
    await removeWatchlist(parts.db, watchlist);
    expect(await removeWatchlistsOf(parts.db, 'public')).toBe(1);
    for (const table of [
      'watchlist',
      'watchlistVersion',
      'watchlistRow',
      'screeningRun',
      'screeningHit',
    ] as const)
      expect(await parts.db.selectFrom(table).selectAll().execute(), table).toEqual([]);
  });
});
