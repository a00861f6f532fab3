import type { AlertView } from './alert-view.ts';
import type { FootLinks } from './foot-links.ts';
import { CAUTION, openMail } from './mail-frame.ts';
import { template } from './template.ts';

/** What the templates get beside the view of the changes. */
export interface EmailFrame {
  pageUrl: string;
  unsubscribeUrl: string;
  links: FootLinks;
  recipient: string;
  filter: string;
  filtered: string;
  hidden: string;
  /** What the changes hit of the reader's own counterparties, one sentence each. */
  hits: readonly string[];
}

/** Marks keep their own background and text colour, so they read the same on light and on dark. */
const MARKS = {
  same: '',
  removed: 'background:#fde2e1;color:#8c1d18',
  added: 'background:#d9f2df;color:#12552a;text-decoration:none',
} as const;

const STYLES = {
  muted: 'color:#667085;font-size:13px',
  row: 'padding:9px 0;border-top:1px solid #cfd4dc;vertical-align:top',
  h2: 'font-size:18px;line-height:1.3;margin:28px 0 4px',
  h3: 'font-size:16px;line-height:1.3;margin:20px 0 6px',
  terms: 'border-left:3px solid #9aa4b2;padding:2px 0 2px 12px;margin:6px 0 8px;font-size:14px',
  cell: 'padding:5px 10px 5px 0;border-top:1px solid #cfd4dc;vertical-align:top;text-align:left',
  alert: 'border:2px solid #b54708;padding:10px 14px;margin:16px 0',
} as const;

