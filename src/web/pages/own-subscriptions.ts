import type { Delivery, Subscription } from '../../model.ts';
import { describeFilter, describeSchedule } from '../../render/filter-words.ts';
import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';
import { CHANNEL_TITLES, DELIVERY_LOG, type LogRow, viewLog } from './delivery-log.ts';
import { PAGE_LINKS, type PageLink, pageLinks } from './page-links.ts';
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
  hasEnded: boolean;
}>(`<%~ it.line %><h1>Subscriptions of your organisation</h1>
<% if (it.hasEnded) { %><p class="notice good" role="status">The subscription is removed. What was sent to it stays on record.</p><% } %>
<% if (it.rows.length === 0) { %><p>There are none yet. <a href="/subscriptions">Put one together</a>, and make it.</p><% } else { %>
<div class="scroll" tabindex="0" role="region" aria-label="Subscriptions"><table class="stack"><thead><tr><th scope="col">Target</th><th scope="col">Channel</th><th scope="col">What</th><th scope="col">State</th></tr></thead><tbody>
<% for (const one of it.rows) { %><tr><th scope="row"><a href="<%= one.href %>"><%= one.target %></a></th><td data-head="Channel"><%= one.channel %></td><td data-head="What"><%= one.words %></td>
<td data-head="State"><span class="tag <%= one.tone %>"><%= one.status %></span><% if (one.reason) { %><div class="soft"><%= one.reason %></div><% } %></td></tr>
<% } %></tbody></table></div>
<p><a href="/subscriptions">Put another together</a></p><% } %>
`);

const renderOne = template<{
  line: string;
  row: Row;
  said: OwnSaid | null;
  acts: { isActive: boolean; canResume: boolean; isEnded: boolean };
  log: LogRow[];
  pages: PageLink[];
  csrf: string;
}>(`${PAGE_LINKS}<% const act = (what, label, tone) => { %><form method="post" action="<%= it.row.href %>/<%= what %>"><input type="hidden" name="csrf" value="<%= it.csrf %>"><button type="submit" class="<%= tone %>"><%= label %></button></form><% } %>
<%~ it.line %><h1><%= it.row.target %></h1>
<% if (it.said) { %><p class="notice <%= it.said.isGood ? 'good' : 'bad' %>" role="status"><%= it.said.text %></p><% } %>
<dl><dt>Channel</dt><dd><%= it.row.channel %></dd><dt>What</dt><dd><%= it.row.words %></dd>
<dt>State</dt><dd><span class="tag <%= it.row.tone %>"><%= it.row.status %></span> <%= it.row.reason %></dd></dl>
<% if (it.acts.isEnded) { %><p class="soft">Its reader, a complaint or a bounce ended it, and only its reader can begin it again.</p><% } %>
<ul class="actions">
<% if (it.acts.isActive) { %><li><% act('test', 'Send a test message', '') %></li><li><% act('pause', 'Pause', 'quiet') %></li><% } %>
<% if (it.acts.canResume) { %><li><% act('resume', 'Resume', '') %></li><% } %>
<li><a class="button quiet" href="<%= it.row.href %>/end">End it …</a></li></ul>
<h2 id="log">What was sent</h2>
${DELIVERY_LOG}
<% pageLinks(it.pages, 'Pages of what was sent') %>
<p><a href="/subscriptions/own">All subscriptions of your organisation</a></p>
`);

const renderEnd = template<{
  line: string;
  row: Row;
  csrf: string;
}>(`<%~ it.line %><h1>End this subscription?</h1>
<p>Nothing is told to <strong><%= it.row.target %></strong> any more (<%= it.row.channel %>: <%= it.row.words %>). This cannot be taken back; to stop for a while, pause it. What was sent stays on record.</p>
<ul class="actions"><li><form method="post" action="<%= it.row.href %>/end"><input type="hidden" name="csrf" value="<%= it.csrf %>"><button type="submit">End it</button></form></li><li><a href="<%= it.row.href %>">Keep it</a></li></ul>
`);

/** What came of something that was done. */
export interface OwnSaid {
  text: string;
  isGood: boolean;
}

/** All subscriptions of an organisation. */
export function renderOwnSubscriptions(
  {
    session,
    subscriptions,
    hasEnded,
  }: {
    session: SignedIn;
    subscriptions: readonly Subscription[];
    /** Whether one was removed just now. */
    hasEnded: boolean;
  },
  baseUrl: string,
): string {
  const content = renderAll({
    line: renderSessionLine(session),
    rows: subscriptions.map(viewRow),
    hasEnded,
  });
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
    /** The newest first, a page of them. */
    log: { rows: readonly Delivery[]; page: number; last: number };
    said: OwnSaid | null;
  },
  baseUrl: string,
): string {
  const { status, statusBy, channel } = subscription;
  const content = renderOne({
    line: renderSessionLine(session),
    row: viewRow(subscription),
    acts: {
      isActive: status === 'active',
      canResume:
        (status === 'paused' && statusBy !== 'reader') || (status === 'disabled' && channel !== 'email'),
      isEnded:
        (status === 'paused' && statusBy === 'reader') || (status === 'disabled' && channel === 'email'),
    },
    pages: pageLinks(log.page, log.last, (to) => `${ownPath(subscription)}?page=${to}#log`),
    ...{ said, log: viewLog(log.rows), csrf: session.csrf },
  });
  return layoutPage(subscription.target, content, baseUrl, { isPrivate: true, current: '/subscriptions' });
}

/** The page that asks whether it is meant, which needs no script. */
export function renderEndPage(
  { session, subscription }: { session: SignedIn; subscription: Subscription },
  baseUrl: string,
): string {
  const content = renderEnd({
    line: renderSessionLine(session),
    row: viewRow(subscription),
    csrf: session.csrf,
  });
  return layoutPage('End this subscription?', content, baseUrl, {
    isPrivate: true,
    current: '/subscriptions',
  });
}

/** Where a subscription of an organisation is looked at. */
export function ownPath({ subscriptionId }: Pick<Subscription, 'subscriptionId'>): string {
  return `/subscriptions/own/${encodeURIComponent(subscriptionId)}`;
}

function viewRow(subscription: Subscription): Row {
  const { target, name, channel, filter, schedule, status, statusReason } = subscription;
  return {
    href: ownPath(subscription),
    target: name === '' ? target : `${target} (${name})`,
    channel: CHANNEL_TITLES[channel],
    words: `${describeFilter(filter)}, ${describeSchedule(schedule)}`,
    status,
    tone: status === 'active' ? 'good' : status === 'disabled' ? 'bad' : 'warn',
    reason: statusReason ?? '',
  };
}
