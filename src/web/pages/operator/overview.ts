import type { DeliveryStatus } from '../../../model.ts';
import { template } from '../../../render/template.ts';
import { countOf } from '../../../render/words.ts';
import type { SourceHealth } from '../../site/sources.ts';
import type { SignedIn } from '../session-line.ts';
import { layoutOperator } from './frame.ts';
import { renderSourcesTable } from './sources.ts';

/** Jobs of one queue by what they are at. */
export interface QueueCounts {
  name: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
}

interface View {
  figures: { count: string; title: string; href: string }[];
  headline: string;
  isBad: boolean;
  sources: string;
  queues: QueueCounts[] | null;
  kind: string;
}

const renderOverview = template<View>(`<h1>Operator</h1>
<div class="notice<%= it.isBad ? ' bad' : ' good' %>"><p class="lead"><%= it.headline %></p></div>
<ul class="figures">
<% for (const one of it.figures) { %><li><a href="<%= one.href %>"><b><%= one.count %></b></a><span class="soft"><%= one.title %></span></li>
<% } %></ul>
<h2>Sources</h2>
<%~ it.sources %>
<h2>Queues</h2>
<% if (it.queues === null) { %><p>This process does not see the queue yet, and tries again every ten seconds. Does Redis answer (<code>REDIS_URL</code>)? The log says more.</p><% } else { %>
<div class="scroll" tabindex="0" role="region" aria-label="Queues"><table class="stack"><caption>In <%= it.kind %>; <a href="/operator/queues">each job</a></caption><thead><tr><th scope="col">Queue</th><th scope="col" class="number">Waiting</th><th scope="col" class="number">Running</th><th scope="col" class="number">Later</th><th scope="col" class="number">Failed</th></tr></thead><tbody>
<% for (const one of it.queues) { %><tr><th scope="row"><%= one.name %></th><td class="number" data-head="Waiting"><%= one.waiting %></td><td class="number" data-head="Running"><%= one.active %></td><td class="number" data-head="Later"><%= one.delayed %></td><td class="number" data-head="Failed"><%= one.failed %></td></tr>
<% } %></tbody></table></div><% } %>
`);

/** What needs a person, and whether the service is well. */
export function renderOverviewPage(
  {
    held,
    issues,
    deliveries,
    sources,
    now,
    queues,
    queueKind,
  }: {
    held: number;
    issues: number;
    deliveries: Partial<Record<DeliveryStatus, number>>;
    sources: readonly SourceHealth[];
    now: string;
    /** Null where this process has none. */
    queues: QueueCounts[] | null;
    queueKind: string;
  },
  session: SignedIn,
  baseUrl: string,
): string {
  const { due = 0, sending = 0, failed = 0, sent = 0 } = deliveries;
  const late = sources.filter(({ isLate }) => isLate).map(({ title }) => title);
  const needs = [
    ...(held > 0 ? [countOf(held, 'document waits for a decision', 'documents wait for a decision')] : []),
    ...(issues > 0 ? [countOf(issues, 'audit issue is open', 'audit issues are open')] : []),
    ...(failed > 0 ? [countOf(failed, 'delivery failed', 'deliveries failed')] : []),
    ...(late.length > 0 ? [`late: ${late.join(', ')}`] : []),
  ];
  const figure = (count: number, title: string, href: string) => ({
    count: count.toLocaleString('en-US'),
    ...{ title, href },
  });
  const content = renderOverview({
    headline: needs.length === 0 ? 'Nothing waits for you.' : `${needs.join('; ')}.`,
    isBad: needs.length > 0,
    figures: [
      figure(held, 'held', '/operator/held'),
      figure(due + sending, 'on their way', '/operator/deliveries?status=due'),
      figure(failed, 'failed', '/operator/deliveries?status=failed'),
      figure(sent, 'sent', '/operator/deliveries?status=sent'),
      figure(issues, 'audit issues', '/operator/audit'),
    ],
    sources: renderSourcesTable(sources, now),
    queues,
    kind: queueKind === 'redis' ? 'Redis' : 'the database',
  });
  return layoutOperator({ title: 'Operator', path: '/operator', session, baseUrl }, content);
}
