import { sealTarget } from '../../src/channel/sealed-target.ts';
import { makeWebhookSecret } from '../../src/channel/webhook-secret.ts';
import type { Parts } from '../../src/parts.ts';
import { hashTarget } from '../../src/store/hash-target.ts';
import { addOrganisation } from '../../src/store/organisations.ts';
import { PLAIN_SUBSCRIPTION } from './plain-subscription.ts';

const CHUNK = 500;

/** Stores a webhook for each URL, in turn of so many organisations, as `subscribe` would one by one. */
export async function addTargets(
  { db, secrets, now }: Parts,
  urls: readonly string[],
  organisations: number,
): Promise<void> {
  const nameOf = (at: number) => `organisation-${at % organisations}`;
  for (let at = 0; at < organisations; at += 1)
    await addOrganisation(db, { organisationId: nameOf(at), name: nameOf(at), createdAt: now() });
  for (let from = 0; from < urls.length; from += CHUNK)
    await db
      .insertInto('subscription')
      .values(
        urls.slice(from, from + CHUNK).map((url, of) => ({
          subscriptionId: `target-${from + of}`,
          organisationId: nameOf(from + of),
          channel: 'webhook' as const,
          target: url,
          targetHash: hashTarget('webhook', url),
          ...PLAIN_SUBSCRIPTION,
          sealed: sealTarget(secrets, { url, secrets: [{ value: makeWebhookSecret(), until: null }] }),
          token: `target-${from + of}`,
          createdAt: now(),
          confirmedAt: now(),
        })),
      )
      .execute();
}
