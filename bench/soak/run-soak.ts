import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { load } from 'cheerio';
import { type App, openApp } from '../../src/app.ts';
import { fetchBaseline, loadBaseline } from '../../src/baseline.ts';
import { readConfig } from '../../src/config.ts';
import { easternDay } from '../../src/days.ts';
import type { Fault } from '../../src/demo/stand-in.ts';
import { WHOLE_FILTER } from '../../src/model.ts';
import { changesAfter } from '../../src/store/changes.ts';
import { listDeliveries, type StoredDelivery } from '../../src/store/deliveries.ts';
import { addSubscription } from '../../src/store/subscriptions.ts';
import { subscribe } from '../../src/subscribe.ts';
import { readSubscriptionRequest } from '../../src/subscription-request.ts';
import type { Place } from '../../test/helpers/databases.ts';
import { freePort } from '../../test/helpers/free-port.ts';
import { openRedisDatabase } from '../../test/helpers/redis-database.ts';
import { startElwatch } from '../../test/helpers/start-elwatch.ts';
import {
  readOutcome,
  runUndisturbed,
  startListUpstream,
  upstreamAddresses,
} from '../../test/helpers/undisturbed.ts';
import { until } from '../../test/helpers/until.ts';
import type { WrittenRule } from '../../test/helpers/write-rule.ts';
import { type Chances, createChaos } from './chaos.ts';
import { followChanges, listenToStream } from './readers.ts';
import { startFaultyHooks, startFaultyMailServer, type Taken } from './receivers.ts';
import { createRuleWriter } from './rules.ts';
import { type Load, sampleLoad } from './samples.ts';

export interface SoakOptions {
  place: Place;
  /** For so long rules come and faults go on, and until `LEAST_RULES` are read. */
  seconds: number;
  seed: number;
  /** Ends of the process by SIGKILL, in the first third of the time: the rest is one life, whose memory is measured. */
  kills: number;
  /** Who is told of every rule. */
  mailReaders: number;
  hooks: number;
  /** Whether what hangs does so until the service gives it up, which takes a minute. */
  hangsLong: boolean;
  onProgress?(said: {
    seconds: number;
    rules: number;
    messages: number;
    faults: number;
    kills: number;
  }): void;
}

/** What a soak came to; all is well where `problems` is empty. */
export interface Soak {
  store: string;
  seed: number;
  seconds: number;
  rules: number;
  changes: number;
  kills: number;
  /** How often each thing went wrong, by place. */
  faults: Record<string, Record<string, number>>;
  messages: {
    due: number;
    came: number;
    /** Came once more under the same id. */
    repeats: number;
    /** Of the ledger: those that it says may have come twice. */
    flagged: number;
    /** Waited for another try when the faults were over. */
    waiting: number;
  };
  /** Answers to the reader of the changes by status; `none` where nobody answered. */
  answers: Record<string, number>;
  /** Of the service in the last two thirds of the time. */
  load: Load;
  /** From the end of the faults until all was told. */
  finishSeconds: number;
  problems: string[];
}

/** In percent of requests; none of them changes what the true answer is the next time. */
const UPSTREAM = {
  500: 2,
  503: 3,
  429: 3,
  'asks for two seconds': 2,
  reset: 3,
  truncate: 3,
  'truncate-gzip': 2,
  'request-access-html': 2,
  empty: 2,
  'wrong-type': 2,
  slow: 3,
} satisfies Chances<string>;
const UPSTREAM_HANGS = { stall: 0.3, 'stall-body': 0.3 } satisfies Chances<string>;

/** On a machine so slow that one rule takes the whole time, it is a soak all the same. */
const LEAST_RULES = 3;
const NUDGE_MS = 700;
const SAMPLE_MS = 2_000;
const LONGEST_PAUSE_MS = 1_500;
/** As long as the service may need for a rule, its tries and their waits, or to catch up. */
const PATIENCE_SECONDS = 240;
/** A mail server that hangs for long is given up after 60 s. */
const LONG_HANG_MS = 65_000;
const SHORT_HANG_MS = 3_000;
/** The longest wait that a few tries lead to: half an hour, and what is added at random. */
const LONGEST_WAIT_MS = 45 * 60_000;

