import { type Kysely, sql } from 'kysely';
import type { ListName } from './model.ts';
import { chainAfter, chainBefore } from './store/change-chain.ts';
import { changeSetsOf, findChangeSet, latestChangeSets } from './store/change-sets.ts';
import { changesAfter, changesOf, latestSeq } from './store/changes.ts';
import { listDocuments } from './store/documents.ts';
import { countEntries } from './store/entries.ts';
import { changeSetsVersion, readChangeSets } from './store/read-change-sets.ts';
import type { Schema } from './store/schema.ts';
import { listSourceStates } from './store/source-state.ts';
import { findSubscriptionByToken, setSubscriptionStatus } from './store/subscriptions.ts';
import type { WebReader } from './web/web-reader.ts';

/** The store as the web server reads it. */
export function createReader(db: Kysely<Schema>): WebReader {
  return {
    changesAfter: (after, limit) => changesAfter(db, { after, limit }),
    latestSeq: () => latestSeq(db),
    latestChangeSets: (limit) => latestChangeSets(db, { limit, includeBaseline: true }),
    selectChangeSets: (filter, limit) => readChangeSets(db, filter, { order: 'newest', limit }),
    changeSetsVersion: () => changeSetsVersion(db),
    findChangeSet: (changeSetId) => findChangeSet(db, changeSetId),
    async chainOf(changeSet) {
      const earlier = await chainBefore(db, changeSet);
      return { earlier, later: await chainAfter(db, changeSet.changeSetId) };
    },
    changesOf: (changeSetId) => changesOf(db, changeSetId),
    async latestDocuments(limit) {
      const documents = await listDocuments(db, { limit });
      return Promise.all(
        documents.map(async ({ head, status, number, publishedOn }) => ({
          head,
          status,
          changeSetIds: (await changeSetsOf(db, number, publishedOn)).map((set) => set.changeSetId),
        })),
      );
    },
    async freshness() {
      const states = await listSourceStates(db);
      const counts: Partial<Record<ListName, number>> = await countEntries(db);
      return {
        checkedAt: states.find((state) => state.source === 'federal-register')?.lastSuccessAt ?? null,
        listCounts: counts,
      };
    },
    findSubscriptionByToken: (token) => findSubscriptionByToken(db, token),
    async pauseSubscription(subscriptionId) {
      await setSubscriptionStatus(db, subscriptionId, 'paused', 'unsubscribed by link');
    },
    async ping() {
      await sql`select 1`.execute(db);
    },
  };
}
