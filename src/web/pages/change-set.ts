import type { ChangeSet, StoredChange } from '../../model.ts';
import { type AlertView, viewAlert } from '../../render/alert-view.ts';
import { instantInWashington } from '../../render/date-facts.ts';
import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';

/** Another notice about the same document. */
interface ChainLink {
  href: string;
  text: string;
}

function linkTo(changeSet: ChangeSet): ChainLink {
  return {
    href: `/changes/${encodeURIComponent(changeSet.changeSetId)}`,
    text: `${changeSet.outcome}, ${instantInWashington(changeSet.knownAt)}`,
  };
}

const renderChangeSet = template<{
  view: AlertView;
  csvUrl: string | null;
  earlier: ChainLink[];
  later: ChainLink[];
}>(`<% const v = it.view; %>
<% const details = (one) => { %>
<% if (one.aliases && one.aliases.length) { %><div><span class="soft">Also known as</span> <%= one.aliases.join('; ') %></div><% } %>
<% if (one.addresses && one.addresses.length) { %><div><span class="soft">Address</span> <%= one.addresses.join('; ') %></div><% } %>
<% if (one.seeAlso && one.seeAlso.length) { %><div><span class="soft">See also under</span> <%= one.seeAlso.join('; ') %></div><% } %>
<div class="soft"><% if (one.locator) { %>Source: <%= one.locator %>. <% } %>Change <%= one.seq %></div>
<% } %>
<% const marked = (segments) => { for (const one of segments) { %><% if (one.mark === 'removed') { %><del><%= one.text %></del><% } else if (one.mark === 'added') { %><ins><%= one.text %></ins><% } else { %><%= one.text %><% } %><% } } %>
<% const revisions = (items) => { %>
<ul class="rows">
<% for (const one of items) { %>
<li id="change-<%= one.seq %>"><strong><%= one.name %></strong> <span class="soft"><%= one.place %></span>
<% for (const field of one.fields) { %>
<div><span class="soft"><%= field.label %></span><br>
<% if (field.shape === 'text') { marked(field.segments) } else { %>
<% for (const text of field.items.removed) { %><del><%= text %></del><br><% } %>
<% for (const text of field.items.added) { %><ins><%= text %></ins><br><% } %>
<span class="soft"><%= field.items.unchanged %> unchanged</span>
<% } %></div>
<% } %>
<% details(one) %></li>
<% } %>
</ul>
<% } %>
<h1><%= v.subject %></h1>
<% if (it.later.length) { %><p class="notice">There is later news about this document: <% for (const one of it.later) { %><a href="<%= one.href %>"><%= one.text %></a> <% } %></p><% } %>
<% if (v.note && !v.held) { %><p<% if (v.notice) { %> class="notice"<% } %>><%= v.note %></p><% } %>
<% if (v.differences.length) { %><div class="notice"><p class="lead">What is different now</p><ul><% for (const line of v.differences) { %><li><%= line %></li><% } %></ul></div><% } %>
<% if (v.notice === 'provisional' && v.stated.length) { %><p class="lead">What the filing states</p><ul><% for (const line of v.stated) { %><li><%= line %></li><% } %></ul><% } %>
<% if (v.lead) { %><p><%= v.lead %></p><% } %>
<% if (v.filing) { %>
<% for (const fact of v.filing.facts) { %><p class="soft"><%= fact %></p><% } %>
<% for (const letter of v.filing.letters) { %><p>Letter: <% if (letter.url) { %><a href="<%= letter.url %>"><%= letter.title %></a><% } else { %><%= letter.title %><% } %></p><% } %>
<% if (v.filing.editorialNote) { %><p>Editorial note: <%= v.filing.editorialNote %></p><% } %>
<% for (const group of v.filing.named) { %><h3><%= group.title %> (provisional)</h3><ul><% for (const name of group.names) { %><li><%= name %></li><% } %></ul><% } %>
<% } %>
<% if (it.earlier.length) { %><p class="soft">Told before: <% for (const one of it.earlier) { %><a href="<%= one.href %>"><%= one.text %></a> <% } %></p><% } %>
<% if (v.held) { %>
<div class="notice"><p class="lead">Not confirmed</p><p><%= v.note %></p>
<p class="lead">What the document states</p><ul><% for (const line of v.stated) { %><li><%= line %></li><% } %><% if (!v.stated.length) { %><li>No counts.</li><% } %></ul>
<p class="lead">Why it is not confirmed</p><ul><% for (const line of v.heldReasons) { %><li><%= line %></li><% } %></ul></div>
<% } %>
<p class="lead"><%= v.dates.effective %></p>
<p class="soft"><%= v.dates.known %></p>
<% if (v.document) { %>
<p><% if (v.document.url) { %><a href="<%= v.document.url %>"><%= v.document.title %></a><% } else { %><%= v.document.title %><% } %> <span class="soft">Federal Register document <%= v.document.number %><%= v.document.citation ? ', ' + v.document.citation : '' %></span></p>
<% } %>
<% if (it.csvUrl) { %><p><a href="<%= it.csvUrl %>">All changes as CSV</a></p><% } %>
<h2><%= v.notice === 'provisional' || v.notice === 'withdrawn' ? 'Status' : 'Verification' %></h2>
<p><%= v.verification %></p>
<% if (v.checks.length) { %>
<div class="scroll"><table>
<thead><tr><th scope="col">Check</th><th scope="col">Expected</th><th scope="col">Found</th><th scope="col">Result</th></tr></thead>
<tbody>
<% for (const check of v.checks) { %>
<tr><td><%= check.message %></td><td class="number"><%= check.expected ?? '' %></td><td class="number"><%= check.found ?? '' %></td><td><%= check.status === 'skip' ? 'not checked' : check.status %></td></tr>
<% } %>
</tbody></table></div>
<% if (v.moreChecks) { %><p class="soft"><%= v.moreChecks %> more checks are not shown.</p><% } %>
<% } %>
<% if (v.hidden) { %><p class="notice"><%= v.hidden %> changes are not shown on this page; the CSV and the API list all of them.</p><% } %>
<% for (const list of v.lists) { %>
<% if (list.removed.total) { %>
<h2>Removed from the <%= list.title %>: <%= list.removed.total %></h2>
<p>These are no longer on the list. What you block because of them may be unblocked, unless another rule applies.</p>
<ul class="rows"><% for (const one of list.removed.items) { %><li id="change-<%= one.seq %>"><strong><%= one.name %></strong> <span class="soft"><%= one.place %></span><% details(one) %></li><% } %></ul>
<% } %>
<% if (list.revised.total) { %><h2>Revised on the <%= list.title %>: <%= list.revised.total %></h2><% revisions(list.revised.items) } %>
<% if (list.added.total) { %>
<h2>Added to the <%= list.title %>: <%= list.added.total %></h2>
<% for (const group of list.added.items) { %>
<h3><%= group.name %>: <%= group.total %></h3>
<% for (const block of group.blocks) { const terms = block.terms; %>
<div class="terms">
<% if (terms.licenseRequirement) { %><div><span class="soft">License requirement</span> <%= terms.licenseRequirement %></div><% } %>
<% if (terms.licenseReviewPolicy) { %><div><span class="soft">License review policy</span> <%= terms.licenseReviewPolicy %></div><% } %>
<% for (const footnote of terms.footnotes) { %><div><%= footnote %></div><% } %>
<% for (const citation of terms.citations) { %><div><a href="<%= citation.url %>"><%= citation.text %></a></div><% } %>
</div>
<ul class="rows"><% for (const one of block.entries) { %><li id="change-<%= one.seq %>"><strong><%= one.name %></strong><% details(one) %></li><% } %></ul>
<% } %>
<% } %>
<% } %>
<% if (list.editorial.total) { %><h2>Editorial fixes on the <%= list.title %>: <%= list.editorial.total %></h2><% revisions(list.editorial.items) } %>
<% } %>
`);

/** A baseline has thousands of entries; a page of 2,000 is already half a megabyte. */
const MAX_CHANGES = 2_000;

/** The page of one change set: dates, verification, every change with its place in the document. */
export function renderChangeSetPage(
  changeSet: ChangeSet,
  changes: readonly StoredChange[],
  baseUrl: string,
  { earlier = [], later = [] }: { earlier?: readonly ChangeSet[]; later?: readonly ChangeSet[] } = {},
): string {
  const view = viewAlert(changeSet, changes, { limit: MAX_CHANGES, earlier });
  const csvUrl =
    changes.length === 0 ? null : `/changes/${encodeURIComponent(changeSet.changeSetId)}/changes.csv`;
  return layoutPage(
    view.subject,
    renderChangeSet({ view, csvUrl, earlier: earlier.map(linkTo), later: later.map(linkTo) }),
    baseUrl,
  );
}
