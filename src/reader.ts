import { type Kysely, sql } from 'kysely';
import { changesOf } from './store/changes.ts';
import { isKnownDocument } from './store/documents.ts';
import { changeSetsVersion, readChangeSets } from './store/read-change-sets.ts';
import type { Schema } from './store/schema.ts';
import { findSubscriptionByToken, setSubscriptionStatus } from './store/subscriptions.ts';
import type { WebReader } from './web/web-reader.ts';

/** The store as feeds and the unsubscribe page read it. */
export function createReader(db: Kysely<Schema>): WebReader {
  return {
    selectChangeSets: (filter, limit) => readChangeSets(db, filter, { order: 'newest', limit }),
    changeSetsVersion: () => changeSetsVersion(db),
    changesOf: (changeSetId) => changesOf(db, changeSetId),
    hasDocument: (number) => isKnownDocument(db, number),
    findSubscriptionByToken: (token) => findSubscriptionByToken(db, token),
    async pauseSubscription(subscriptionId) {
      await setSubscriptionStatus(db, subscriptionId, 'paused', 'unsubscribed by link', 'reader');
    },
    async ping() {
      await sql`select 1`.execute(db);
    },
  };
}
