import { signWebhook } from './channel/webhook.ts';
import { matchFilter } from './list/match-filter.ts';
import type { Parts } from './parts.ts';
import { renderEmail } from './render/email.ts';
import { renderSlackAlert } from './render/slack.ts';
import { renderTeamsAlert } from './render/teams.ts';
import { renderChangeSetPayload } from './render/webhook-payload.ts';
import { chainBefore } from './store/change-chain.ts';
import { changesOf } from './store/changes.ts';
import { readChangeSets } from './store/read-change-sets.ts';
import { applySettings, type SubscriptionSettings } from './subscription-request.ts';
import type { Preview } from './web/api/api-parts.ts';

/** Signs samples, so that a receiver can be tried before there is a subscription; it is nobody's. */
const SAMPLE_SECRET = `whsec_${Buffer.from('a sample, and no secret of anybody').toString('base64')}`;
const SAMPLE_ID = 'sample';
/** Change sets that are looked through, the newest first: some years of rules. */
const LOOKED_THROUGH = 60;

/**
 * What a subscription with these settings would have got at the last rule that meets them, word for word as it is sent,
 * but for links that only its owner gets. Watchlists are left aside. Null where no rule met them.
 */
export async function previewAlert(parts: Parts, settings: SubscriptionSettings): Promise<Preview | null> {
  const { filter, dateLanguage } = applySettings(settings);
  const sets = await readChangeSets(
    parts.db,
    { outcome: 'applied' },
    { order: 'newest', limit: LOOKED_THROUGH },
  );
  for (const changeSet of sets) {
    const all = changeSet.firstSeq === null ? [] : await changesOf(parts.db, changeSet.changeSetId);
    const changes = matchFilter(filter, all);
    if (changes.length === 0) continue;
    const told = {
      ...{ changeSet, changes, allChangesCount: all.length, dateLanguage },
      earlier: await chainBefore(parts.db, changeSet),
      baseUrl: parts.baseUrl,
    };
    const { subject, text, html } = renderEmail({
      ...told,
      subscription: { target: 'you@example.org', token: 'of-your-own', filter, dateLanguage },
      mailFrom: parts.mailFrom,
      messageId: 'preview',
    });
    const webhook = renderChangeSetPayload(told);
    return {
      changeSetId: changeSet.changeSetId,
      mail: { subject, text, html },
      webhook,
      webhookHeaders: {
        'content-type': 'application/json',
        ...signWebhook({ secrets: [SAMPLE_SECRET], id: SAMPLE_ID, payload: webhook, at: parts.now() }),
      },
      webhookSecret: SAMPLE_SECRET,
      slack: renderSlackAlert(told),
      teams: renderTeamsAlert(told),
    };
  }
  return null;
}
