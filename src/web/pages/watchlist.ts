import type { ScreeningHit, ScreeningRun, Watchlist } from '../../model.ts';
import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';

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
  /** Hits that are not shown since there are too many. */
  isCut: boolean;
  upload: UploadSaid | null;
  /** Why a file was refused as a whole. */
  refusal: string | null;
  /** Path of this page, which is its secret. */
  path: string;
}

const renderWatchlist = template<WatchlistView>(`<h1>Watchlist <%= it.watchlist.name %></h1>
<% if (it.refusal) { %><div class="notice" role="alert"><p class="lead">The file was not taken.</p><p><%= it.refusal %></p></div><% } %>
<% if (it.upload) { %><div class="notice" role="status">
<p class="lead"><% if (it.upload.isTaken) { %><%= it.upload.rows %> rows were taken.<% } else { %>Nothing was taken: <%= it.upload.faults.count %> rows have faults, and the watchlist is as it was.<% } %></p>
<% if (it.upload.ignoredColumns.length) { %><p>Columns that are not used: <%= it.upload.ignoredColumns.join(', ') %>.</p><% } %>
<% if (it.upload.faults.count) { %><p><%= it.upload.faults.count %> rows that cannot be taken:</p>
<ul><% for (const fault of it.upload.faults.first) { %><li>row <%= fault.row %>: <%= fault.message %></li>
<% } %></ul><% } %>
<% if (it.upload.notes.count) { %><p><%= it.upload.notes.count %> rows to know something of:</p>
<ul><% for (const note of it.upload.notes.first) { %><li>row <%= note.row %>: <%= note.message %></li>
<% } %></ul><% } %></div><% } %>
<p><% if (it.watchlist.version === 0) { %>No file was uploaded yet.<% } else { %><%= it.watchlist.rows %> counterparties of the upload of <%= it.watchlist.uploadedAt.slice(0, 10) %>.<% } %></p>
<h2>Upload</h2>
<form method="post" action="<%= it.path %>/rows" enctype="multipart/form-data">
<p><label><input type="checkbox" name="skip-faulty" value="true"> Take the rows without a fault where others have one</label></p>
<p><label for="file">A file of counterparties: CSV, XLSX or JSON, at most 50 MB. The first line names the columns: name, and where known id, country, address, aliases, note.</label></p>
<p><input id="file" name="file" type="file" required accept=".csv,.tsv,.txt,.xlsx,.json,.ndjson"></p>
<p><button type="submit">Upload and compare</button></p>
</form>
<p class="soft">The rows of the file replace all of the watchlist, or none.</p>
<h2>Hits</h2>
<% if (it.watchlist.version === 0) { %><p>They are shown here after an upload.</p>
<% } else if (it.runs.length === 0) { %><p>The watchlist was not compared yet; that is done within a minute. Load this page again.</p>
<% } else if (it.hits.length === 0) { %><p>No counterparty is like an entry of the lists, but for those that a decision says are none.</p>
<% } else { %><div class="scroll"><table><thead><tr><th scope="col">Counterparty</th><th scope="col">Entry</th><th scope="col">Score</th><th scope="col">Why</th><th scope="col">Not a match</th></tr></thead><tbody>
<% for (const hit of it.hits) { %><tr><td><%= hit.theirName %><br><span class="soft">row <%= hit.rowNumber %><% if (hit.ref) { %>, id <%= hit.ref %><% } %></span></td>
<td><%= hit.entryName %><br><span class="soft"><%= hit.destination %></span></td>
<td class="number"><%= hit.score.toFixed(2) %></td>
<td><%= hit.matched.theirs %> ~ <%= hit.matched.ours %>: <%= hit.reasons.join('; ') %></td>
<td><form method="post" action="<%= it.path %>/decisions"><input type="hidden" name="hit" value="<%= hit.hitId %>">
<label>Reason <input name="reason" required minlength="3" maxlength="1000"></label>
<label>until <input name="expires" type="date"></label> <button type="submit">Decide</button></form></td></tr>
<% } %></tbody></table></div>
<% if (it.isCut) { %><p>There are more. The API and the command line show all of them.</p><% } %><% } %>
<h2>Comparisons</h2>
<% if (it.runs.length === 0) { %><p>None yet.</p><% } else { %><div class="scroll"><table><thead><tr><th scope="col">When</th><th scope="col">Why</th><th scope="col">Counterparties</th><th scope="col">Entries</th><th scope="col">Hits</th></tr></thead><tbody>
<% for (const run of it.runs) { %><tr><td><%= run.startedAt.slice(0, 16).replace('T', ' ') %> UTC</td><td><%= run.cause === 'rule' ? 'a rule was applied' : run.cause === 'upload' ? 'upload' : 'on demand' %></td><td class="number"><%= run.names %></td><td class="number"><%= run.entries %></td><td class="number"><%= run.hits - run.hidden %><% if (run.hidden) { %> and <%= run.hidden %> decided<% } %></td></tr>
<% } %></tbody></table></div><% } %>
`);

/** The private page of a watchlist: upload, hits with their reasons, decisions, and the record of comparisons. */
export function renderWatchlistPage(view: WatchlistView, baseUrl: string): string {
  const title = `Watchlist ${view.watchlist.name}`;
  return layoutPage(title, renderWatchlist(view), baseUrl, { isPrivate: true });
}
