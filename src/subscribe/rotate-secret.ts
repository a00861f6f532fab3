import { sealTarget, unsealTarget } from '../channel/sealed-target.ts';
import { makeWebhookSecret } from '../channel/webhook-secret.ts';
import { ElwatchError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { findSealed, setSealed } from '../store/subscriptions.ts';

/** How long the old secret signs beside the new one. */
const OVERLAP_MS = 24 * 3_600_000;
/** What one header carries. */
const MOST_SECRETS = 4;

/**
 * Makes a new signing secret for a webhook and answers it, this once. For a day every message is signed with the
 * old one too, so that a receiver can change over without losing one (Standard Webhooks 1.0.0, "Rotation").
 *
 * @throws ElwatchError `no-signing-secret` for a subscription by another channel
 */
export async function rotateSecret(parts: Parts, subscriptionId: string): Promise<string> {
  return parts.db.transaction().execute(async (tx) => {
    const sealed = await findSealed(tx, subscriptionId);
    const target = sealed === null ? null : unsealTarget(parts.secrets, sealed);
    if (target === null || target.secrets.length === 0)
      throw new ElwatchError('no-signing-secret', 'this subscription signs nothing', {
        retry: false,
        hint: 'Only webhooks have a signing secret.',
      });
    const now = parts.now();
    const until = new Date(Date.parse(now) + OVERLAP_MS).toISOString();
    const old = target.secrets
      .filter((secret) => secret.until === null || secret.until > now)
      .map(({ value, until: ends }) => ({ value, until: ends ?? until }))
      .slice(0, MOST_SECRETS - 1);
    const value = makeWebhookSecret();
    const secrets = [{ value, until: null }, ...old];
    await setSealed(tx, subscriptionId, sealTarget(parts.secrets, { url: target.url, secrets }));
    return value;
  });
}
