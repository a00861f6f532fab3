import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { type App, openApp } from '../app.ts';
import { fetchBaseline, loadBaseline } from '../baseline.ts';
import type { Output } from '../cli/output.ts';
import { table } from '../cli/output.ts';
import { untilSignal } from '../cli/start.ts';
import { readConfig } from '../config.ts';
import { easternDay } from '../days.ts';
import { ElwatchError } from '../errors.ts';
import { WHOLE_FILTER } from '../model.ts';
import { countryName } from '../render/country-name.ts';
import { subjectOf } from '../render/subject.ts';
import { describeVerification } from '../render/verification.ts';
import { startService } from '../service.ts';
import { changeSetsToNotify, latestChangeSets, type StoredChangeSet } from '../store/change-sets.ts';
import { changesOf } from '../store/changes.ts';
import { listDeliveries } from '../store/deliveries.ts';
import { listDocuments } from '../store/documents.ts';
import { countEntries } from '../store/entries.ts';
import { listSourceStates } from '../store/source-state.ts';
import { addSubscription } from '../store/subscriptions.ts';
import { type StandInDocument, type StandInFiling, startStandIn } from './stand-in.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);
const RULES = ['2025-05426', '2025-05427'];
/** The list as it was before: the rules were filed on the 25th and printed on the 28th. */
const BASELINE_ON = '2025-03-24';
const DAYS = ['2025-03-25', '2025-03-26', '2025-03-27', '2025-03-28'];
/** 8:45 am in Washington, daylight saving time. */
const MORNING = 'T12:45:00.000Z';
/** Both were filed on the first day at 4:15 pm, in force at once; seen at the next look. */
const FILED_AT = 'T16:15:00.000-04:00';
const SEEN_AT = 'T20:15:30.000Z';
const POLL_MS = 300;
const PATIENCE_MS = 60_000;

async function readFixtures() {
  const documents = await Promise.all(
    RULES.map(async (number) => ({
      record: JSON.parse(await readFile(new URL(`rules/${number}/source.json`, FIXTURES), 'utf8')),
      xml: await readFile(new URL(`rules/${number}/source.xml`, FIXTURES)),
    })),
  );
  const xml = await readFile(new URL(`list/supplement-4-${BASELINE_ON}.xml.gz`, FIXTURES));
  return { documents, supplements: [{ list: 'entity-list' as const, from: BASELINE_ON, xml }] };
}

/** The filings of both rules, as the public-inspection desk showed them. */
async function readFilings(documents: StandInDocument[]): Promise<StandInFiling[]> {
  return Promise.all(
    documents.map(async ({ record }) => ({
      record: {
        document_number: record.document_number,
        title: record.title,
        type: 'Rule',
        agencies: record.agencies,
        filed_at: DAYS[0]! + FILED_AT,
        filing_type: 'special',
        publication_date: record.publication_date,
      },
      text: await readFile(new URL(`filings/${record.document_number}.txt`, FIXTURES), 'utf8'),
    })),
  );
}

/** A clock that runs at its own pace from the instant it was last set to. */
function createClock(start: string) {
  let set = Date.parse(start);
  let since = Date.now();
  return {
    now: () => new Date(set + (Date.now() - since)).toISOString(),
    set(to: string) {
      set = Date.parse(to);
      since = Date.now();
    },
  };
}

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await done())) {
    if (Date.now() > end)
      throw new ElwatchError('demo-stuck', `the replay waited ${PATIENCE_MS / 1000} s for ${what}`, {
        retry: true,
        hint: 'run it again with LOG_LEVEL=info to see where it stops',
      });
    await sleep(50);
  }
}

/**
 * Replays 25 to 28 March 2025 with the complete service on its embedded default, against a stand-in of the
 * Federal Register and eCFR that serves the packaged fixtures.
 */