/**
 * Runs the whole service as a process while rules come one after the other, and everything around it fails at random
 * now and then; then lets it finish, and compares what it came to with a run that nobody disturbed.
 *
 * @throws Error where a rule is not applied, or the service does not start, in time
 */
export async function runSoak(options: SoakOptions): Promise<Soak> {
  const closers: (() => unknown)[] = [];
  try {
    return await soak(options, closers);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function soak(options: SoakOptions, closers: (() => unknown)[]): Promise<Soak> {
  const { place, seconds, seed, kills } = options;
  const today = easternDay(new Date().toISOString());
  const chaos = createChaos(seed);
  const upstreamFaults = { ...UPSTREAM, ...(options.hangsLong ? UPSTREAM_HANGS : {}) };
  let isBegun = false;
  const upstream = await startListUpstream(today, () => {
    const drawn = isBegun ? chaos.draw<string>('upstream', upstreamFaults) : null;
    if (drawn === 'asks for two seconds') return { status: 503, retryAfter: 2 };
    return drawn === null || Number.isNaN(Number(drawn)) ? (drawn as Fault | null) : Number(drawn);
  });
  closers.push(() => upstream.close());
  const mail = await startFaultyMailServer(chaos, options.hangsLong ? LONG_HANG_MS : SHORT_HANG_MS);
  closers.push(() => mail.close());
  const secrets = new Map<string, string>();
  const unsigned: string[] = [];
  const hooks = await startFaultyHooks(chaos, secrets, unsigned);
  closers.push(() => hooks.close());
  // What hangs there is let go.
  closers.push(() => chaos.end());
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-soak-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const { environment, forget } = await place.open();
  closers.push(forget);
  const redis = environment.REDIS_URL === undefined ? null : await openRedisDatabase(environment.REDIS_URL);
  if (redis !== null) closers.push(redis.forget);
  const [port, metricsPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const adminToken = randomBytes(18).toString('base64url');
  const settings = {
    ...environment,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    ...upstreamAddresses(upstream),
    ...{ DATA_DIR: dataDir, SMTP_URL: mail.url, MAIL_FROM: 'alerts@example.org' },
    ...{ PORT: String(port), BASE_URL: url, ADMIN_TOKEN: adminToken, API_PER_MINUTE: '100000' },
    ...{ METRICS_PORT: String(metricsPort), WEBHOOK_ALLOW_HOSTS: '127.0.0.1', LOG_LEVEL: 'info' },
  };
  const withApp = async <T>(work: (app: App) => Promise<T>): Promise<T> => {
    const app = await openApp(readConfig({ ...settings, LOG_LEVEL: 'silent' }));
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  };
  await withApp(async ({ parts }) => {
    await loadBaseline(parts, await fetchBaseline(parts, 'entity-list', null));
    const createdAt = parts.now();
    // Each of a domain of its own: one that asks for a pause holds up nobody else.
    for (let reader = 0; reader < options.mailReaders; reader += 1)
      await addSubscription(parts.db, {
        target: `reader@place-${reader}.example.org`,
        filter: WHOLE_FILTER,
        createdAt,
      });
    for (let hook = 0; hook < options.hooks; hook += 1) {
      const request = { channel: 'webhook', target: `${hooks.url}/hook-${hook}` };
      const made = await subscribe(parts, readSubscriptionRequest(request), 'operator', 'the soak');
      secrets.set(`/hook-${hook}`, made.signingSecret!);
    }
  });

  let service = startElwatch(settings);
  closers.push(() => service.kill());
  await service.started();
  const checkSources = await signIn(url, adminToken);

  const problems: string[] = [];
  const check = (isSo: boolean, problem: string) => {
    if (!isSo) problems.push(problem);
  };
  const answers: Record<string, number> = {};
  const applied = new Set<string>();
  const reader = followChanges(url, answers, (number) => applied.add(number));
  closers.push(() => reader.stop());
  const listener = listenToStream(url, chaos);
  closers.push(() => listener.stop());

  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1_000;
  isBegun = true;
  const rules: WrittenRule[] = [];
  let killed = 0;
  let isOver = false;
  closers.push(() => {
    isOver = true;
  });
  const cameSoFar = () => mail.taken.size + hooks.taken.size;
  const tell = () => {
    const faults = Object.values(chaos.counts).flatMap((one) => Object.values(one));
    options.onProgress?.({
      ...{ seconds: elapsed(), rules: applied.size, messages: cameSoFar(), kills: killed },
      faults: faults.reduce((sum, one) => sum + one, 0),
    });
  };

  /** A schedule of two minutes is too slow for this: the operator presses the button. */
  const nudging = (async () => {
    for (; !isOver; await sleep(NUDGE_MS)) {
      await checkSources();
      tell();
    }
  })();
  const killing = (async () => {
    for (; killed < kills; killed += 1) {
      await sleepUntil(((killed + 1) / (kills + 1)) * (seconds / 3), elapsed);
      await service.kill();
      service = startElwatch(settings);
      await service.started();
    }
    await sleepUntil(seconds / 3, elapsed);
    return sampleLoad(`http://127.0.0.1:${metricsPort}/metrics`, SAMPLE_MS);
  })();
  const writeNext = createRuleWriter(seed, today);
  while (elapsed() < seconds || rules.length < LEAST_RULES) {
    const rule = writeNext();
    rules.push(rule);
    upstream.addDocument(rule);
    const number = String(rule.record.document_number);
    await until(`rule ${number}, at ${elapsed().toFixed(0)} s`, () => applied.has(number), PATIENCE_SECONDS);
    await sleep(LONGEST_PAUSE_MS * chaos.random('pauses'));
  }
  const load = await (await killing).stop();
  chaos.end();
  const overAt = performance.now();

  const due = rules.length * (options.mailReaders + options.hooks);
  const latest = reader.seqs.at(-1);
  await until('the stream to tell the last change', () => listener.seqs.at(-1) === latest, 60);
  isOver = true;
  await nudging;
  await reader.stop();
  await listener.stop();
  check((await service.stop()) === 0, `the service did not end well: ${service.said().slice(-500)}`);
  // What failed waits for minutes, or for half an hour: the time of its next try is brought forward.
  const waiting = await withApp(async ({ parts }) => {
    const before = await listDeliveries(parts.db, { status: 'due', limit: due + 1_000 });
    const now = Date.parse(parts.now());
    for (const { deliveryId, dueAt } of before)
      check(Date.parse(dueAt) - now < LONGEST_WAIT_MS, `${deliveryId} waits until ${dueAt}`);
    await parts.db.updateTable('delivery').set({ dueAt: parts.now() }).where('status', '=', 'due').execute();
    return before.length;
  });
  service = startElwatch(settings);
  await service.started();
  const end = performance.now() + PATIENCE_SECONDS * 1_000;
  while (cameSoFar() < due && performance.now() < end) await sleep(50);
  const finishSeconds = (performance.now() - overAt) / 1_000;
  // What is had and not in the ledger yet.
  await sleep(1_500);
  check((await service.stop()) === 0, `the service did not end well: ${service.said().slice(-500)}`);

  const { outcome, ledger, all } = await withApp(async ({ parts }) => ({
    outcome: await readOutcome(parts.db),
    all: (await changesAfter(parts.db, { after: 0, limit: 1_000_000 })).map(({ seq }) => seq),
    ledger: await listDeliveries(parts.db, { limit: due + 1_000 }),
  }));
  problems.push(...judgeMessages(ledger, due, [mail.taken, hooks.taken]), ...unsigned);
  const undisturbed = await runUndisturbed(rules, today);
  problems.push(...compareOutcomes(outcome, undisturbed));
  check(
    outcome.documents.length === rules.length &&
      outcome.documents.every(({ status }) => status === 'applied'),
    'not every rule is applied',
  );
  check(isDeepStrictEqual(reader.seqs, all), 'the reader of the changes saw others, or in another order');
  check(isDeepStrictEqual(listener.seqs, all), 'the stream told others, or in another order');
  check(
    Object.keys(answers).every((status) => ['200', '503', 'none'].includes(status)),
    `the changes were answered with ${Object.keys(answers).join(', ')}`,
  );
  const took = [...mail.taken.values(), ...hooks.taken.values()];
  return {
    ...{ store: place.name, seed, seconds, rules: rules.length, changes: all.length, kills: killed },
    faults: chaos.counts,
    messages: {
      due,
      came: took.length,
      repeats: took.reduce((sum, times) => sum + times - 1, 0),
      flagged: ledger.filter(({ maybeDuplicate }) => maybeDuplicate).length,
      waiting,
    },
    ...{ answers, load, finishSeconds, problems },
  };
}

async function sleepUntil(seconds: number, elapsed: () => number): Promise<void> {
  await sleep(Math.max(0, seconds - elapsed()) * 1_000);
}

/** Signs in as the operator does; answers what presses “Check now”. It may fail, where nobody answers. */
async function signIn(url: string, token: string): Promise<() => Promise<unknown>> {
  const post = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(20_000),
    });
  const answer = await post('/sign-in', { token });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const page = await (await fetch(`${url}/sign-in`, { headers: { cookie } })).text();
  const csrf = load(page)('input[name=csrf]').attr('value') ?? '';
  return () => post('/operator/sources/check', { csrf }, cookie).catch(() => null);
}

/** Each message that is due came, and came again only where the ledger says that it may have. */
function judgeMessages(ledger: readonly StoredDelivery[], due: number, taken: readonly Taken[]): string[] {
  const timesOf = (id: string) => taken.reduce((sum, one) => sum + (one.get(id) ?? 0), 0);
  const pairs = new Set(ledger.map(({ changeSetId, subscriptionId }) => `${changeSetId} ${subscriptionId}`));
  const ids = new Set(ledger.map(idOf));
  const strays = taken.flatMap((one) => [...one.keys()]).filter((id) => !ids.has(id));
  return [
    ...(pairs.size === due && ledger.length === due
      ? []
      : [`${ledger.length} messages in the ledger, not ${due}`]),
    ...strays.map((id) => `${id} came, which the ledger does not know`),
    ...ledger.flatMap((one) => {
      const { channel, status, maybeDuplicate, attempts, outcome, recipient } = one;
      const times = timesOf(idOf(one));
      const what = `${channel} ${idOf(one)} to ${recipient} (${attempts} tries, ${outcome})`;
      return [
        ...(status === 'sent' ? [] : [`${what} is ${status}`]),
        ...(times > 0 ? [] : [`${what} never came`]),
        ...(times > 1 && !maybeDuplicate ? [`${what} came ${times} times, which the ledger denies`] : []),
      ];
    }),
  ];
}

/** Of the message, as its receiver knows it. */
function idOf({ channel, messageId, deliveryId }: StoredDelivery): string {
  return channel === 'email' ? messageId : deliveryId;
}

type Outcome = Awaited<ReturnType<typeof readOutcome>>;

function compareOutcomes(ours: Outcome, undisturbed: Outcome): string[] {
  return (Object.keys(undisturbed) as (keyof Outcome)[]).flatMap((part) => {
    const [here, there] = [ours[part], undisturbed[part]];
    if (isDeepStrictEqual(here, there)) return [];
    if (typeof here === 'string' || typeof there === 'string') return [`${part}: ${here}, not ${there}`];
    const at = there.findIndex((one, nth) => !isDeepStrictEqual(one, here[nth]));
    const said = `${JSON.stringify(here[at])}, not ${JSON.stringify(there[at])}`;
    return [`${part} ${at} of ${there.length}: ${said.slice(0, 2_000)}`];
  });
}
