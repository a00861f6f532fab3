import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { addDays, easternDay } from '../src/days.ts';
import { startStandIn } from '../src/demo/stand-in.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { changesAfter } from '../src/store/changes.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { startSmtpSink } from './helpers/smtp-sink.ts';
import { until } from './helpers/until.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** The service as a process of its own, on real time, against the stand-in and a real mail server. */
async function prepare() {
  const today = easternDay(new Date().toISOString());
  const upstream = await startStandIn({
    documents: [makeSmallRule({ publishedOn: today, adds: ['Acme Optics Co., Ltd.', 'Zeta 3 Institute'] })],
    supplements: [
      {
        list: 'entity-list',
        from: addDays(today, -30),
        xml: await readFile(new URL('../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url)),
      },
    ],
    today,
  });
  closers.push(() => upstream.close());
  const sink = await startSmtpSink();
  closers.push(() => sink.close());
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-restart-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const environment = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: dataDir,
    PORT: '0',
    SMTP_URL: sink.url,
    MAIL_FROM: 'alerts@example.org',
    FEDERAL_REGISTER_URL: upstream.url,
    ECFR_URL: upstream.url,
    GOVINFO_URL: upstream.url,
    CSL_URL: upstream.url,
    LOG_LEVEL: 'info',
  };
  const start = () => {
    const child = spawn(join(root, 'bin/elwatch'), ['start'], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const log: string[] = [];
    child.stderr!.on('data', (chunk) => log.push(String(chunk)));
    closers.push(() => child.kill('SIGKILL'));
    return { child, log };
  };
  const open = () => openApp(readConfig({ ...environment, LOG_LEVEL: 'silent' }));
  return { upstream, sink, start, open };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once('exit', resolve));
  return child.exitCode;
}

test('a new installation loads its list, applies a rule and mails it; SIGTERM ends it cleanly', async () => {
  const { sink, start, open } = await prepare();
  const app = await open();
  await addSubscription(app.parts.db, {
    target: 'ana@example.org',
    filter: WHOLE_FILTER,
    createdAt: new Date().toISOString(),
  });
  await app.close();
  const { child } = start();
  await until('the mail', () => sink.received.length > 0);
  expect(sink.received[0]?.mail.subject).toBe('BIS adds 2 entities to the Entity List: China 2');
  child.kill('SIGTERM');
  expect(await ended(child)).toBe(0);
});

test('a request that is never answered does not keep it from ending', async () => {
  const { upstream, start } = await prepare();
  upstream.failNext('/', 'stall', 100);
  const { child, log } = start();
  await until('the service', () => log.join('').includes('listens on'));
  await sleep(500);
  const asked = Date.now();
  child.kill('SIGTERM');
  expect(await ended(child)).toBe(0);
  expect(Date.now() - asked).toBeLessThan(25_000);
});

test('killed again and again, it loses nothing and sends each message once', {
  timeout: 180_000,
}, async () => {
  const { sink, start, open } = await prepare();
  const first = await open();
  for (const target of ['ana@example.org', 'bo@example.org', 'cy@example.org'])
    await addSubscription(first.parts.db, {
      target,
      filter: WHOLE_FILTER,
      createdAt: new Date().toISOString(),
    });
  await first.close();
  for (const wait of [700, 1_100, 1_500, 1_900, 2_300]) {
    const { child } = start();
    await sleep(wait);
    child.kill('SIGKILL');
    await ended(child);
  }
  const { child } = start();
  await until('the mail', () => new Set(sink.received.flatMap(({ to }) => to)).size === 3, 120);
  child.kill('SIGTERM');
  await ended(child);
  const app = await open();
  try {
    const added = (await changesAfter(app.parts.db, { after: 0, limit: 100 })).map((change) => change.name);
    expect(added.sort()).toEqual(['Acme Optics Co., Ltd.', 'Zeta 3 Institute']);
    const deliveries = await listDeliveries(app.parts.db);
    expect(deliveries.map((one) => one.status)).toEqual(['sent', 'sent', 'sent']);
    // A message can come twice only where a kill fell between DATA and its answer; the ledger then says so.
    for (const { messageId, maybeDuplicate } of deliveries) {
      const copies = sink.received.filter(({ mail }) => mail.messageId === messageId).length;
      expect(copies).toBeGreaterThanOrEqual(1);
      expect(copies).toBeLessThanOrEqual(maybeDuplicate ? 2 : 1);
    }
  } finally {
    await app.close();
  }
});
