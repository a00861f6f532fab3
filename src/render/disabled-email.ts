import type { Subscription } from '../model.ts';
import { cleanLine, cleanText, escapeHtml } from './clean.ts';
import type { RenderedEmail } from './email.ts';
import { wrapText } from './wrap-text.ts';

/** The mail to the owner of a target that was given up: what, why, and what to do. */
export function renderDisabledEmail({
  subscription,
  reason,
  messageId,
}: {
  subscription: Pick<Subscription, 'subscriptionId' | 'channel' | 'target'>;
  reason: string;
  messageId: string;
}): RenderedEmail {
  const target = cleanLine(subscription.target);
  const paragraphs = [
    `Entity List Watch no longer sends to this ${subscription.channel} target: ${target}`,
    `Why: ${cleanLine(reason)}`,
    `What to do: mend the target, then ask your operator to resume the subscription ${subscription.subscriptionId} and to replay what it missed. Nothing is lost: every change keeps its sequence number.`,
  ];
  const html = paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('');
  return {
    subject: `Disabled: your ${subscription.channel} target takes no messages`,
    text: cleanText(`${paragraphs.map((text) => wrapText(text)).join('\n\n')}\n`),
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Disabled</title></head><body>${html}</body></html>`,
    csv: null,
    headers: {
      'Message-ID': messageId,
      // RFC 3834: keeps vacation replies from answering.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
  };
}
