import { instantInWashington } from '../../../render/date-facts.ts';
import { template } from '../../../render/template.ts';
import type { BackfillRun } from '../../operator/operator-parts.ts';
import type { SignedIn } from '../session-line.ts';
import { layoutOperator } from './frame.ts';

interface View {
  run: BackfillRun | null;
  began: string;
  ended: string;
  from: string;
  to: string;
  fault: string;
  csrf: string;
}

const renderBackfill = template<View>(`<% const run = it.run; %><h1>Backfill</h1>
<p>Reads the rules that were published within some days, in the order of print. Nobody is told about old documents, and what is settled is left alone, so that a run over the same days takes up one that was stopped.</p>
<% if (run) { %><h2><%= it.ended ? 'The last one' : 'It goes on' %></h2>
<p>From <%= run.from %> to <%= run.to %>, begun <%= it.began %> by <%= run.who %><% if (it.ended) { %>, ended <%= it.ended %><% } %>.</p>
<% if (run.error) { %><p class="notice bad"><%= run.error %> Begin it again over the same days, and it goes on where it was.</p><% } %>
<p><label for="progress">Months</label> <progress id="progress" max="<%= run.of %>" value="<%= run.done %>"><%= run.done %> of <%= run.of %></progress> <%= run.done %> of <%= run.of %></p>
<% if (run.at) { %><p class="soft"><%= run.at %></p><% } %>
<% if (run.counts) { %><p role="status"><%= run.counts %>.</p><% } %>
<% if (!it.ended) { %><p><a class="button quiet" href="/operator/backfill">Look again</a></p><% } %>
<% if (run.unfinished.length) { %><div class="scroll" tabindex="0" role="region" aria-label="Not finished"><table class="stack"><caption>Not finished. What is held is decided about on <a href="/operator/held">its page</a>; what failed is tried again by another run.</caption><thead><tr><th scope="col">Document</th><th scope="col">Published</th><th scope="col">Outcome</th><th scope="col">Why</th></tr></thead><tbody>
<% for (const one of run.unfinished) { %><tr><th scope="row"><%= one.number %></th><td data-head="Published"><%= one.publishedOn %></td><td data-head="Outcome"><%= one.outcome %></td><td data-head="Why"><%= one.reason %></td></tr>
<% } %></tbody></table></div><% } %>
<% } else { %><p>No backfill ran since this process began. Its list must be loaded as it stood before the first of the days: <code>elwatch baseline</code>.</p><% } %>
<% if (!run || it.ended) { %><h2>Begin one</h2>
<% if (it.fault) { %><p role="alert" class="fault"><%= it.fault %></p><% } %>
<form method="post" action="/operator/backfill" class="filters"><input type="hidden" name="csrf" value="<%= it.csrf %>">
<div><label for="from">Published from</label><input id="from" name="from" type="date" required min="2000-01-18" value="<%= it.from %>"></div>
<div><label for="to">to</label><input id="to" name="to" type="date" required min="2000-01-18" value="<%= it.to %>"></div>
<div><button type="submit">Begin</button></div></form><% } else if (it.fault) { %><p role="alert" class="fault"><%= it.fault %></p><% } %>
`);

/** A backfill with its progress, or the form to begin one. */
export function renderBackfillPage(
  { run, from, to, fault = '' }: { run: BackfillRun | null; from: string; to: string; fault?: string },
  session: SignedIn,
  baseUrl: string,
): string {
  const content = renderBackfill({
    ...{ run, from, to, fault },
    csrf: session.csrf,
    began: run === null ? '' : instantInWashington(run.startedAt),
    ended: run?.endedAt == null ? '' : instantInWashington(run.endedAt),
  });
  return layoutOperator({ title: 'Backfill', path: '/operator/backfill', session, baseUrl }, content);
}
