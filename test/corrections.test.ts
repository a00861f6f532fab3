import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StandIn } from '../src/demo/stand-in.ts';
import type { Change, ChangeSet } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { appendChangeSet, changesOf } from '../src/store/changes.ts';
import { listDeliveries, suppressDelivery } from '../src/store/deliveries.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { subscribe } from '../src/subscribe.ts';
import { readSubscriptionRequest } from '../src/subscription-request.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { makeChange, makeChangeSet, makeText } from './store/facts.ts';

const RUSSIA = { entryId: 'entry-2', destination: 'RUSSIA', country: 'RU', name: 'Beta' };

describe.each(backends)('a correction of what was told, on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    const upstream = { url: 'http://127.0.0.1:9' } as StandIn;
    parts = openParts({ database, upstream, outbox: '/nonexistent', now: () => '2025-03-28T14:00:00.000Z' });
  });

  const store = (set: Partial<ChangeSet>, changes: Change[]) =>
    inTransaction(parts.db, (tx) => appendChangeSet(tx, makeChangeSet(set), changes));
  const ask = async (target: string, fields: object = {}) => {
    await subscribe(
      parts,
      readSubscriptionRequest({ channel: 'email', target, ...fields }),
      'operator',
      'the operator',
    );
  };
  const told = async (changeSetId: string) =>
    (await listDeliveries(parts.db, { changeSetId })).map(({ recipient }) => recipient.split('@')[0]).sort();

  /** A rule with an entry under China and one under Russia; then the one under China is corrected. */
  async function correct(fix: Partial<Change> = {}) {
    await store({ changeSetId: 'first' }, [
      makeChange(),
      makeChange({ ...RUSSIA, after: makeText({ name: 'Beta' }) }),
    ]);
    await notify(parts, 'first');
    const [china] = await changesOf(parts.db, 'first');
    const before = makeText();
    const after = makeText({ aliases: ['Inspur', 'Langchao'] });
    await store({ changeSetId: 'second', cause: 'reparse', follows: 'first' }, [
      makeChange({ kind: 'revised', before, after, fields: ['aliases'], ofSeq: china!.seq, ...fix }),
    ]);
  }

  test('goes to exactly those whose message said what was wrong', async () => {
    await ask('all@example.org');
    await ask('china@example.org', { destinations: ['CN'] });
    await ask('russia@example.org', { destinations: ['RU'] });
    await ask('iran@example.org', { destinations: ['IR'] });
    await correct();
    expect(await told('first')).toEqual(['all', 'china', 'russia']);
    await notify(parts, 'second');
    expect(await told('second')).toEqual(['all', 'china']);
  });

  test('goes to those who were told of another place than the right one', async () => {
    await ask('china@example.org', { destinations: ['CN'] });
    await ask('russia@example.org', { destinations: ['RU'] });
    await correct({
      ...{ destination: 'RUSSIA', country: 'RU', fields: ['destination'] },
      movedFrom: { destination: "CHINA, PEOPLE'S REPUBLIC OF", country: 'CN' },
    });
    await notify(parts, 'second');
    expect(await told('second')).toEqual(['china', 'russia']);
  });

  test('goes to nobody whose message was never sent, nor to who subscribed later', async () => {
    await ask('all@example.org');
    await ask('cancelled@example.org');
    await correct();
    const cancelled = (await listDeliveries(parts.db, { changeSetId: 'first' })).find(({ recipient }) =>
      recipient.startsWith('cancelled'),
    )!;
    await suppressDelivery(parts.db, cancelled.deliveryId, 'of the test');
    await ask('late@example.org');
    await notify(parts, 'second');
    expect(await told('second')).toEqual(['all']);
  });

  test('is told although one correction alone is fewer than the minimum', async () => {
    await ask('many@example.org', { minimumCount: 2 });
    await correct();
    await notify(parts, 'second');
    expect(await told('second')).toEqual(['many']);
  });
});
