import type { Channel, DeliveryStatus } from '../../../model.ts';
import { template } from '../../../render/template.ts';
import { countOf } from '../../../render/words.ts';
import type { StoredDelivery } from '../../../store/deliveries.ts';
import { CHANNEL_TITLES, type LogRow, viewLog } from '../delivery-log.ts';
import { addressOf, OPTIONS, type Option } from '../filter-fields.ts';
import type { SignedIn } from '../session-line.ts';
import { layoutOperator } from './frame.ts';

/** What the list of deliveries can be narrowed to, as it stands in its address. */
export interface DeliveryFilters {
  status?: DeliveryStatus | undefined;
  channel?: Channel | undefined;
  q?: string | undefined;
  /** The last delivery of the page before. */
  before?: string | undefined;
}

export const STATUS_TITLES: Record<DeliveryStatus, string> = {
  gathered: 'Waiting for a digest',
  due: 'To be sent',
  sending: 'Being sent',
  sent: 'Sent',
  failed: 'Failed',
  suppressed: 'Not sent',
};
interface View {
  filters: DeliveryFilters;
  statuses: Option[];
  channels: Option[];
  count: string;
  rows: (LogRow & { id: string; recipient: string; tries: number; about: string; canRetry: boolean })[];
  isFiltered: boolean;
  back: string;
  next: string;
  csrf: string;
  said: string;
}

const renderDeliveries = template<View>(`${OPTIONS}<h1>Deliveries</h1>
<form class="filters" method="get" action="/operator/deliveries" role="search" aria-label="Deliveries" data-live="#results">
<div class="wide"><label for="q">Recipient, document or answer</label><input id="q" name="q" type="search" maxlength="200" value="<%= it.filters.q ?? '' %>"></div>
<div><label for="status">State</label><select id="status" name="status"><% choose(it.statuses) %></select></div>
<div><label for="channel">By</label><select id="channel" name="channel"><% choose(it.channels) %></select></div>
<div><button type="submit">Show</button></div>
</form>
<div id="results">
<% if (it.said) { %><p role="status" class="notice good"><%= it.said %></p><% } %>
<p role="status"><%= it.count %><% if (it.isFiltered) { %> <a href="/operator/deliveries">Show all</a><% } %></p>
<% if (it.rows.length === 0) { %><% if (it.isFiltered) { %><p>No delivery meets these filters. Take one away, or <a href="/operator/deliveries">show all</a>.</p><% } else { %><p>Nothing was sent yet. What is told to a subscription appears here; <a href="/subscriptions">subscriptions</a> are put together on a page of their own.</p><% } %><% } else { %>
<div class="scroll" tabindex="0" role="region" aria-label="Deliveries"><table class="stack"><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">To</th><th scope="col">State</th><th scope="col">Answer</th><th scope="col"><span class="unseen">Again</span></th></tr></thead><tbody>
<% for (const one of it.rows) { %><tr><td data-head="When"><%= one.when %></td><td data-head="What"><% if (one.href) { %><a href="<%= one.href %>"><%= one.kind %></a><% } else { %><%= one.kind %><% } %><div class="soft"><%= one.about %></div></td>
<td data-head="To"><%= one.recipient %></td><td data-head="State"><span class="tag <%= one.tone %>"><%= one.status %></span><% if (one.tries > 1) { %><div class="soft"><%= one.tries %> tries</div><% } %></td><td data-head="Answer"><span class="soft"><%= one.outcome %></span></td>
<td><% if (one.canRetry) { %><form method="post" action="/operator/deliveries/<%= one.id %>/retry"><input type="hidden" name="csrf" value="<%= it.csrf %>"><input type="hidden" name="back" value="<%= it.back %>"><button type="submit" class="quiet small" aria-label="Send again to <%= one.recipient %>">Send again</button></form><% } %></td></tr>
<% } %></tbody></table></div><% } %>
<% if (it.next) { %><p><a class="button quiet" href="<%= it.next %>">Earlier deliveries</a></p><% } %>
</div>
<h2>The whole ledger as a file</h2>
<ul class="actions"><li><a href="/operator/deliveries/ledger.csv">CSV</a></li><li><a href="/operator/deliveries/ledger.json">JSON, one delivery a line</a></li></ul>
<p class="soft">The SHA-256 of the file stands in its name; <code>sha256sum</code> shows whether it is as it was. Equal ledgers are equal files. <code>elwatch deliveries export</code> makes the same.</p>
`);

/** The ledger of deliveries, newest first. */
export function renderDeliveriesPage(
  {
    deliveries,
    filters,
    next,
    back,
    said = '',
  }: {
    deliveries: readonly StoredDelivery[];
    filters: DeliveryFilters;
    /** The delivery behind which the next page begins. */
    next: string | null;
    /** Query of this page, to come back to. */
    back: string;
    said?: string;
  },
  session: SignedIn,
  baseUrl: string,
): string {
  const log = viewLog(deliveries);
  const { status, channel, q } = filters;
  const content = renderDeliveries({
    ...{ filters, said, back },
    csrf: session.csrf,
    statuses: optionsOf(STATUS_TITLES, status, 'All'),
    channels: optionsOf(CHANNEL_TITLES, channel, 'All channels'),
    count: `${countOf(deliveries.length, 'delivery', 'deliveries')}${next === null ? '' : ' on this page'}, the newest first.`,
    rows: deliveries.map((one, at) => ({
      ...log[at]!,
      id: encodeURIComponent(one.deliveryId),
      recipient: one.recipient,
      tries: one.attempts,
      about: one.kind === 'alert' ? one.subject : '',
      canRetry: one.status === 'failed',
    })),
    isFiltered: status !== undefined || channel !== undefined || q !== undefined,
    next: next === null ? '' : addressOf('/operator/deliveries', { status, channel, q, before: next }),
  });
  return layoutOperator({ title: 'Deliveries', path: '/operator/deliveries', session, baseUrl }, content);
}

function optionsOf<Value extends string>(
  titles: Record<Value, string>,
  chosen: Value | undefined,
  all: string,
): Option[] {
  return [
    { value: '', label: all, selected: chosen === undefined },
    ...Object.entries<string>(titles).map(([value, label]) => ({ value, label, selected: value === chosen })),
  ];
}