export async function runDemo(
  { once, env }: { once: boolean; env: NodeJS.ProcessEnv },
  out: Output,
): Promise<void> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const dataDir = resolve(env.DATA_DIR ?? 'data', 'demo');
  say(pc.bold('Entity List Watch: replay of 25 to 28 March 2025'));
  const fixtures = await readFixtures();
  const standIn = await startStandIn({ ...fixtures, today: DAYS[0]! });
  const clock = createClock(DAYS[0]! + MORNING);
  const config = readConfig({
    DATA_DIR: dataDir,
    PORT: env.PORT ?? String(await findPort(8744)),
    MAIL_FROM: 'Entity List Watch <alerts@elwatch.example>',
    LOG_LEVEL: env.LOG_LEVEL ?? 'warn',
    FEDERAL_REGISTER_URL: standIn.url,
    ECFR_URL: standIn.url,
    GOVINFO_URL: standIn.url,
    CSL_URL: standIn.url,
    ADMIN_TOKEN: env.ADMIN_TOKEN ?? randomBytes(18).toString('base64url'),
  });
  let app: App | null = null;
  try {
    // Opening first: a demo that still runs holds the lock, and its files must not be removed.
    app = await openFresh(dataDir, config, clock.now);
    const { parts } = app;
    const service = await startService(app, {
      role: 'all',
      everyMs: { poll: POLL_MS, inspect: POLL_MS, sweep: POLL_MS },
      // The stand-in has no Consolidated Screening List of 2025 to compare with, and a clock that leaps alarms.
      unscheduled: ['baseline', 'audit', 'alarm'],
      host: '127.0.0.1',
    });
    try {
      const baseline = await loadBaseline(parts, await fetchBaseline(parts, 'entity-list', BASELINE_ON));
      say(`${pc.dim(BASELINE_ON)}  The list is loaded from (stand-in) eCFR: ${baseline.entries} entries.`);
      await addSubscription(parts.db, {
        target: 'compliance@example.com',
        filter: WHOLE_FILTER,
        createdAt: clock.now(),
      });
      await addSubscription(parts.db, {
        target: 'taiwan-desk@example.com',
        filter: { ...WHOLE_FILTER, countries: ['TW'] },
        createdAt: clock.now(),
      });

      for (const day of DAYS) {
        standIn.today = day;
        clock.set(day + MORNING);
        await until(`a poll on ${day}`, async () =>
          (await listSourceStates(parts.db)).some(
            (state) =>
              state.source === 'federal-register' &&
              state.lastSuccessAt !== null &&
              easternDay(state.lastSuccessAt) === day,
          ),
        );
        if (day !== DAYS.at(-1))
          say(`${pc.dim(day)}  The scheduled job polled the Federal Register: no rule.`);
        if (day === DAYS[0]) {
          standIn.today = day + SEEN_AT;
          clock.set(day + SEEN_AT);
          for (const filing of await readFilings(fixtures.documents)) standIn.addFiling(filing);
          const told = await untilTold(app);
          // Before the clock moves on: a mail has the date of the day on which it is sent.
          await untilSent(app);
          for (const set of told) say(`${pc.dim(`${day} 16:15`)}  ${subjectOf(set, [])}`);
        }
      }
      const last = DAYS.at(-1)!;
      await until('both rules to be applied', async () => {
        const documents = await listDocuments(parts.db, { limit: 10 });
        return documents.filter((document) => document.status !== 'new').length === RULES.length;
      });
      say(`${pc.dim(last)}  The scheduled job found ${RULES.join(' and ')}, read them and checked them.`);
      await untilSent(app);
      const summary = await summarise(app, service.url!);
      out.result(summary, () => describe(summary));
      if (summary.additions !== 82 || summary.revisions !== 4)
        throw new ElwatchError(
          'demo-differs',
          `the replay gave ${summary.additions} additions and ${summary.revisions} revisions in place of 82 and 4`,
          {
            retry: false,
            hint: 'a fixture or the parser changed: run npm test',
          },
        );
      if (!once) {
        say(
          `\nOperator and watchlists: sign in at ${service.url!}/sign-in with the token ${config.adminToken}`,
        );
        say(`The pages stay open at ${pc.bold(service.url!)} until Ctrl-C.`);
        await untilSignal();
      }
    } finally {
      await service.close();
    }
  } finally {
    await app?.close();
    await standIn.close();
  }
}

/** Waits until both filings are told as provisional. */
async function untilTold({ parts }: App): Promise<StoredChangeSet[]> {
  const told = async () =>
    (await latestChangeSets(parts.db, { limit: 10 })).filter(({ outcome }) => outcome === 'provisional');
  await until('both filings to be told', async () => (await told()).length === RULES.length);
  return (await told()).sort((a, b) => (a.document!.number < b.document!.number ? -1 : 1));
}