const SOURCE = `${openMail('it.view.subject')}<% const s = it.styles; const v = it.view; const f = it.frame; %>
<% const places = (one) => { %>
<% if (one.aliases.length) { %><div><span class="m" style="<%= s.muted %>">Also known as</span> <%= one.aliases.join('; ') %></div><% } %>
<% if (one.addresses.length) { %><div><span class="m" style="<%= s.muted %>">Address</span> <%= one.addresses.join('; ') %></div><% } %>
<% } %>
<% const where = (one) => { %><% if (one.locator) { %><div class="m" style="<%= s.muted %>">Source: <%= one.locator %></div><% } %><% } %>
<% const rest = (section) => { %><% if (section.shown < section.total) { %><p class="m" style="<%= s.muted %>"><%= section.total - section.shown %> more are in the attached CSV and <a href="<%= f.pageUrl %>">on the page</a>.</p><% } %><% } %>
<% const marked = (segments) => { for (const one of segments) { const mark = it.marks[one.mark]; %><% if (one.mark === 'removed') { %><del style="<%= mark %>"><%= one.text %></del><% } else if (one.mark === 'added') { %><ins style="<%= mark %>"><%= one.text %></ins><% } else { %><%= one.text %><% } %><% } } %>
<% const revisions = (section) => { %>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">
<% for (const one of section.items) { %>
<tr><td style="<%= s.row %>"><strong><%= one.name %></strong> <span class="m" style="<%= s.muted %>"><%= one.place %></span>
<% for (const field of one.fields) { %>
<div style="margin-top:4px"><span class="m" style="<%= s.muted %>"><%= field.label %></span><br>
<% if (field.shape === 'text') { marked(field.segments) } else { %>
<% for (const text of field.items.removed) { marked([{ text, mark: 'removed' }]) %><br><% } %>
<% for (const text of field.items.added) { marked([{ text, mark: 'added' }]) %><br><% } %>
<span class="m" style="<%= s.muted %>"><%= field.items.unchanged %> unchanged</span>
<% } %>
</div>
<% } %>
<% where(one) %></td></tr>
<% } %>
</table>
<% rest(section) } %>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse"><tr><td align="center">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="max-width:680px;border-collapse:collapse;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5"><tr><td style="padding:24px 20px;text-align:left;word-break:break-word">
<h1 style="font-size:22px;line-height:1.3;margin:0 0 14px"><%= v.subject %></h1>
<% if (f.hits.length) { %><div style="<%= s.alert %>"><p style="margin:0"><strong>Your counterparties</strong></p><ul style="margin:4px 0 0;padding-left:20px"><% for (const line of f.hits) { %><li><%= line %></li><% } %></ul></div><% } %>
<% if (v.note) { %><div style="<%= v.held ? s.alert : '' %>"><p style="margin:0 0 8px"><%= v.note %></p>
<% if (v.held) { %>
<p style="margin:8px 0 0"><strong>What the document states</strong></p><ul style="margin:4px 0 8px;padding-left:20px"><% for (const line of v.stated) { %><li><%= line %></li><% } %><% if (!v.stated.length) { %><li>No counts.</li><% } %></ul>
<p style="margin:8px 0 0"><strong>Why it is not confirmed</strong></p><ul style="margin:4px 0 0;padding-left:20px"><% for (const line of v.heldReasons) { %><li><%= line %></li><% } %></ul>
<% } %></div><% } %>
<% if (v.differences.length) { %><div style="<%= s.alert %>"><p style="margin:0"><strong>What is different now</strong></p><ul style="margin:4px 0 0;padding-left:20px"><% for (const line of v.differences) { %><li><%= line %></li><% } %></ul></div><% } %>
<% if (v.notice === 'provisional' && v.stated.length) { %><p style="margin:8px 0 0"><strong>What the filing states</strong></p><ul style="margin:4px 0 8px;padding-left:20px"><% for (const line of v.stated) { %><li><%= line %></li><% } %></ul><% } %>
<p style="margin:0 0 4px"><strong><%= v.dates.effective %></strong></p>
<% if (v.lead) { %><p style="margin:0 0 4px"><%= v.lead %></p><% } %>
<% if (v.filing) { %><% for (const fact of v.filing.facts) { %><p class="m" style="margin:0 0 4px;<%= s.muted %>"><%= fact %></p><% } %><% for (const letter of v.filing.letters) { %><p style="margin:0 0 4px">Letter: <% if (letter.url) { %><a href="<%= letter.url %>" style="color:#0b57d0"><%= letter.title %></a><% } else { %><%= letter.title %><% } %></p><% } %><% if (v.filing.editorialNote) { %><p style="margin:0 0 4px">Editorial note: <%= v.filing.editorialNote %></p><% } %><% } %>
<p class="m" style="margin:0 0 4px;<%= s.muted %>"><%= v.dates.known %></p>
<% if (v.notice === null) { %><p style="margin:0 0 12px">Checked: <%= v.verification %></p><% } %>
<% if (v.document) { %>
<p style="margin:0 0 4px"><% if (v.document.url) { %><a href="<%= v.document.url %>" style="color:#0b57d0"><%= v.document.title %></a><% } else { %><%= v.document.title %><% } %></p>
<p class="m" style="margin:0 0 12px;<%= s.muted %>">Federal Register document <%= v.document.number %><%= v.document.citation ? ', ' + v.document.citation : '' %></p>
<% } %>
<p style="margin:0 0 12px"><a href="<%= f.pageUrl %>" style="color:#0b57d0">All of it on one page</a></p>
<% if (f.filtered) { %><p style="margin:0 0 12px"><%= f.filtered %></p><% } %>
<% if (f.hidden) { %><p style="<%= s.alert %>"><%= f.hidden %></p><% } %>
<% if (v.filing) { for (const group of v.filing.named) { %><h3 style="<%= s.h3 %>"><%= group.title %> (provisional)</h3><ul style="margin:4px 0 8px;padding-left:20px"><% for (const name of group.names) { %><li><%= name %></li><% } %></ul><% } } %>
<% for (const list of v.lists) { %>
<% if (list.removed.total) { %>
<h2 style="<%= s.h2 %>">Removed from the <%= list.title %>: <%= list.removed.total %></h2>
<p style="margin:0 0 8px">These are no longer on the list. What you block because of them may be unblocked, unless another rule applies.</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">
<% for (const one of list.removed.items) { %>
<tr><td style="<%= s.row %>"><strong><%= one.name %></strong> <span class="m" style="<%= s.muted %>"><%= one.place %></span>
<% places(one) %><% where(one) %></td></tr>
<% } %>
</table>
<% rest(list.removed) } %>
<% if (list.revised.total) { %>
<h2 style="<%= s.h2 %>">Revised on the <%= list.title %>: <%= list.revised.total %></h2>
<% revisions(list.revised) } %>
<% if (list.added.total) { %>
<h2 style="<%= s.h2 %>">Added to the <%= list.title %>: <%= list.added.total %></h2>
<% for (const group of list.added.items) { %>
<h3 style="<%= s.h3 %>"><%= group.name %>: <%= group.total %></h3>
<% for (const block of group.blocks) { const terms = block.terms; %>
<div style="<%= s.terms %>">
<% if (block.entries.length > 1) { %><div class="m" style="<%= s.muted %>">Applies to the <%= block.entries.length %> entries below</div><% } %>
<% if (terms.licenseRequirement) { %><div><span class="m" style="<%= s.muted %>">License requirement</span> <%= terms.licenseRequirement %></div><% } %>
<% if (terms.licenseReviewPolicy) { %><div><span class="m" style="<%= s.muted %>">License review policy</span> <%= terms.licenseReviewPolicy %></div><% } %>
<% for (const footnote of terms.footnotes) { %><div><%= footnote %></div><% } %>
<% for (const citation of terms.citations) { %><div><a href="<%= citation.url %>" style="color:#0b57d0"><%= citation.text %></a></div><% } %>
</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">
<% for (const one of block.entries) { %>
<tr><td style="<%= s.row %>"><strong><%= one.name %></strong>
<% places(one) %>
<% if (one.seeAlso.length) { %><div><span class="m" style="<%= s.muted %>">See also under</span> <%= one.seeAlso.join('; ') %></div><% } %>
<% where(one) %></td></tr>
<% } %>
</table>
<% } %>
<% rest(group) } %>
<% } %>
<% if (list.editorial.total) { %>
<h2 style="<%= s.h2 %>">Editorial fixes on the <%= list.title %>: <%= list.editorial.total %></h2>
<% revisions(list.editorial) } %>
<% } %>
<h2 style="<%= s.h2 %>"><%= v.notice === 'provisional' || v.notice === 'withdrawn' ? 'Status' : 'Verification' %></h2>
<p style="margin:0 0 8px"><%= v.verification %></p>
<% if (v.checks.length) { %>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:14px">
<tr><th scope="col" style="<%= s.cell %>">Check</th><th scope="col" style="<%= s.cell %>">Expected</th><th scope="col" style="<%= s.cell %>">Found</th><th scope="col" style="<%= s.cell %>">Result</th></tr>
<% for (const check of v.checks) { %>
<tr><td style="<%= s.cell %>"><%= check.message %></td><td style="<%= s.cell %>"><%= check.expected ?? '' %></td><td style="<%= s.cell %>"><%= check.found ?? '' %></td><td style="<%= s.cell %>"><%= check.status === 'skip' ? 'not checked' : check.status %></td></tr>
<% } %>
</table>
<% if (v.moreChecks) { %><p class="m" style="<%= s.muted %>"><%= v.moreChecks %> more checks are on the page.</p><% } %>
<% } %>
<p class="m" style="margin:32px 0 6px;padding-top:12px;border-top:1px solid #cfd4dc;<%= s.muted %>">You get this because <%= f.recipient %> is subscribed to <%= f.filter %>. <% if (f.links.acknowledgeUrl) { %><a href="<%= f.links.acknowledgeUrl %>" style="color:#0b57d0">Say that you have read it</a> · <% } %><% if (f.links.preferencesUrl) { %><a href="<%= f.links.preferencesUrl %>" style="color:#0b57d0">Preferences</a> · <% } %><a href="<%= f.unsubscribeUrl %>" style="color:#0b57d0">Unsubscribe</a></p>
<p class="m" style="margin:0;<%= s.muted %>">${CAUTION}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`;

const renderPage = template<{
  view: AlertView;
  frame: EmailFrame;
  styles: typeof STYLES;
  marks: typeof MARKS;
}>(SOURCE);

/** The HTML part: inline styles, no remote content, readable in light and in dark. */
export function renderEmailHtml(view: AlertView, frame: EmailFrame): string {
  return renderPage({ view, frame, styles: STYLES, marks: MARKS });
}
