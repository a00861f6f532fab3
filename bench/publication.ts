import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { openApp } from '../src/app.ts';
import { fetchBaseline, loadBaseline } from '../src/baseline.ts';
import { readConfig } from '../src/config.ts';
import { startStandIn } from '../src/demo/stand-in.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { startService } from '../src/service.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { places } from '../test/helpers/databases.ts';
import { makeSmallRule } from '../test/helpers/small-rule.ts';
import { startChild } from './child.ts';
import type { Figure } from './measure.ts';

const SUPPLEMENT = new URL('../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url);
const POLL_MS = 1_000;
/** Subscribers, and how much later than the next look the last mail may be taken. */
const GOALS = [
  { subscribers: 1, lateMs: 5_000 },
  { subscribers: 1_000, lateMs: 7_000 },
  { subscribers: 10_000, lateMs: 20_000 },
];
const BODY = `From: alerts@example.org\r\nSubject: bench\r\n\r\n${'A line of a mail that lists an entry.\r\n'.repeat(120)}`;

/**
 * From the moment a rule can be seen at the Federal Register to the moment a mail server has the last mail about it,
 * through the scheduled jobs of the whole service. Against bare nodemailer that sends as many mails of one ready text.
 */
export async function benchPublication(): Promise<Figure[]> {
  const place = places.find(({ name }) => name === 'PostgreSQL') ?? places[0]!;
  const opened = await place.open();
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-bench-'));
  const sink = startChild('./smtp-sink.ts');
  const smtpPort = Number(await sink.nextLine());
  const upstream = await startStandIn({
    documents: [],
    supplements: [{ list: 'entity-list', from: '2025-03-24', xml: await readFile(SUPPLEMENT) }],
    today: '2025-03-28',
  });
  const config = readConfig({
    DATA_DIR: dataDir,
    ...opened.environment,
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    MAIL_FROM: 'alerts@example.org',
    PORT: '0',
    FEDERAL_REGISTER_URL: upstream.url,
    ECFR_URL: upstream.url,
    GOVINFO_URL: upstream.url,
    CSL_URL: upstream.url,
    LOG_LEVEL: 'silent',
  });
  const app = await openApp(config, {
    now: () => '2025-03-28T12:45:00.000Z',
    pace: { perSecond: 100, xmlPerSecond: 100 },
  });
  try {
    await loadBaseline(app.parts, await fetchBaseline(app.parts, 'entity-list', '2025-03-24'));
    const service = await startService(app, {
      role: 'all',
      host: '127.0.0.1',
      everyMs: { poll: POLL_MS },
      unscheduled: ['baseline', 'audit'],
    });
    const figures: Figure[] = [];
    let subscribers = 0;
    for (const [at, goal] of GOALS.entries()) {
      await inTransaction(app.parts.db, async (tx) => {
        for (; subscribers < goal.subscribers; subscribers += 1)
          await addSubscription(tx, {
            target: `user${subscribers}@example.org`,
            filter: WHOLE_FILTER,
            createdAt: app.parts.now(),
          });
      });
      const before = await countOf(sink.child);
      const begun = performance.now();
      upstream.addDocument(
        makeSmallRule({
          number: `2025-1000${at}`,
          publishedOn: '2025-03-28',
          startPage: 50_000 + at * 10,
          adds: [`Bench ${at} Optics Co., Ltd.`],
        }),
      );
      await untilCount(sink.child, before + goal.subscribers);
      const milliseconds = performance.now() - begun;
      const baselineMilliseconds = await sendBare(smtpPort, goal.subscribers);
      figures.push({
        name: `from a rule that can be seen to the last of ${goal.subscribers.toLocaleString('en')} mails on ${place.name}, a look each ${POLL_MS / 1000} s`,
        milliseconds,
        baseline: 'bare nodemailer with as many copies of one ready text',
        baselineMilliseconds,
        ratio: milliseconds / baselineMilliseconds,
        goal: {
          text: `at most ${goal.lateMs / 1000} s after the next look`,
          reached: milliseconds <= POLL_MS + goal.lateMs,
        },
      });
    }
    await service.close();
    return figures;
  } finally {
    await app.close();
    await upstream.close();
    sink.child.kill();
    await opened.forget();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function countOf(sink: ChildProcess): Promise<number> {
  sink.send('count');
  const [count] = (await once(sink, 'message')) as [number];
  return count;
}

async function untilCount(sink: ChildProcess, count: number): Promise<void> {
  while ((await countOf(sink)) < count) await sleep(20);
}

async function sendBare(port: number, count: number): Promise<number> {
  const transport = nodemailer.createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: 4,
    maxMessages: Infinity,
  });
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: count }, (_none, at) =>
      transport.sendMail({
        envelope: { from: 'alerts@example.org', to: [`user${at}@example.org`] },
        raw: BODY,
      }),
    ),
  );
  transport.close();
  return performance.now() - begun;
}
