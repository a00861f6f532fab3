import type { Watchlist } from '../../model.ts';
import { countryName } from '../../render/country-name.ts';
import { template } from '../../render/template.ts';
import { countOf, LIST_TITLES } from '../../render/words.ts';
import type { ScreenReader } from '../api/api-parts.ts';
import { layoutPage } from '../layout.ts';
import { renderSessionLine, type SignedIn } from './session-line.ts';

type Result = Awaited<ReturnType<ScreenReader>>;

export interface ScreeningView {
  session: SignedIn | null;
  /** Null for who may not see any. */
  watchlists: readonly Watchlist[] | null;
  /** As they were typed. */
  names: string;
  /** The names that were compared, by their places. */
  asked: readonly string[];
  result: Result | null;
  fault: string;
}

interface Rendered {
  names: string;
  fault: string;
  csrf: string;
  line: string;
  found: {
    name: string;
    hits: { href: string; entry: string; place: string; score: string; ours: string; reasons: string }[];
  }[];
  summary: string;
  isSignedIn: boolean;
  watchlists: { href: string; name: string; state: string }[] | null;
}

const renderScreening =
  template<Rendered>(`<% const mark = () => { if (it.csrf) { %><input type="hidden" name="csrf" value="<%= it.csrf %>"><% } } %>
<%~ it.line %><h1>Screening</h1>
<% if (it.fault) { %><p role="alert" class="notice bad"><strong><%= it.fault %></strong></p><% } %>
<h2>Does it touch us?</h2>
<form method="post" action="/screening"><% mark() %>
<p class="field"><label for="names">Names, one a line, 50 at most: English, pinyin or Chinese characters</label>
<textarea id="names" name="names" rows="4" required maxlength="15000"><%= it.names %></textarea></p>
<p><button type="submit">Compare with the lists</button></p>
<p class="soft">They are compared with every name, alias and address of the lists as they are now, and not kept.</p>
</form>
<% if (it.summary) { %><h2>Result</h2>
<p role="status"><%= it.summary %></p>
<% for (const one of it.found) { %><h3><%= one.name %></h3>
<% if (one.hits.length === 0) { %><p>Like no entry of the lists.</p><% } else { %><div class="scroll" tabindex="0" role="region" aria-label="Hits of <%= one.name %>"><table class="stack"><thead><tr><th scope="col">Entry</th><th scope="col" class="number">Score</th><th scope="col">Why</th></tr></thead><tbody>
<% for (const hit of one.hits) { %><tr><td data-head="Entry"><a href="<%= hit.href %>"><%= hit.entry %></a><br><span class="soft"><%= hit.place %></span></td><td data-head="Score" class="number"><%= hit.score %></td><td data-head="Why">like “<%= hit.ours %>”: <%= hit.reasons %></td></tr>
<% } %></tbody></table></div><% } %><% } %><% } %>
<h2>Watchlists</h2>
<% if (it.watchlists === null) { %>
<% if (it.isSignedIn) { %><p>The token that you signed in with lacks the scope “watchlists”. Ask whoever gave it for another.</p><% } else { %><p>A watchlist holds your own counterparties. Each rule is compared with it the moment it is applied, and you are told what it hits. <a href="/sign-in?next=%2Fscreening">Sign in</a> with a token of your organisation to see yours, or use the private link of one.</p><% } %>
<% } else { %>
<% if (it.watchlists.length === 0) { %><p>Your organisation has none yet: add one, then upload a file.</p><% } else { %><ul class="rows">
<% for (const one of it.watchlists) { %><li><a class="title" href="<%= one.href %>"><%= one.name %></a><div class="soft"><%= one.state %></div></li>
<% } %></ul><% } %>
<form method="post" action="/screening/watchlists"><% mark() %>
<p class="field"><label for="name">Name of a new watchlist</label><input id="name" name="name" required maxlength="80"></p>
<p><button type="submit" class="quiet">Add it</button></p>
</form>
<% } %>
`);

/** The page of screening: names by hand, and the watchlists of who signed in. */
export function renderScreeningPage(view: ScreeningView, baseUrl: string): string {
  const { session, watchlists, asked, result } = view;
  const content = renderScreening({
    names: view.names,
    fault: view.fault,
    csrf: session?.csrf ?? '',
    line: session === null ? '' : renderSessionLine(session),
    found: result === null ? [] : asked.map((name, at) => ({ name, hits: hitsOf(result, at) })),
    summary:
      result === null
        ? ''
        : `${countOf(asked.length, 'name', 'names')} compared, ${countOf(result.hits.length, 'hit', 'hits')} with a score of ${result.threshold.toFixed(2)} or more.`,
    isSignedIn: session !== null,
    watchlists:
      watchlists?.map(({ watchlistId, name, rows, version, uploadedAt }) => ({
        href: `/screening/${watchlistId}`,
        name,
        state:
          version === 0
            ? 'No file was uploaded yet.'
            : `${countOf(rows, 'counterparty', 'counterparties')}, uploaded on ${uploadedAt?.slice(0, 10) ?? ''}.`,
      })) ?? null,
  });
  return layoutPage('Screening', content, baseUrl, { current: '/screening', isPrivate: result !== null });
}

function hitsOf({ hits }: Result, at: number): Rendered['found'][number]['hits'] {
  return hits
    .filter(({ queryId }) => queryId === String(at))
    .map(({ entry, score, matched, reasons }) => ({
      href: `/entries/${encodeURIComponent(entry.entryId)}`,
      entry: entry.name,
      place: `${countryName(entry.country, entry.destination)}, ${LIST_TITLES[entry.list]}`,
      score: score.toFixed(2),
      ours: matched.ours,
      reasons: reasons.join('; '),
    }));
}
