import type { ChangeSet } from '../../model.ts';
import { dateFacts, instantInWashington } from '../../render/date-facts.ts';
import { template } from '../../render/template.ts';
import { LIST_TITLES } from '../../render/words.ts';
import { layoutPage } from '../layout.ts';
import type { Freshness } from '../web-reader.ts';

/** One line of the home page. */
export interface HomeRow {
  changeSet: ChangeSet;
  subject: string;
}

interface HomeView {
  rows: {
    href: string;
    subject: string;
    status: string;
    effective: string;
    known: string;
    document: string;
  }[];
  figures: { title: string; count: string }[];
  checked: string;
}

const renderHome = template<HomeView>(`<h1>What changed on the US export-control lists</h1>
<p class="soft"><%= it.checked %></p>
<% if (it.figures.length) { %>
<ul class="figures">
<% for (const figure of it.figures) { %>
<li><b><%= figure.count %></b><span class="soft">entries on the <%= figure.title %></span></li>
<% } %>
</ul>
<% } %>
<h2>Latest changes</h2>
<% if (it.rows.length === 0) { %><p>Nothing yet. Changes appear here as soon as a rule is read.</p><% } %>
<ol class="rows">
<% for (const row of it.rows) { %>
<li><a class="title" href="<%= row.href %>"><%= row.subject %></a>
<div class="soft"><span class="tag <%= row.status %>"><%= row.status === 'held' ? 'not confirmed' : row.status %></span> <%= row.effective %> <%= row.known %> <%= row.document %></div></li>
<% } %>
</ol>
<h2>Feeds and API</h2>
<ul>
<li><a href="/feed.atom">Atom</a>, <a href="/feed.rss">RSS</a> and <a href="/feed.json">JSON Feed</a>, one item for each rule</li>
<li><a href="/api/v1/changes?after=0">/api/v1/changes?after=0</a>: every change in order, field by field</li>
<li><a href="/api/v1/documents">/api/v1/documents</a>: what was read, and what became of it</li>
</ul>
`);

/** The home page: freshness, list sizes and the latest change sets. */
export function renderHomePage(rows: readonly HomeRow[], freshness: Freshness, baseUrl: string): string {
  const view: HomeView = {
    rows: rows.map(({ changeSet, subject }) => ({
      href: `/changes/${encodeURIComponent(changeSet.changeSetId)}`,
      subject,
      status: changeSet.outcome,
      ...dateFacts(changeSet),
      document: changeSet.document === null ? '' : `Document ${changeSet.document.number}.`,
    })),
    figures: Object.entries(freshness.listCounts).map(([list, count]) => ({
      title: LIST_TITLES[list as keyof typeof LIST_TITLES],
      count: count.toLocaleString('en-US'),
    })),
    checked:
      freshness.checkedAt === null
        ? 'The Federal Register has not been checked yet.'
        : `Federal Register last checked at ${instantInWashington(freshness.checkedAt)}.`,
  };
  return layoutPage('Entity List Watch', renderHome(view), baseUrl);
}
