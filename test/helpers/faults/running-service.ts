import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { type Service, startService } from '../../../src/service.ts';
import { appendChangeSet } from '../../../src/store/changes.ts';
import { listDeliveries } from '../../../src/store/deliveries.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { subscribe } from '../../../src/subscribe.ts';
import { readSubscriptionRequest } from '../../../src/subscription-request.ts';
import { makeChange, makeChangeSet, makeHead } from '../../store/facts.ts';
import { type Receiver, startReceiver } from '../receiver.ts';

export interface RunningService {
  app: App;
  service: Service;
  url: string;
  receiver: Receiver;
  /** What the receiver answers, 204 at first. */
  answer: { status: number };
  /** A rule is applied; the sweep finds it. */
  apply(number: string): Promise<void>;
  /** The rules that the receiver took, each as often as it did, in order of number. */
  told(): string[];
  /** How many messages were tried and wait for another try. */
  waiting(): Promise<number>;
}

/**
 * The whole service in this process with one webhook, whose upstream is away, so that nothing but its own jobs move
 * it. `closers` are to be called from the last to the first.
 */
export async function startRunningService(
  environment: Record<string, string>,
  closers: (() => unknown)[],
): Promise<RunningService> {
  const answer = { status: 204 };
  const taken: string[] = [];
  const receiver = await startReceiver((response, _request, { body }) => {
    if (answer.status === 204) taken.push(JSON.parse(body).data.document.number);
    response.writeHead(answer.status).end();
  });
  closers.push(() => receiver.close());
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-fault-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const nowhere = 'http://127.0.0.1:9';
  const config = readConfig({
    DATA_DIR: dataDir,
    WEBHOOK_ALLOW_HOSTS: '127.0.0.1',
    PORT: '0',
    BASE_URL: 'http://elwatch.example.org',
    API_PER_MINUTE: '100000',
    FEDERAL_REGISTER_URL: nowhere,
    ECFR_URL: nowhere,
    GOVINFO_URL: nowhere,
    CSL_URL: nowhere,
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const app = await openApp(config);
  closers.push(() => app.close());
  const { parts } = app;
  const asked = { channel: 'webhook', target: `${receiver.origin}/hook` };
  await subscribe(parts, readSubscriptionRequest(asked), 'operator', 'the test');
  const service = await startService(app, {
    role: 'all',
    host: '127.0.0.1',
    everyMs: { sweep: 500, canary: 500 },
    unscheduled: ['baseline', 'audit', 'poll', 'inspect'],
  });
  closers.push(() => service.close());
  return {
    app,
    service,
    url: service.url!,
    receiver,
    answer,
    apply: (number) =>
      inTransaction(parts.db, (tx) =>
        appendChangeSet(
          tx,
          makeChangeSet({ changeSetId: number, document: makeHead({ number }), knownAt: parts.now() }),
          [makeChange({ entryId: number })],
        ),
      ).then(() => {}),
    told: () => [...taken].sort(),
    waiting: async () =>
      (await listDeliveries(parts.db)).filter(({ status, attempts }) => status === 'due' && attempts > 0)
        .length,
  };
}
