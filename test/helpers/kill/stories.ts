import { loadWatchlist } from '../../../src/load-watchlist.ts';
import { type Schedule, WHOLE_FILTER } from '../../../src/model.ts';
import type { Parts } from '../../../src/parts.ts';
import { appendChangeSet } from '../../../src/store/changes.ts';
import { addSubscription } from '../../../src/store/subscriptions.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { addWatchlist } from '../../../src/store/watchlists.ts';
import { subscribe } from '../../../src/subscribe.ts';
import { readSubscriptionRequest } from '../../../src/subscription-request.ts';
import { spoolUpload } from '../../../src/watchlist/spool.ts';
import { makeChange, makeChangeSet, makeHead } from '../../store/facts.ts';
import type { Receivers } from './receivers.ts';

/**
 * What workers are killed at: telling a rule by mail and webhook; telling first the notice that it is held, which
 * nobody was told yet; telling it to Slack and Teams; comparing it with a watchlist, whose hits are told; and making
 * and sending the digests of three rules.
 */
export const STORIES = ['rule', 'notice and rule', 'chat', 'screening', 'digest'] as const;
export type Story = (typeof STORIES)[number];

/** Who must get each message of a story, as the receivers know them. Somebody else may be there who must get none. */
export async function addSubscriptions(parts: Parts, story: Story, receivers: Receivers): Promise<string[]> {
  switch (story) {
    case 'rule':
    case 'notice and rule':
      await addMail(parts, 'daily@example.org', { schedule: DAILY });
      return [
        await addMail(parts, 'ana@example.org'),
        await addMail(parts, 'bo@example.org'),
        await addPost(parts, receivers, 'webhook'),
      ];
    case 'chat':
      await addMail(parts, 'daily@example.org', { schedule: DAILY });
      return [await addPost(parts, receivers, 'slack'), await addPost(parts, receivers, 'teams')];
    case 'screening':
      await addMail(parts, 'other@example.org', {
        watchlistId: await addCounterparty(parts, 'other', 'Quite Another'),
      });
      return [
        await addMail(parts, 'ana@example.org'),
        await addMail(parts, 'watch@example.org', {
          watchlistId: await addCounterparty(parts, 'customers', 'Inspur Group'),
        }),
      ];
    case 'digest':
      return [
        await addMail(parts, 'daily@example.org', { schedule: DAILY }),
        await addMail(parts, 'weekly@example.org', { schedule: WEEKLY }),
        await addPost(parts, receivers, 'slack', DAILY),
      ];
  }
}

const DAILY: Schedule = { mode: 'daily', at: '08:00', timeZone: 'UTC' };
const WEEKLY: Schedule = { mode: 'weekly', weekday: 1, at: '08:00', timeZone: 'UTC' };

async function addMail(
  parts: Parts,
  target: string,
  { schedule, watchlistId }: { schedule?: Schedule; watchlistId?: string } = {},
): Promise<string> {
  await addSubscription(parts.db, {
    target,
    filter: { ...WHOLE_FILTER, watchlists: watchlistId === undefined ? [] : [watchlistId] },
    ...(schedule === undefined ? {} : { schedule }),
    createdAt: parts.now(),
  });
  return target;
}

/** Answers the path. */
async function addPost(
  parts: Parts,
  receivers: Receivers,
  channel: 'webhook' | 'slack' | 'teams',
  schedule?: Schedule,
): Promise<string> {
  const path = `/${channel}`;
  const origin = channel === 'webhook' ? receivers.webhookOrigin : receivers.chatOrigin;
  const request = readSubscriptionRequest({
    channel,
    target: `${origin}${path}`,
    ...(schedule === undefined ? {} : { schedule }),
  });
  const { signingSecret } = await subscribe(parts, request, 'operator', 'the operator');
  if (channel === 'webhook') receivers.secrets.set(path, signingSecret!);
  return path;
}

/** A watchlist of one name. */
async function addCounterparty(parts: Parts, name: string, counterparty: string): Promise<string> {
  const added = { organisationId: 'operator', name, threshold: null, createdAt: parts.now() };
  const watchlist = await addWatchlist(parts.db, added);
  const file = await spoolUpload(onePiece(`name\n${counterparty}\n`));
  try {
    await loadWatchlist(parts, watchlist, file, { who: 'test' });
  } finally {
    await file.remove();
  }
  return watchlist.watchlistId;
}

async function* onePiece(text: string) {
  yield Buffer.from(text);
}

/** Appends a rule, or the notice that it is held; answers the change set. */
export async function tell(
  parts: Parts,
  number: string,
  { isHeld = false, follows = null }: { isHeld?: boolean; follows?: string | null } = {},
): Promise<string> {
  const changeSetId = `${isHeld ? 'notice' : 'rule'}-${number}`;
  const changeSet = makeChangeSet({
    changeSetId,
    follows,
    document: makeHead({ number }),
    knownAt: parts.now(),
    ...(isHeld ? { outcome: 'held' as const } : {}),
  });
  await inTransaction(parts.db, (tx) => appendChangeSet(tx, changeSet, isHeld ? [] : [makeChange()]));
  return changeSetId;
}
