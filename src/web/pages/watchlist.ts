import type { ScreeningDecision, ScreeningHit, ScreeningRun, Watchlist } from '../../model.ts';
import { countryName } from '../../render/country-name.ts';
import { instantInWashington } from '../../render/date-facts.ts';
import { template } from '../../render/template.ts';
import { countOf } from '../../render/words.ts';
import { layoutPage } from '../layout.ts';
import { PAGE_LINKS, type PageLink, pageLinks } from './page-links.ts';
import { renderSessionLine, type SignedIn } from './session-line.ts';

/** What came of the upload that was just made. */
export interface UploadSaid {
  isTaken: boolean;
  rows: number;
  faults: { count: number; first: readonly { row: number; message: string }[] };
  notes: { count: number; first: readonly { row: number; message: string }[] };
  ignoredColumns: readonly string[];
}

export interface WatchlistView {
  watchlist: Watchlist;
  /** The newest first. */
  runs: readonly ScreeningRun[];
  /** What is known now, the best first; those that decisions hide are left out. */
  hits: readonly ScreeningHit[];
  /** Of all pages. */
  total: number;
  /** Counts from 1. */
  page: number;
  perPage: number;
  /** Those that were not taken back. */
  decisions: readonly ScreeningDecision[];
  upload: UploadSaid | null;
  /** Why something was refused as a whole. */
  refusal: string | null;
  /** Path of this page, which can be its secret. */
  path: string;
  /** Null where the address is all that is needed. */
  session: SignedIn | null;
  /** What was just done, in a sentence; empty for nothing. */
  done: string;
  today: string;
}

interface Rendered extends WatchlistView {
  line: string;
  csrf: string;
  count: string;
  pages: PageLink[];
  rowsOf(count: number): string;
  numberOf(count: number): string;
  placeOf(hit: ScreeningHit): string;
  when(at: string): string;
  causeOf(run: ScreeningRun): string;
}

const CAUSES = { rule: 'a rule was applied', upload: 'upload', demand: 'on demand' } as const;

