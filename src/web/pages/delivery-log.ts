import type { Channel, Delivery, DeliveryKind, DeliveryStatus } from '../../model.ts';
import { cleanLine, shorten } from '../../render/clean.ts';
import { instantInWashington } from '../../render/date-facts.ts';

/** What readers call the channels. */
export const CHANNEL_TITLES: Record<Channel, string> = {
  email: 'Mail',
  webhook: 'Webhook',
  slack: 'Slack',
  teams: 'Teams',
};

const KIND_WORDS: Record<DeliveryKind, string> = {
  alert: 'Alert',
  digest: 'Digest',
  quiet: 'No rule today',
  confirm: 'Question whether alerts are wanted',
  test: 'Test message',
  disabled: 'Notice that a target was given up',
};
const STATUS_WORDS: Record<DeliveryStatus, string> = {
  gathered: 'waits for the digest',
  due: 'is to be sent',
  sending: 'is being sent',
  sent: 'sent',
  failed: 'failed',
  suppressed: 'not sent',
};

/** One delivery in words. */
export interface LogRow {
  when: string;
  kind: string;
  /** Page of what it tells; empty where there is none. */
  href: string;
  status: string;
  tone: 'good' | 'bad' | 'warn';
  outcome: string;
  read: string;
}

/** Deliveries in words, in the order in which they are given. */
export function viewLog(deliveries: readonly Delivery[]): LogRow[] {
  return deliveries.map((one) => ({
    when: instantInWashington(one.sentAt ?? one.dueAt),
    kind: KIND_WORDS[one.kind],
    href: one.changeSetId === null ? '' : `/changes/${encodeURIComponent(one.changeSetId)}`,
    status: `${STATUS_WORDS[one.status]}${one.maybeDuplicate ? ', perhaps twice' : ''}`,
    tone:
      one.status === 'sent'
        ? 'good'
        : one.status === 'failed' || one.status === 'suppressed'
          ? 'bad'
          : 'warn',
    outcome: shorten(cleanLine(one.outcome ?? ''), 200),
    read: one.acknowledgedAt === null ? '' : instantInWashington(one.acknowledgedAt),
  }));
}

/** A part of a template: a table of deliveries, from `it.log`. */
export const DELIVERY_LOG = `<% if (it.log.length === 0) { %><p>Nothing yet. What is sent is listed here, with what came of it.</p><% } else { %>
<div class="scroll" tabindex="0" role="region" aria-label="What was sent"><table class="stack"><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">State</th><th scope="col">Answer</th><th scope="col">Read</th></tr></thead><tbody>
<% for (const one of it.log) { %><tr><td data-head="When"><%= one.when %></td><td data-head="What"><% if (one.href) { %><a href="<%= one.href %>"><%= one.kind %></a><% } else { %><%= one.kind %><% } %></td>
<td data-head="State"><span class="tag <%= one.tone %>"><%= one.status %></span></td><td data-head="Answer"><span class="soft"><%= one.outcome %></span></td><td data-head="Read"><%= one.read || 'not said' %></td></tr>
<% } %></tbody></table></div><% } %>
`;
