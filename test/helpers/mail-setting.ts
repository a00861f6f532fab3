import { createEmailChannel } from '../../src/channel/email.ts';
import { deliver } from '../../src/deliver.ts';
import type { StandIn } from '../../src/demo/stand-in.ts';
import { WHOLE_FILTER } from '../../src/model.ts';
import { notify } from '../../src/notify.ts';
import type { Parts } from '../../src/parts.ts';
import { createBounceMailbox } from '../../src/source/bounce-mailbox.ts';
import { appendChangeSet } from '../../src/store/changes.ts';
import { addSubscription } from '../../src/store/subscriptions.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { makeChange, makeChangeSet, makeHead } from '../store/facts.ts';
import type { TestDatabase } from './databases.ts';
import { openParts } from './parts.ts';

const BOUNCE_ADDRESS = 'bounces@watch.example.org';

export interface MailSetting {
  parts: Parts;
  clock: { ms: number };
  subscribe(target: string): Promise<string>;
  /** A rule is applied and told to all; answers the deliveries. */
  tell(number: string): Promise<string[]>;
  deliver(deliveryId: string): ReturnType<typeof deliver>;
  close(): Promise<void>;
}

/** A store, a mail channel to an SMTP server on that port, and a mailbox for bounces; the clock stands still. */
export function openMailSetting(database: TestDatabase, smtpPort: number, imapUrl?: string): MailSetting {
  const clock = { ms: Date.parse('2025-03-28T12:45:00Z') };
  const parts: Parts = {
    ...openParts({
      database,
      // Nothing is asked of it.
      upstream: { url: 'http://127.0.0.1:9' } as StandIn,
      outbox: '/nonexistent',
      now: () => new Date(clock.ms).toISOString(),
    }),
    email: createEmailChannel({
      smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
      mailFrom: 'alerts@watch.example.org',
      outboxDir: '/nonexistent',
      bounceAddress: BOUNCE_ADDRESS,
      timeoutSeconds: 5,
      now: () => clock.ms,
    }),
    bounces:
      imapUrl === undefined
        ? null
        : createBounceMailbox({ url: imapUrl, address: BOUNCE_ADDRESS, timeoutSeconds: 5 }),
  };
  return {
    parts,
    clock,
    subscribe: async (target) =>
      (await addSubscription(parts.db, { target, filter: WHOLE_FILTER, createdAt: parts.now() }))
        .subscriptionId,
    tell: async (number) => {
      clock.ms += 60_000;
      const changeSet = makeChangeSet({
        changeSetId: number,
        document: makeHead({ number }),
        knownAt: parts.now(),
      });
      await inTransaction(parts.db, (tx) => appendChangeSet(tx, changeSet, [makeChange()]));
      return notify(parts, number);
    },
    deliver: (deliveryId) => deliver(parts, deliveryId),
    close: () => parts.email.close(),
  };
}