const renderWatchlist =
  template<Rendered>(`${PAGE_LINKS}<% const mark = () => { if (it.csrf) { %><input type="hidden" name="csrf" value="<%= it.csrf %>"><% } } %>
<%~ it.line %><h1>Watchlist <%= it.watchlist.name %></h1>
<% if (it.done) { %><p id="said" role="status" class="notice good"><%= it.done %></p><% } %>
<% if (it.refusal) { %><div class="notice bad" role="alert"><p class="lead">Not done.</p><p><%= it.refusal %></p></div><% } %>
<% if (it.upload) { %><div class="notice<% if (it.upload.isTaken) { %> good<% } else { %> bad<% } %>" role="status">
<p class="lead"><% if (it.upload.isTaken) { %><%= it.rowsOf(it.upload.rows) %> taken.<% } else { %>Nothing was taken: <%= it.upload.faults.count %> rows have faults, and the watchlist is as it was.<% } %></p>
<% if (it.upload.ignoredColumns.length) { %><p>Columns that are not used: <%= it.upload.ignoredColumns.join(', ') %>.</p><% } %>
<% if (it.upload.faults.count) { %><p><%= it.upload.faults.count %> rows that cannot be taken:</p>
<ul><% for (const fault of it.upload.faults.first) { %><li>row <%= fault.row %>: <%= fault.message %></li>
<% } %></ul><% } %>
<% if (it.upload.notes.count) { %><p><%= it.upload.notes.count %> rows to know something of:</p>
<ul><% for (const note of it.upload.notes.first) { %><li>row <%= note.row %>: <%= note.message %></li>
<% } %></ul><% } %></div><% } %>
<p><% if (it.watchlist.version === 0) { %>No file was uploaded yet.<% } else { %><%= it.numberOf(it.watchlist.rows) %> of the upload of <%= it.watchlist.uploadedAt.slice(0, 10) %>. Each rule is compared with them the moment it is applied.<% } %></p>
<h2>Upload</h2>
<form method="post" action="<%= it.path %>/rows<% if (it.csrf) { %>?csrf=<%= it.csrf %><% } %>" enctype="multipart/form-data" data-progress>
<p><label><input type="checkbox" name="skip-faulty" value="true"> Take the rows without a fault where others have one</label></p>
<p><label for="file">A file of counterparties: CSV, XLSX or JSON, at most 50 MB. The first line names the columns: name, and where known id, country, address, aliases, note.</label></p>
<p><input id="file" name="file" type="file" required accept=".csv,.tsv,.txt,.xlsx,.json,.ndjson"></p>
<p><button type="submit">Upload and compare</button> <progress hidden aria-label="Sent"></progress> <span role="status"></span></p>
</form>
<p class="soft">The rows of the file replace all of the watchlist, or none.</p>
<h2>Hits</h2>
<% if (it.watchlist.version === 0) { %><p>They are shown here after an upload.</p>
<% } else if (it.runs.length === 0) { %><p>The watchlist was not compared yet; that is done within a minute. Load this page again.</p>
<% } else if (it.hits.length === 0) { %><p>No counterparty is like an entry of the lists, but for those that a decision says are none.</p>
<% } else { %><p><%= it.count %></p><div class="scroll" tabindex="0" role="region" aria-label="Hits"><table class="stack"><thead><tr><th scope="col">Counterparty</th><th scope="col">Entry</th><th scope="col" class="number">Score</th><th scope="col">Why</th><th scope="col">Not a match?</th></tr></thead><tbody>
<% for (const hit of it.hits) { %><tr><td data-head="Counterparty"><%= hit.theirName %><br><span class="soft">row <%= hit.rowNumber %><% if (hit.ref) { %>, id <%= hit.ref %><% } %></span></td>
<td data-head="Entry"><a href="/entries/<%= encodeURIComponent(hit.entryId) %>"><%= hit.entryName %></a><br><span class="soft"><%= it.placeOf(hit) %></span></td>
<td data-head="Score" class="number"><%= hit.score.toFixed(2) %></td>
<td data-head="Why">“<%= hit.matched.theirs %>” is like “<%= hit.matched.ours %>”: <%= hit.reasons.join('; ') %></td>
<td><form method="post" action="<%= it.path %>/decisions?page=<%= it.page %>"><% mark() %><input type="hidden" name="hit" value="<%= hit.hitId %>">
<p class="field"><label for="reason-<%= hit.hitId %>">Reason<span class="unseen"> why <%= hit.theirName %> is not <%= hit.entryName %></span></label><input id="reason-<%= hit.hitId %>" name="reason" required minlength="3" maxlength="1000"></p>
<p class="field"><label for="expires-<%= hit.hitId %>">Until; empty for no end<span class="unseen"> of the decision about <%= hit.theirName %> and <%= hit.entryName %></span></label><input id="expires-<%= hit.hitId %>" name="expires" type="date" min="<%= it.today %>"></p>
<button type="submit" class="quiet">Not a match<span class="unseen">: <%= hit.theirName %> and <%= hit.entryName %></span></button></form></td></tr>
<% } %></tbody></table></div>
<% pageLinks(it.pages, 'Pages of hits') %><% } %>
<% if (it.decisions.length) { %><h2>Decisions</h2>
<p>Each hides its pair until its last day, or until the entry changes.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Decisions"><table class="stack"><thead><tr><th scope="col">Counterparty</th><th scope="col">is not</th><th scope="col">Reason</th><th scope="col">Who and when</th><th scope="col">Until</th><th scope="col">Take back</th></tr></thead><tbody>
<% for (const one of it.decisions) { %><tr><td data-head="Counterparty"><%= one.theirName %></td><td data-head="is not"><%= one.entryName %></td><td data-head="Reason"><%= one.reason %></td>
<td data-head="Who and when"><%= one.who %>, <%= it.when(one.madeAt) %></td><td data-head="Until"><%= one.expiresOn ?? 'no end' %></td>
<td><form method="post" action="<%= it.path %>/decisions/end?page=<%= it.page %>"><% mark() %><input type="hidden" name="decision" value="<%= one.decisionId %>"><button type="submit" class="quiet">Take back<span class="unseen"> the decision about <%= one.theirName %> and <%= one.entryName %></span></button></form></td></tr>
<% } %></tbody></table></div><% } %>
<h2>Comparisons</h2>
<% if (it.runs.length === 0) { %><p>None yet.</p><% } else { %><div class="scroll" tabindex="0" role="region" aria-label="Comparisons"><table class="stack"><thead><tr><th scope="col">When</th><th scope="col">Why</th><th scope="col" class="number">Counterparties</th><th scope="col" class="number">Entries</th><th scope="col" class="number">Hits</th></tr></thead><tbody>
<% for (const run of it.runs) { %><tr><td data-head="When"><%= it.when(run.startedAt) %></td><td data-head="Why"><% if (run.changeSetId) { %><a href="/changes/<%= encodeURIComponent(run.changeSetId) %>"><%= it.causeOf(run) %></a><% } else { %><%= it.causeOf(run) %><% } %></td><td data-head="Counterparties" class="number"><%= run.names %></td><td data-head="Entries" class="number"><%= run.entries %></td><td data-head="Hits" class="number"><%= run.hits - run.hidden %><% if (run.hidden) { %> and <%= run.hidden %> decided<% } %></td></tr>
<% } %></tbody></table></div>
<form method="post" action="<%= it.path %>/compare"><% mark() %><p><button type="submit" class="quiet">Compare again now</button></p></form>
<p>The evidence: every comparison, those without a hit too, with what was compared and all hits with their reasons. <a href="<%= it.path %>/evidence.csv">As CSV</a> <a href="<%= it.path %>/evidence.json">As JSON, with the decisions</a></p><% } %>
`);

/** The private page of a watchlist: upload, hits with their reasons, decisions, and the record of comparisons. */
export function renderWatchlistPage(view: WatchlistView, baseUrl: string): string {
  const { page, perPage, total, hits, path, session } = view;
  const from = (page - 1) * perPage;
  const number = (count: number) => count.toLocaleString('en-US');
  const content = renderWatchlist({
    ...view,
    line: session === null ? '' : renderSessionLine(session),
    csrf: session?.csrf ?? '',
    count: `${countOf(total, 'hit', 'hits')}, the best first: ${number(from + 1)} to ${number(from + hits.length)}.`,
    pages: pageLinks(page, Math.max(1, Math.ceil(total / perPage)), (to) => `${path}?page=${to}`),
    rowsOf: (count) => countOf(count, 'row was', 'rows were'),
    numberOf: (count) => countOf(count, 'counterparty', 'counterparties'),
    placeOf: ({ country, destination }) => countryName(country, destination),
    when: instantInWashington,
    causeOf: ({ cause }) => CAUSES[cause],
  });
  return layoutPage(`Watchlist ${view.watchlist.name}`, content, baseUrl, {
    isPrivate: true,
    current: '/screening',
  });
}