/** Waits until every message about what was told so far is on its way. */
async function untilSent({ parts: { db } }: App): Promise<void> {
  await until('the mail to be sent', async () => {
    if ((await changeSetsToNotify(db, 1)).length > 0) return false;
    return (await listDeliveries(db)).every((one) => one.status === 'sent');
  });
}

/** The usual port, or any free one where another program has it. */
async function findPort(usual: number): Promise<number> {
  for (const port of [usual, 0]) {
    const found = await new Promise<number | null>((settle) => {
      const server = createServer();
      server.once('error', () => settle(null));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => settle(typeof address === 'object' && address ? address.port : null));
      });
    });
    if (found !== null) return found;
  }
  return usual;
}

/** Opens an empty store in the demo's own directory; of an earlier replay nothing is kept. */
async function openFresh(
  dataDir: string,
  config: ReturnType<typeof readConfig>,
  now: () => string,
): Promise<App> {
  const earlier = await openApp(config, { now, pace: { perSecond: 100, xmlPerSecond: 100 } });
  const used = Object.keys(await countEntries(earlier.parts.db)).length > 0;
  if (!used) return earlier;
  await earlier.close();
  await rm(join(dataDir, 'pglite'), { recursive: true, force: true });
  await rm(join(dataDir, 'outbox'), { recursive: true, force: true });
  return openApp(config, { now, pace: { perSecond: 100, xmlPerSecond: 100 } });
}

async function summarise(app: App, url: string) {
  const { db } = app.parts;
  const rules = [];
  const applied = (await latestChangeSets(db, { limit: 10 })).filter(({ outcome }) => outcome === 'applied');
  for (const changeSet of applied.reverse()) {
    const changes = await changesOf(db, changeSet.changeSetId);
    const byCountry = new Map<string, number>();
    for (const change of changes)
      if (change.kind === 'added')
        byCountry.set(
          change.country ?? change.destination,
          (byCountry.get(change.country ?? change.destination) ?? 0) + 1,
        );
    rules.push({
      document: changeSet.document!.number,
      subject: subjectOf(changeSet, changes),
      verification: describeVerification(changeSet),
      effectiveOn: changeSet.effectiveOn,
      publishedOn: changeSet.document!.publishedOn,
      added: changes.filter((change) => change.kind === 'added').length,
      revised: changes.filter((change) => change.kind !== 'added' && change.kind !== 'removed').length,
      byCountry: Object.fromEntries(byCountry),
      page: `${url}/changes/${changeSet.changeSetId}`,
    });
  }
  const deliveries = await listDeliveries(db);
  return {
    additions: rules.reduce((sum, rule) => sum + rule.added, 0),
    additionsUnderChina: rules.reduce((sum, rule) => sum + (rule.byCountry.CN ?? 0), 0),
    revisions: rules.reduce((sum, rule) => sum + rule.revised, 0),
    entriesNow: (await countEntries(db))['entity-list'] ?? 0,
    rules,
    mail: deliveries.map((delivery) => delivery.outcome).sort(),
    pages: {
      start: `${url}/`,
      atom: `${url}/feed.atom`,
      jsonFeed: `${url}/feed.json`,
      changes: `${url}/api/v1/changes?after=0`,
    },
  };
}

function describe(summary: Awaited<ReturnType<typeof summarise>>): string {
  const countries = new Map<string, number>();
  for (const rule of summary.rules)
    for (const [country, count] of Object.entries(rule.byCountry))
      countries.set(country, (countries.get(country) ?? 0) + count);
  return [
    '',
    ...summary.rules.flatMap((rule) => [
      `${pc.bold(rule.document)}  ${rule.subject}`,
      `  ${pc.green(rule.verification)} In force since ${rule.effectiveOn}, printed on ${rule.publishedOn}.`,
    ]),
    '',
    `${pc.bold(String(summary.additions))} additions, ${pc.bold(String(summary.additionsUnderChina))} of them under China, and ${pc.bold(String(summary.revisions))} revisions; the list now has ${summary.entriesNow} entries.`,
    table(
      ['destination', 'added'],
      [...countries].sort((a, b) => b[1] - a[1]).map(([country, count]) => [countryName(country), count]),
    ),
    '',
    'Mail (open with any mail program):',
    ...summary.mail.map((path) => `  ${path}`),
    'Pages and feeds:',
    ...Object.values(summary.pages).map((page) => `  ${page}`),
    ...summary.rules.map((rule) => `  ${rule.page}`),
  ].join('\n');
}
