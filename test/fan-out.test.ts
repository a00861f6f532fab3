import { type Kysely, type KyselyPlugin, RawNode } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_NOTICES, WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import { isNotified } from '../src/store/change-chain.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { toJson } from '../src/store/clean-text.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import type { Schema } from '../src/store/schema.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { type MailSetting, openMailSetting } from './helpers/mail-setting.ts';
import { makeChange, makeChangeSet } from './store/facts.ts';

/** Three pages of a thousand, the last of them not full. */
const MANY = 2_500;
const RULE = makeChangeSet();

describe.each(backends)('a rule that is told to thousands on $name', ({ name, open }) => {
  let database: TestDatabase;
  let setting: MailSetting;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    setting = openMailSetting(database, 9);
    await addMany(database.kysely);
    await inTransaction(database.kysely, (tx) => appendChangeSet(tx, RULE, [makeChange()]));
  });
  afterEach(() => setting.close());

  /** How many messages each has that is in the ledger, by subscription. */
  async function countByWhom(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const { subscriptionId } of await listDeliveries(database.kysely, { limit: 2 * MANY }))
      counts.set(subscriptionId, (counts.get(subscriptionId) ?? 0) + 1);
    return counts;
  }
  const tell = (onPage: (nth: number) => unknown = () => {}) =>
    notify({ ...setting.parts, db: watchPages(database.kysely, onPage) }, RULE.changeSetId);

  test('is read and told in pages, and comes to each once', async () => {
    const pages: number[] = [];
    expect(await tell((nth) => pages.push(nth))).toHaveLength(MANY);
    expect(pages).toEqual([1, 2, 3]);
    expect(await tell()).toEqual([]);
    const counts = await countByWhom();
    expect(counts.size).toBe(MANY);
    expect(new Set(counts.values())).toEqual(new Set([1]));
  });

  test('and breaks off between two pages has told nobody, and all the next time', async () => {
    await expect(
      tell((nth) => {
        if (nth === 2) throw new Error('power cut');
      }),
    ).rejects.toThrow('power cut');
    expect((await countByWhom()).size).toBe(0);
    expect(await isNotified(database.kysely, RULE.changeSetId)).toBe(false);
    expect(await tell()).toHaveLength(MANY);
    expect(new Set((await countByWhom()).values())).toEqual(new Set([1]));
  });

  test('leaves out who comes meanwhile, wherever they would stand, and tells them once if it runs again', async () => {
    let coming: Promise<string[]> | undefined;
    const ids = await tell((nth) => {
      if (nth !== 1) return;
      coming = addNewcomers(database.kysely);
      // PGlite is one session: there they wait until the deliveries are made.
      return name === 'postgres' ? coming : undefined;
    });
    const newcomers = await coming!;
    expect(ids).toHaveLength(MANY);
    const counts = await countByWhom();
    expect(newcomers.filter((id) => counts.has(id))).toEqual([]);
    expect(await tell()).toHaveLength(newcomers.length);
    const after = await countByWhom();
    expect(newcomers.map((id) => after.get(id))).toEqual(newcomers.map(() => 1));
    expect(new Set(after.values())).toEqual(new Set([1]));
    expect(after.size).toBe(MANY + newcomers.length);
  });
});

/** Calls back when a page of subscriptions was read, and goes on when that is done. */
function watchPages(db: Kysely<Schema>, onPage: (nth: number) => unknown): Kysely<Schema> {
  const pages = new WeakSet<object>();
  let count = 0;
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      if (RawNode.is(node) && node.sqlFragments[0]?.startsWith('fetch')) pages.add(queryId);
      return node;
    },
    async transformResult({ result, queryId }) {
      if (pages.has(queryId)) {
        count += 1;
        await onPage(count);
      }
      return result;
    },
  };
  return db.withPlugin(plugin);
}

async function addMany(db: Kysely<Schema>): Promise<void> {
  const createdAt = '2025-01-01T00:00:00.000Z';
  const rows = Array.from({ length: MANY }, (_none, at) => ({
    subscriptionId: `many-${at}`,
    target: `user${at}@example.org`,
    targetHash: `many-${at}`,
    status: 'active' as const,
    filter: toJson(WHOLE_FILTER),
    notices: toJson(DEFAULT_NOTICES),
    schedule: toJson({ mode: 'immediate' as const }),
    token: `many-${at}`,
    createdAt,
    confirmedAt: createdAt,
  }));
  await db.insertInto('subscription').values(rows).execute();
}

/** Some that would stand before all others, and some behind. */
async function addNewcomers(db: Kysely<Schema>): Promise<string[]> {
  const ids: string[] = [];
  for (const [year, letter] of [
    ['2024', 'a'],
    ['2026', 'z'],
  ] as const)
    for (let at = 0; at < 10; at += 1) {
      const target = `${letter}${at}@example.net`;
      const createdAt = `${year}-01-01T00:00:00.000Z`;
      ids.push((await addSubscription(db, { target, filter: WHOLE_FILTER, createdAt })).subscriptionId);
    }
  return ids;
}
