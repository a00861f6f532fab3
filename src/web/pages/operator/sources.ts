import { template } from '../../../render/template.ts';
import type { SourceHealth } from '../../site/sources.ts';
import type { SignedIn } from '../session-line.ts';
import { type SourceRow, viewSourceRows } from '../source-rows.ts';
import { layoutOperator } from './frame.ts';

const renderTable = template<{
  rows: SourceRow[];
}>(`<% if (it.rows.length === 0) { %><p>No source was asked yet. A worker asks within two minutes of its start: look whether one runs, with <code>elwatch doctor</code>.</p><% } else { %>
<div class="scroll" tabindex="0" role="region" aria-label="Sources"><table class="stack"><thead><tr><th scope="col">Source</th><th scope="col">State</th><th scope="col">Last success</th><th scope="col">Last failure</th><th scope="col">Next check</th></tr></thead><tbody>
<% for (const one of it.rows) { %><tr><th scope="row"><%= one.title %><br><span class="soft"><%= one.gives %></span></th>
<td data-head="State"><span class="tag <%= one.isBad ? 'bad' : 'good' %>"><%= one.state %></span><% if (one.failure) { %><div class="soft"><%= one.failure %></div><% } %></td>
<td data-head="Last success"><%= one.last %> <span class="soft"><%= one.ago %></span></td><td data-head="Last failure"><%= one.failed %></td><td data-head="Next check"><%= one.next %></td></tr>
<% } %></tbody></table></div><% } %>
`);

/** The table of the sources: how each stands, and why the last look failed. */
export function renderSourcesTable(sources: readonly SourceHealth[], now: string): string {
  return renderTable({ rows: viewSourceRows(sources, now) });
}

const renderSources = template<{
  table: string;
  csrf: string;
  canCheck: boolean;
  isDone: boolean;
}>(`<h1>Sources</h1>
<% if (it.isDone) { %><p role="status" class="notice good">The Federal Register and public inspection are being asked. <a href="/operator/sources">Look again</a> in a few seconds.</p><% } %>
<%~ it.table %>
<% if (it.canCheck) { %><form method="post" action="/operator/sources/check"><input type="hidden" name="csrf" value="<%= it.csrf %>"><p><button type="submit">Check now</button> <span class="soft">Asks the Federal Register, and public inspection where its next check is due by the hour.</span></p></form><% } else { %><p>This process does not see the queue yet, and tries again every ten seconds. Does Redis answer (<code>REDIS_URL</code>)? The log says more. <code>elwatch poll</code> asks the sources at once.</p><% } %>
`);

/** How each source stands. */
export function renderSourcesPage(
  {
    sources,
    now,
    canCheck,
    isDone,
  }: {
    sources: readonly SourceHealth[];
    now: string;
    canCheck: boolean;
    isDone: boolean;
  },
  session: SignedIn,
  baseUrl: string,
): string {
  const table = renderSourcesTable(sources, now);
  const content = renderSources({ table, csrf: session.csrf, canCheck, isDone });
  return layoutOperator({ title: 'Sources', path: '/operator/sources', session, baseUrl }, content);
}
