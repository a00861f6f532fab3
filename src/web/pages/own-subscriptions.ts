import type { Delivery, Subscription } from '../../model.ts';
import { describeFilter, describeSchedule } from '../../render/filter-words.ts';
import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';
import { CHANNEL_TITLES, DELIVERY_LOG, type LogRow, viewLog } from './delivery-log.ts';
import { renderSessionLine, type SignedIn } from './session-line.ts';

interface Row {
  href: string;
  target: string;
  channel: string;
  words: string;
  status: string;
  tone: string;
  reason: string;
}

const renderAll = template<{
  line: string;
  rows: Row[];
}>(`<%~ it.line %><h1>Subscriptions of your organisation</h1>
<% if (it.rows.length === 0) { %><p>There are none yet. <a href="/subscriptions">Put one together</a>, then add it by the API.</p><% } else { %>
<div class="scroll" tabindex="0" role="region" aria-label="Subscriptions"><table class="stack"><thead><tr><th scope="col">Target</th><th scope="col">Channel</th><th scope="col">What</th><th scope="col">State</th></tr></thead><tbody>
<% for (const one of it.rows) { %><tr><th scope="row"><a href="<%= one.href %>"><%= one.target %></a></th><td data-head="Channel"><%= one.channel %></td><td data-head="What"><%= one.words %></td>
<td data-head="State"><span class="tag <%= one.tone %>"><%= one.status %></span><% if (one.reason) { %><div class="soft"><%= one.reason %></div><% } %></td></tr>
<% } %></tbody></table></div><% } %>
`);

const renderOne = template<{
  line: string;
  row: Row;
  said: { text: string; isGood: boolean } | null;
  log: LogRow[];
  csrf: string;
}>(`<%~ it.line %><h1><%= it.row.target %></h1>
<% if (it.said) { %><p class="notice <%= it.said.isGood ? 'good' : 'bad' %>" role="status"><%= it.said.text %></p><% } %>
<dl><dt>Channel</dt><dd><%= it.row.channel %></dd><dt>What</dt><dd><%= it.row.words %></dd>
<dt>State</dt><dd><span class="tag <%= it.row.tone %>"><%= it.row.status %></span> <%= it.row.reason %></dd></dl>
<form method="post" action="<%= it.row.href %>/test"><input type="hidden" name="csrf" value="<%= it.csrf %>"><button type="submit">Send a test message</button></form>
<h2>What was sent</h2>
${DELIVERY_LOG}
<p><a href="/subscriptions/own">All subscriptions of your organisation</a></p>
`);

/** All subscriptions of an organisation. */
export function renderOwnSubscriptions(
  { session, subscriptions }: { session: SignedIn; subscriptions: readonly Subscription[] },
  baseUrl: string,
): string {
  const content = renderAll({ line: renderSessionLine(session), rows: subscriptions.map(viewRow) });
  return layoutPage('Subscriptions of your organisation', content, baseUrl, {
    isPrivate: true,
    current: '/subscriptions',
  });
}

/** One subscription with what was sent to it. */
export function renderOwnSubscription(
  {
    session,
    subscription,
    log,
    said,
  }: {
    session: SignedIn;
    subscription: Subscription;
    /** The newest first. */
    log: readonly Delivery[];
    /** What a test send came to. */
    said: { text: string; isGood: boolean } | null;
  },
  baseUrl: string,
): string {
  const content = renderOne({
    line: renderSessionLine(session),
    row: viewRow(subscription),
    ...{ said, log: viewLog(log), csrf: session.csrf },
  });
  return layoutPage(subscription.target, content, baseUrl, { isPrivate: true, current: '/subscriptions' });
}

function viewRow(subscription: Subscription): Row {
  const { subscriptionId, target, name, channel, filter, schedule, status, statusReason } = subscription;
  return {
    href: `/subscriptions/own/${encodeURIComponent(subscriptionId)}`,
    target: name === '' ? target : `${target} (${name})`,
    channel: CHANNEL_TITLES[channel],
    words: `${describeFilter(filter)}, ${describeSchedule(schedule)}`,
    status,
    tone: status === 'active' ? 'good' : status === 'disabled' ? 'bad' : 'warn',
    reason: statusReason ?? '',
  };
}
